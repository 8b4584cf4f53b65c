import type { Icon as TablerIcon } from '@tabler/icons-react';

/** An icon in the design's stroke. Decorative: the word next to it, or the label of its button, says what it means. */
export function Icon({ of: Shape, size = 16 }: { of: TablerIcon; size?: 12 | 14 | 16 | 18 | 20 }) {
  return <Shape className="i" size={size} stroke={1.75} aria-hidden="true" />;
}
