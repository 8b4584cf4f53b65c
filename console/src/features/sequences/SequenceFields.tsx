import { TextInput } from '@mantine/core';
import { t } from '../../i18n/messages';
import type { Draft } from './draft';

interface Props {
  draft: Draft;
  change: (changed: Partial<Draft>, field?: string) => void;
  readOnly: boolean;
  errors: Record<string, string[]>;
}

export function SequenceFields({ draft, change, readOnly, errors }: Props) {
  return (
    <div className="stack pad">
      <TextInput
        label={t('editor.name')}
        maxLength={200}
        readOnly={readOnly}
        value={draft.name}
        error={errors.name?.[0]}
        onChange={(event) => change({ name: event.target.value }, 'name')}
      />
      <TextInput
        label={`${t('editor.description')} (${t('common.optional')})`}
        readOnly={readOnly}
        value={draft.description}
        error={errors.description?.[0]}
        onChange={(event) => change({ description: event.target.value }, 'description')}
      />
    </div>
  );
}
