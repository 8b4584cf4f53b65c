import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Step } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { readWait, type WaitUnit, waitNumber, writeWait } from './draft';

interface Props {
  step: Extract<Step, { type: 'WAIT' }>;
  readOnly: boolean;
  error?: string;
  change: (step: Step, field?: string) => void;
}

const units: WaitUnit[] = ['days', 'businessDays', 'hours', 'iso'];

export function WaitForm({ step, readOnly, error, change }: Props) {
  const { unit, value } = readWait(step);
  // What was typed for a value of the step, such as "1." or nothing for 1. It is shown while the step has this value.
  const [typed, setTyped] = useState<{ text: string | number; value: string } | null>(null);
  const field = { className: 'narrow', label: t('editor.wait'), readOnly, error };
  return (
    <div className="row wait-form">
      {unit === 'iso' ? (
        <TextInput
          {...field}
          value={value}
          onChange={(event) => change(writeWait(step.id, unit, event.target.value), 'wait')}
        />
      ) : (
        <NumberInput
          {...field}
          hideControls
          allowNegative={false}
          allowDecimal={unit === 'days'}
          allowedDecimalSeparators={['.', ',']}
          value={typed?.value === value ? typed.text : value}
          onChange={(text) => {
            const next = waitNumber(unit, text);
            setTyped({ text, value: next ?? value });
            if (next !== null && next !== value) {
              change(writeWait(step.id, unit, next), 'wait');
            }
          }}
          onBlur={() => setTyped(null)}
        />
      )}
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
