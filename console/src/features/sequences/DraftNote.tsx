import { t } from '../../i18n/messages';
import { moment } from '../../i18n/time';
import { useZone } from '../../ui/useZone';
import { dropDraft, type StoredDraft } from './draft';

interface Props {
  stored: StoredDraft;
  id: string;
  restore: () => void;
  close: () => void;
}

/** Offers a draft that was kept in this browser. */
export function DraftNote({ stored, id, restore, close }: Props) {
  const zone = useZone();
  return (
    <div className="note blue draft-note" role="status">
      <span className="grow">{t('editor.draft', { date: moment(stored.savedAt, zone) })}</span>
      <button type="button" className="link" onClick={restore}>
        {t('editor.draft.restore')}
      </button>
      <button
        type="button"
        className="link"
        onClick={() => {
          dropDraft(id);
          close();
        }}
      >
        {t('editor.draft.discard')}
      </button>
    </div>
  );
}
