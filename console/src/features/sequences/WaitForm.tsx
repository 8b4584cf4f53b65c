import { Select, TextInput } from '@mantine/core';
import type { Step } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { readWait, type WaitUnit, writeWait } from './draft';

interface Props {
  step: Extract<Step, { type: 'WAIT' }>;
  readOnly: boolean;
  error?: string;
  change: (step: Step) => void;
}

const units: WaitUnit[] = ['days', 'businessDays', 'hours', 'iso'];

export function WaitForm({ step, readOnly, error, change }: Props) {
  const { unit, value } = readWait(step);
  return (
    <div className="row wait-form">
      <TextInput
        className="narrow"
        label={t('editor.wait')}
        inputMode={unit === 'iso' ? undefined : 'decimal'}
        readOnly={readOnly}
        value={value}
        error={error}
        onChange={(event) => change(writeWait(step.id, unit, event.target.value))}
      />
      <Select
        label={t('editor.wait.unit')}
        readOnly={readOnly}
        allowDeselect={false}
        value={unit}
        data={units.map((each) => ({ value: each, label: t(`editor.wait.${each}`) }))}
        onChange={(chosen) => chosen && change(writeWait(step.id, chosen as WaitUnit, chosen === 'iso' ? 'P1D' : '1'))}
      />
    </div>
  );
}
