/** The initials of a name or address. */
export function Avatar({ name, size }: { name: string; size?: 'mid' | 'big' }) {
  const words = name
    .replace(/[^\p{L} ]/gu, ' ')
    .split(' ')
    .filter(Boolean);
  const initials = (words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '');
  return (
    <span className={size ? `av ${size}` : 'av'} aria-hidden="true">
      {initials}
    </span>
  );
}
