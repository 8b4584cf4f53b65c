/** The past is solid, the future hollow. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path
        d="M6.5 17.5C6.5 9.5 17.5 14.5 17.5 6.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <circle cx="6.5" cy="18" r="3.6" fill="currentColor" />
      <circle cx="17.5" cy="6" r="2.7" fill="var(--mark-hole, var(--sheet))" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}
