import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconRefresh,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { InstanceActionInput } from '../../api/schemas';
import type { PeopleSearch } from '../../app/search';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { Icon } from '../../ui/Icon';
import { BulkDialog } from './BulkDialog';
import { filterOf } from './people';
import type { Selection } from './useSelection';

export type BulkAction = 'pause' | 'resume' | 'skip' | 'retry' | 'stop';

const actions: { action: BulkAction; icon: typeof IconX }[] = [
  { action: 'pause', icon: IconPlayerPause },
  { action: 'resume', icon: IconPlayerPlay },
  { action: 'retry', icon: IconRefresh },
  { action: 'skip', icon: IconPlayerSkipForward },
  { action: 'stop', icon: IconPlayerStop },
];

interface Props {
  search: PeopleSearch;
  selection: Selection;
  announce: (text: string) => void;
}

/** What can be done with the selection. All that match are sent as the filter, not as ids. */
export function BulkBar({ search, selection, announce }: Props) {
  const [asking, setAsking] = useState<BulkAction | null>(null);
  const target: Pick<InstanceActionInput, 'filter' | 'ids'> = selection.all
    ? { filter: filterOf(search) }
    : { ids: [...selection.ids] };
  return (
    <div className="bulk" role="toolbar" aria-label={t('people.bulk')}>
      <span>{selection.all ? t('people.matching.on') : t('people.selected', { n: number(selection.ids.size) })}</span>
      {!selection.all && (
        <button type="button" className="not-phone" onClick={selection.selectAll}>
          {t('people.matching')}
        </button>
      )}
      <span className="sep" />
      {actions.map(({ action, icon }) => (
        <button key={action} type="button" onClick={() => setAsking(action)}>
          <Icon of={icon} />
          <span className="lbl">{t(`people.act.${action}`)}</span>
        </button>
      ))}
      <span className="sep" />
      <button type="button" aria-label={`${t('common.close')} (Esc)`} onClick={selection.clear}>
        <Icon of={IconX} />
        <kbd>Esc</kbd>
      </button>
      {asking && (
        <BulkDialog
          action={asking}
          target={target}
          close={() => setAsking(null)}
          done={(text) => {
            announce(text);
            selection.clear();
          }}
        />
      )}
    </div>
  );
}
