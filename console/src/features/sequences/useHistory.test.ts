import { describe, expect, it } from 'vitest';
import { type History, type HistoryAction, reduce, start } from './useHistory';

const change = (value: string, at: number, field?: string): HistoryAction<string> => ({
  kind: 'change',
  value,
  at,
  field,
});
const made = (...actions: HistoryAction<string>[]): History<string> => actions.reduce(reduce<string>, start('start'));

describe('undo', () => {
  it('takes back what was typed into a field without a pause', () => {
    const { past } = made(change('a', 0, 'name'), change('ab', 500, 'name'), change('abc', 1_300, 'name'));

    expect(past).toEqual(['start']);
  });

  it('stops at a pause', () => {
    expect(made(change('a', 0, 'name'), change('ab', 1_000, 'name')).past).toEqual(['start', 'a']);
  });

  it('stops at another field', () => {
    expect(made(change('a', 0, 'name'), change('b', 1, 'description')).past).toEqual(['start', 'a']);
  });

  it('takes back one change without a field at a time', () => {
    expect(made(change('a', 0), change('b', 1)).past).toEqual(['start', 'a']);
  });

  it('does not join what is typed after it with what was typed before', () => {
    const undone = made(change('a', 0, 'name'), change('b', 1, 'other'), { kind: 'undo' }, change('c', 2, 'name'));

    expect(undone.past).toEqual(['start', 'a']);
  });

  it('is followed by redo, until something else is changed', () => {
    expect(made(change('a', 0), { kind: 'undo' }, { kind: 'redo' }).present).toBe('a');
    expect(made(change('a', 0), { kind: 'undo' }, change('b', 1), { kind: 'redo' }).present).toBe('b');
  });

  it('has nothing to take back after a reset', () => {
    expect(made(change('a', 0), { kind: 'reset', value: 'new' })).toEqual(start('new'));
  });
});
