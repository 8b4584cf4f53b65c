import { IconChevronRight, type Icon as TablerIcon } from '@tabler/icons-react';
import { Icon } from '../../ui/Icon';

interface Props {
  label: string;
  effect: string;
  icon: TablerIcon;
  run: () => void;
  busy: boolean;
}

/** An action with what it will do. */
export function ActionRow({ label, effect, icon, run, busy }: Props) {
  return (
    <button type="button" onClick={run} disabled={busy}>
      <Icon of={icon} />
      <b>{label}</b>
      <Icon of={IconChevronRight} size={14} />
      <small>{effect}</small>
    </button>
  );
}
