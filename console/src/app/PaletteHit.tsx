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
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the search field handles the keys for all options. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the search field keeps the focus and names the option by aria-activedescendant. */}
      <div id={id} role="option" aria-selected={chosen} className="palette-hit" onClick={open}>
        {hit.icon ? <Icon of={hit.icon} /> : <Avatar name={hit.label} />}
        <span className="clip">{hit.label}</span>
        {hit.detail && <small className="clip">{hit.detail}</small>}
      </div>
    </>
  );
}
