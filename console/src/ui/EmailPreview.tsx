import { t } from '../i18n/messages';

interface Props {
  to: string;
  subject: string;
  html: string;
}

/**
 * A mail as recipients see it, on white. The frame is sandboxed: no scripts, no forms, and links do not navigate the console. The page's content
 * security policy applies to it too, so remote images are not loaded.
 */
export function EmailPreview({ to, subject, html }: Props) {
  return (
    <article className="letter">
      <dl className="heads">
        <dt>{t('person.mail.to')}</dt>
        <dd>{to}</dd>
        <dt>{t('person.mail.subject')}</dt>
        <dd>{subject}</dd>
      </dl>
      <iframe className="mail" sandbox="" title={t('person.mail.frame', { subject })} srcDoc={html} />
    </article>
  );
}
