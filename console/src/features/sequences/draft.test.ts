import { describe, expect, it } from 'vitest';
import type { Step } from '../../api/schemas';
import { examples, moved, readWait, sent, waitNumber, writeWait } from './draft';

const steps: Step[] = [
  { id: 'a', type: 'EMAIL', subject: 'Offer' },
  { id: 'b', type: 'WAIT', delayDays: 3 },
  { id: 'c', type: 'SMS', message: 'Hi' },
];
const ids = (list: Step[]) => list.map(({ id }) => id);

describe('moving a step', () => {
  it('keeps the others in order', () => {
    expect(ids(moved(steps, 0, 2))).toEqual(['b', 'c', 'a']);
    expect(ids(moved(steps, 2, 0))).toEqual(['c', 'a', 'b']);
  });

  it('does nothing beyond the ends', () => {
    expect(moved(steps, 0, -1)).toBe(steps);
    expect(moved(steps, 2, 3)).toBe(steps);
  });
});

describe('a wait', () => {
  it.each([
    [{ type: 'WAIT', delayDays: 3 }, 'days', '3'],
    [{ type: 'WAIT', delayBusinessDays: 2 }, 'businessDays', '2'],
    [{ type: 'WAIT', delay: 'PT36H' }, 'hours', '36'],
    [{ type: 'WAIT', delay: 'P1DT12H' }, 'iso', 'P1DT12H'],
  ] as const)('%o is edited as %s and written back unchanged', (step, unit, value) => {
    expect(readWait(step)).toEqual({ unit, value });
    expect(writeWait(undefined, unit, value)).toEqual(step);
  });

  it('keeps its id, by which people in progress continue', () => {
    expect(writeWait('b', 'days', '5')).toEqual({ id: 'b', type: 'WAIT', delayDays: 5 });
  });
});

describe('a number that is typed as a wait', () => {
  it.each([
    ['days', 3, '3'],
    ['days', '1.50', '1.5'],
    ['days', '007', '7'],
    ['hours', '36', '36'],
  ] as const)('is a value of %s: %s', (unit, typed, value) => {
    expect(waitNumber(unit, typed)).toBe(value);
  });

  it.each([
    ['days', ''],
    ['days', '1.'],
    ['days', '1,5'],
    ['days', '-'],
    ['days', '99999999999999999999'],
    ['hours', '1.5'],
    ['businessDays', 1.5],
  ] as const)('is no value of %s: "%s"', (unit, typed) => {
    expect(waitNumber(unit, typed)).toBeNull();
  });
});

describe('a sent email', () => {
  it('has no key of the editor, and no empty subject and body, so that the defaults apply', () => {
    expect(JSON.parse(JSON.stringify(sent([{ type: 'EMAIL', subject: ' ', body: '', key: 'new 0' }])))).toEqual([
      { type: 'EMAIL' },
    ]);
  });
});

describe('example values', () => {
  it('are the names of the variables, nested', () => {
    expect(examples(['offer.address', 'offer.price', 'variables.city', 'recipient.firstName'])).toEqual({
      offer: { address: 'offer.address', price: 'offer.price' },
      city: 'variables.city',
    });
  });
});
