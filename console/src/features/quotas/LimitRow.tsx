import { NumberInput, TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Limits } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { separators } from '../../i18n/time';
import { type LimitField, shown } from './limits';

interface Props {
  field: LimitField;
  limits: Limits;
  readOnly: boolean;
  error?: string;
  save: (text: string) => Promise<unknown>;
}

/** One limit. Leaving the field or pressing Enter saves it. */
export function LimitRow({ field, limits, readOnly, error, save }: Props) {
  const stored = shown(limits, field);
  const [text, setText] = useState(stored);
  useEffect(() => setText(stored), [stored]);
  // What is being saved: Enter saves it, and leaving the field must not send it again.
  const saving = useRef<string | null>(null);
  const commit = () => {
    if (text.trim() !== stored && text !== saving.current) {
      saving.current = text;
      // LimitsPart shows the error.
      void save(text)
        .catch(() => {})
        .finally(() => {
          saving.current = null;
        });
    }
  };
  const input = {
    'aria-labelledby': `limit-${field}`,
    'aria-describedby': `limit-${field}-hint`,
    readOnly,
    error,
    value: text,
    onBlur: commit,
    onKeyDown: (event: KeyboardEvent) => event.key === 'Enter' && commit(),
  };
  return (
    <div className="lim">
      <b id={`limit-${field}`}>{t(`settings.limits.${field}`)}</b>
      <small id={`limit-${field}-hint`}>{t(`settings.limits.${field}.hint`)}</small>
      <div className="suffix">
        {field === 'timeZone' ? (
          <TextInput {...input} onChange={(event) => setText(event.target.value)} />
        ) : (
          <NumberInput
            {...input}
            value={text === '' ? '' : Number(text)}
            inputMode="numeric"
            hideControls
            allowDecimal={stored.includes('.')}
            allowNegative={false}
            thousandSeparator={separators.group}
            decimalSeparator={separators.decimal}
            onChange={(value) => setText(String(value))}
          />
        )}
      </div>
    </div>
  );
}
