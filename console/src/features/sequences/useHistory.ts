import { useReducer } from 'react';

interface State<T> {
  past: T[];
  present: T;
  future: T[];
}

type Action<T> = { kind: 'change'; value: T; merge: boolean } | { kind: 'undo' } | { kind: 'redo' };

const most = 200;

/** A value with undo and redo. Changes of the same field in a row can be merged into one step. */
export function useHistory<T>(initial: T) {
  const [state, dispatch] = useReducer(reduce<T>, { past: [], present: initial, future: [] });
  return {
    value: state.present,
    canUndo: state.past.length > 0,
    canRedo: state.future.length > 0,
    change: (value: T, merge = false) => dispatch({ kind: 'change', value, merge }),
    undo: () => dispatch({ kind: 'undo' }),
    redo: () => dispatch({ kind: 'redo' }),
  };
}

function reduce<T>(state: State<T>, action: Action<T>): State<T> {
  const { past, present, future } = state;
  switch (action.kind) {
    case 'change': {
      const before = action.merge && past.length > 0 ? past : [...past, present].slice(-most);
      return { past: before, present: action.value, future: [] };
    }
    case 'undo': {
      const value = past.at(-1);
      return value === undefined ? state : { past: past.slice(0, -1), present: value, future: [present, ...future] };
    }
    case 'redo': {
      const [value, ...rest] = future;
      return value === undefined ? state : { past: [...past, present], present: value, future: rest };
    }
  }
}
