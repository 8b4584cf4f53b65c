import { useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  /** Whether everything that matches the filter is selected, loaded or not. */
  all: boolean;
  /** Whether rows cannot be selected, because they are those of another filter. */
  frozen: boolean;
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

/** The selected rows. A selection belongs to its filter: another filter starts with none. `frozen` while rows of the old filter are shown. */
export function useSelection(filter: string, frozen: boolean): Selection {
  const none: State = { filter, ids: new Set(), all: false };
  const [stored, setState] = useState<State>(none);
  const state = stored.filter === filter ? stored : none;
  const put = (ids: Iterable<string>, all = false) => frozen || setState({ filter, ids: new Set(ids), all });
  return {
    ids: state.ids,
    all: state.all,
    frozen,
    toggle: (id) => put(toggled(state, id)),
    set: (ids) => put(ids),
    selectAll: () => put(state.ids, true),
    clear: () => setState(none),
  };
}

/** The ids after one row is ticked or unticked. "All but one" cannot be sent, so unticking a row of all that match leaves none. */
export function toggled({ ids, all }: Pick<State, 'ids' | 'all'>, id: string): string[] {
  if (all) {
    return [];
  }
  return ids.has(id) ? [...ids].filter((one) => one !== id) : [...ids, id];
}
