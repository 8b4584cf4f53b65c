import { useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  /** Whether everything that matches the filter is selected, loaded or not. */
  all: boolean;
  toggle: (id: string) => void;
  set: (ids: Iterable<string>) => void;
  selectAll: () => void;
  clear: () => void;
}

interface State {
  filter: string;
  ids: ReadonlySet<string>;
  all: boolean;
}

/** The selected rows. A selection belongs to its filter: another filter starts with none. */
export function useSelection(filter: string): Selection {
  const none: State = { filter, ids: new Set(), all: false };
  const [stored, setState] = useState<State>(none);
  const state = stored.filter === filter ? stored : none;
  const put = (ids: Iterable<string>, all = false) => setState({ filter, ids: new Set(ids), all });
  return {
    ids: state.ids,
    all: state.all,
    toggle: (id) => put(state.ids.has(id) ? [...state.ids].filter((one) => one !== id) : [...state.ids, id]),
    set: (ids) => put(ids),
    selectAll: () => put(state.ids, true),
    clear: () => put([]),
  };
}
