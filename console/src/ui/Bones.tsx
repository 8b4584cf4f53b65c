import { useEffect, useState } from 'react';
import { t } from '../i18n/messages';

const widths = ['62%', '48%', '71%', '55%', '66%', '43%', '58%', '69%'];

/** A skeleton of rows, shown after 150 ms, so that a fast response never flashes it. */
export function Bones({ rows = 6 }: { rows?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="bones" role="status" aria-label={t('common.loading')}>
      {shown && widths.slice(0, rows).map((width) => <span key={width} className="bone" style={{ width }} />)}
    </div>
  );
}
