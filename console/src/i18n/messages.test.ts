import { parse } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';
import type { MessageKey } from './messages';

/** The names of a message's placeholders, also those inside plurals. */
function placeholders(message: string): string[] {
  const names = new Set<string>();
  JSON.stringify(parse(message), (_, value) => {
    if (value && typeof value === 'object' && 'type' in value && value.type !== 0 && 'value' in value) {
      names.add(String(value.value));
    }
    return value;
  });
  return [...names].sort();
}

describe('the message catalogues', () => {
  it.each(Object.keys(en) as MessageKey[])('%s has the same placeholders in both languages', (key) => {
    expect(placeholders(de[key])).toEqual(placeholders(en[key]));
  });
});
