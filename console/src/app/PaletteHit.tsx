import type { Icon as TablerIcon } from '@tabler/icons-react';
import { t } from '../i18n/messages';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';

export interface Hit {
  id: string;
  group: 'pages' | 'sequences' | 'people';
  label: string;
  detail?: string;
  icon?: TablerIcon;
  open: () => unknown;
}

interface Props {
  id: string;
  hit: Hit;
  /** Whether it is the first of its group, which is named above it. */
  first: boolean;
  chosen: boolean;
  open: () => void;
}

export function PaletteHit({ id, hit, first, chosen, open }: Props) {
  return (
    <>
      {first && (
        <div className="palette-group" aria-hidden="true">
          {t(`palette.${hit.group}`)}
        </div>
      )}
      {/* The field keeps the focus and handles the keys; the pointer only clicks. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div id={id} role="option" aria-selected={chosen} className="palette-hit" onClick={open}>
        {hit.icon ? <Icon of={hit.icon} /> : <Avatar name={hit.label} />}
        <span className="clip">{hit.label}</span>
        {hit.detail && <small className="clip">{hit.detail}</small>}
      </div>
    </>
  );
}
