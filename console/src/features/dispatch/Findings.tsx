import type { Finding } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { type Shape, StatusShape } from '../../ui/StatusShape';

const shapes: Record<Finding['severity'], Shape> = { critical: 'failed', warning: 'warn', info: 'late' };

/** What is wrong, the worst first, each with what to do. */
export function Findings({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) {
    return null;
  }
  return (
    <section aria-label={t('system.findings')}>
      <ul className="findings">
        {findings.map(({ code, severity, message, fix }) => (
          <li key={code + message} className={`finding ${severity}`}>
            <StatusShape shape={shapes[severity]} />
            <b>
              <span className="sr">{t(`system.severity.${severity}`)}: </span>
              {message}
            </b>
            <p>{fix}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
