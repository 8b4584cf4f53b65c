import type { ReactNode } from 'react';

export type Shape = 'active' | 'paused' | 'completed' | 'failed' | 'stopped' | 'doubt' | 'late' | 'off' | 'ok' | 'warn';

const cut = { stroke: 'var(--cut)', strokeLinecap: 'round', strokeLinejoin: 'round', fill: 'none' } as const;
const disc = <circle cx="8" cy="8" r="6.8" fill="currentColor" />;
const ring = <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.6" />;
const tick = (
  <>
    {disc}
    <path {...cut} d="M5 8.3l2.1 2.1L11 6.2" strokeWidth="1.7" />
  </>
);

const shapes: Record<Exclude<Shape, 'active'>, ReactNode> = {
  paused: (
    <>
      {disc}
      <path {...cut} d="M6.3 5.6v4.8M9.7 5.6v4.8" strokeWidth="1.7" />
    </>
  ),
  completed: tick,
  ok: tick,
  failed: (
    <>
      <path d="M5.4 1.5h5.2l3.9 3.9v5.2l-3.9 3.9H5.4l-3.9-3.9V5.4z" fill="currentColor" />
      <path {...cut} d="M8 4.6v3.9M8 11.1v.1" strokeWidth="1.8" />
    </>
  ),
  stopped: (
    <>
      {ring}
      <rect x="5.5" y="5.5" width="5" height="5" rx="1" fill="currentColor" />
    </>
  ),
  doubt: (
    <>
      <rect x="2.7" y="2.7" width="10.6" height="10.6" rx="2.2" transform="rotate(45 8 8)" fill="currentColor" />
      <path {...cut} d="M6.5 6.6a1.6 1.6 0 1 1 2.3 1.4c-.5.25-.8.5-.8 1.1M8 11v.1" strokeWidth="1.5" />
    </>
  ),
  late: (
    <>
      <path
        d="M8 1.2l6.8 12.6H1.2z"
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
      <path {...cut} d="M8 6v3.6l1.8 1.3" strokeWidth="1.5" />
    </>
  ),
  off: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.2 1.9" />,
  warn: (
    <>
      <path
        d="M8 1.4l6.7 12.4H1.3z"
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
      <path {...cut} d="M8 6v3.4M8 11.7v.1" strokeWidth="1.6" />
    </>
  ),
};

// The circumference of the pie's circle, whose stroke is drawn as far as the progress goes.
const full = 11.94;

/** A status as a shape, so that it is distinguishable without colour. The word belongs next to it. */
export function StatusShape({ shape, progress = 0 }: { shape: Shape; progress?: number }) {
  return (
    <svg className={`sign s-${shape}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {shape === 'active' ? (
        <>
          {ring}
          <circle
            cx="8"
            cy="8"
            r="1.9"
            fill="none"
            stroke="currentColor"
            strokeWidth="3.8"
            strokeDasharray={`${(progress * full).toFixed(2)} 20`}
            transform="rotate(-90 8 8)"
          />
        </>
      ) : (
        shapes[shape]
      )}
    </svg>
  );
}
