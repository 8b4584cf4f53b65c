// Runs before the first paint, so that a page in the dark theme does not flash white.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('mantine-color-scheme-value');
  } catch {
    // Storage may be blocked; the system's theme applies then.
  }
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
