import { IconMail, IconMessageDots } from '@tabler/icons-react';
import type { Preview, PreviewStep } from '../../api/schemas';
import { isMessage, t } from '../../i18n/messages';
import { day, inSentence, time, type Zone } from '../../i18n/time';
import { EmailPreview } from '../../ui/EmailPreview';
import { Hops } from '../../ui/Hops';
import { Icon } from '../../ui/Icon';

interface Props {
  preview: Preview;
  to: string;
  zone: Zone;
  /** The step whose mail is shown; absent shows every mail. */
  only?: number;
}

/** What one person would receive and when, as the server predicts it. */
export function PreviewSteps({ preview, to, zone, only }: Props) {
  return (
    <>
      {preview.suppressed.includes('EMAIL') && <div className="note warn">{t('preview.suppressed')}</div>}
      <ol className="tl">
        {preview.steps.map((step) => (
          <Row key={step.index} step={step} to={to} zone={zone} open={only === undefined || only === step.index} />
        ))}
      </ol>
      <p className="q xs">{t('preview.completed', { date: inSentence(preview.completedAt, zone) })}</p>
    </>
  );
}

function Row({ step, to, zone, open }: { step: PreviewStep; to: string; zone: Zone; open: boolean }) {
  const { type, at, moved, outcome, skippedBecause, subject, html, text, missing, error, removed, segments } = step;
  const wait = type === 'WAIT';
  const skipped = `step.skipped.${skippedBecause}`;
  return (
    <li className={wait ? 'ahead mini-row' : 'ahead'}>
      <div className="at">
        <small>{day(at, zone)}</small> <b>{time(at, zone)}</b>
      </div>
      {wait ? (
        <span className="nd mini" />
      ) : (
        <span className="nd">
          <Icon of={type === 'SMS' ? IconMessageDots : IconMail} />
        </span>
      )}
      <div className="c">
        <h3>
          {wait ? t('preview.wait') : (subject ?? t(type === 'SMS' ? 'person.sms' : 'person.next.email'))}
          {step.isReply && <span className="q">{t('preview.reply')}</span>}
          {outcome === 'failed' && <span className="tag bad">{t('preview.failed')}</span>}
          {outcome === 'skipped' && <span className="tag">{isMessage(skipped) ? t(skipped) : skippedBecause}</span>}
          {outcome === 'stopped' && <span className="tag warn">{t('person.next.expected.stopped')}</span>}
          {segments && <span className="tag">{t('preview.segments', { n: segments })}</span>}
        </h3>
        <Hops wantedAt={null} moved={moved} zone={zone} />
        {missing.length > 0 && <p className="bad">{t('preview.missing', { names: missing.join(', ') })}</p>}
        {error && <p className="bad">{error}</p>}
        {open && html && <EmailPreview to={to} subject={subject ?? ''} html={html} />}
        {open && !html && text && <p className="bubble">{text}</p>}
        {open &&
          removed.map(({ what, where }) => <p key={`${what} ${where}`}>{t('preview.removed', { what, where })}</p>)}
      </div>
    </li>
  );
}
