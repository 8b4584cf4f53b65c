import { describe, expect, it } from 'vitest';
import { toggled } from './useSelection';

describe('ticking a row', () => {
  it('adds and removes it', () => {
    expect(toggled({ ids: new Set(['a']), all: false }, 'b')).toEqual(['a', 'b']);
    expect(toggled({ ids: new Set(['a', 'b']), all: false }, 'a')).toEqual(['b']);
  });

  it('selects no one when all that match were selected', () => {
    expect(toggled({ ids: new Set(['a', 'b']), all: true }, 'a')).toEqual([]);
    expect(toggled({ ids: new Set(['a', 'b']), all: true }, 'loaded later')).toEqual([]);
  });
});
