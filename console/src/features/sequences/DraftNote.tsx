import { t } from '../../i18n/messages';
import { moment } from '../../i18n/time';
import { useZone } from '../../ui/useZone';

interface Props {
  savedAt: string;
  discard: () => void;
}

/** Says that the editor shows a draft that was kept in this browser. */
export function DraftNote({ savedAt, discard }: Props) {
  const zone = useZone();
  return (
    <div className="note blue draft-note" role="status">
      <span className="grow">{t('editor.draft', { date: moment(savedAt, zone) })}</span>
      <button type="button" className="link" onClick={discard}>
        {t('editor.draft.discard')}
      </button>
    </div>
  );
}
