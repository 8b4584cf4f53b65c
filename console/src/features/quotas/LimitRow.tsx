import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Limits } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { type LimitField, shown } from './limits';

interface Props {
  field: LimitField;
  limits: Limits;
  readOnly: boolean;
  error?: string;
  save: (text: string) => void;
}

/** One limit. Leaving the field or pressing Enter saves it. */
export function LimitRow({ field, limits, readOnly, error, save }: Props) {
  const stored = shown(limits, field);
  const [text, setText] = useState(stored);
  useEffect(() => setText(stored), [stored]);
  const commit = () => text.trim() !== stored && save(text);
  return (
    <div className="lim">
      <b id={`limit-${field}`}>{t(`settings.limits.${field}`)}</b>
      <small id={`limit-${field}-hint`}>{t(`settings.limits.${field}.hint`)}</small>
      <div className="suffix">
        <TextInput
          aria-labelledby={`limit-${field}`}
          aria-describedby={`limit-${field}-hint`}
          inputMode={field === 'timeZone' ? undefined : 'numeric'}
          readOnly={readOnly}
          value={text}
          error={error}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
        />
      </div>
    </div>
  );
}
