import { useReducer } from 'react';

export interface History<T> {
  past: T[];
  present: T;
  future: T[];
  /** The field of the last change and when it was made; null when the next change starts a step of its own. */
  last: { field: string; at: number } | null;
}

export type HistoryAction<T> =
  | { kind: 'change'; value: T; field?: string; at: number }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'reset'; value: T };

const most = 200;
const pauseMs = 1_000;

export const start = <T>(present: T): History<T> => ({ past: [], present, future: [], last: null });

/** A value with undo and redo. Changes of the same field, each within a second of the one before, are one step. */
export function useHistory<T>(initial: T) {
  const [state, dispatch] = useReducer(reduce<T>, initial, start<T>);
  return {
    value: state.present,
    canUndo: state.past.length > 0,
    canRedo: state.future.length > 0,
    change: (value: T, field?: string) => dispatch({ kind: 'change', value, field, at: Date.now() }),
    undo: () => dispatch({ kind: 'undo' }),
    redo: () => dispatch({ kind: 'redo' }),
    /** Replaces the value and forgets its history. */
    reset: (value: T) => dispatch({ kind: 'reset', value }),
  };
}

export function reduce<T>(state: History<T>, action: HistoryAction<T>): History<T> {
  const { past, present, future, last } = state;
  switch (action.kind) {
    case 'change': {
      const { value, field, at } = action;
      const merges = field !== undefined && last?.field === field && at - last.at < pauseMs;
      return {
        past: merges ? past : [...past, present].slice(-most),
        present: value,
        future: [],
        last: field === undefined ? null : { field, at },
      };
    }
    case 'undo': {
      const value = past.at(-1);
      return value === undefined
        ? state
        : { past: past.slice(0, -1), present: value, future: [present, ...future], last: null };
    }
    case 'redo': {
      const [value, ...rest] = future;
      return value === undefined ? state : { past: [...past, present], present: value, future: rest, last: null };
    }
    case 'reset':
      return start(action.value);
  }
}
