/** Keys to press, one after the other. */
export function Keys({ keys }: { keys: string[] }) {
  return (
    <>
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </>
  );
}

/** `⌘K` on a Mac, `Ctrl K` elsewhere. */
export const commandKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl ';
