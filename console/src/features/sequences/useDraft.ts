import { useEffect, useRef, useState } from 'react';
import type { SequenceDetail } from '../../api/schemas';
import { useOwner } from '../accounts/kept';
import { type Draft, newStep, same, withKeys } from './draft';
import { type Base, dropDraft, keepDraft, readDraft } from './openDraft';
import { useHistory } from './useHistory';

const fresh: Draft = { name: '', description: '', steps: withKeys([newStep('EMAIL')]) };

/** The draft of a sequence: the one that was kept, else the published texts. It is kept whenever it changes, also by undo and redo. */
export function useDraft(sequence: SequenceDetail | null, etag: string | null) {
  const owner = useOwner();
  const id = sequence?.id ?? 'new';
  const published = sequence
    ? { name: sequence.name, description: sequence.description ?? '', steps: withKeys(sequence.steps) }
    : fresh;
  const current: Base = { version: sequence?.version ?? 0, etag };
  const [found] = useState(() => {
    const stored = readDraft(owner, id);
    return stored && !same(stored.draft, published) ? stored : null;
  });
  const history = useHistory(found?.draft ?? published);
  const [base, setBase] = useState(found?.base ?? current);
  // When the restored draft was kept; null once the user goes on with it.
  const [restored, setRestored] = useState(found?.savedAt ?? null);
  const draft = history.value;
  const written = useRef(draft);
  useEffect(() => {
    if (draft === written.current) {
      return;
    }
    written.current = draft;
    if (same(draft, published)) {
      dropDraft(owner, id);
    } else {
      keepDraft(owner, id, { draft, base });
    }
  });
  return {
    ...history,
    restored,
    change: (changed: Partial<Draft>, field?: string) => {
      history.change({ ...draft, ...changed }, field);
      setRestored(null);
    },
    /** Goes back to what is published now. */
    discard: () => {
      dropDraft(owner, id);
      setBase(current);
      setRestored(null);
      history.reset(published);
    },
  };
}
