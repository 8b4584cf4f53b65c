import { TextInput } from '@mantine/core';
import { t } from '../../i18n/messages';
import { ErrorNote } from '../../ui/ErrorNote';
import { useZone } from '../../ui/useZone';
import { PreviewSteps } from '../preview/PreviewSteps';
import type { LivePreview } from './usePreview';

interface Props {
  preview: LivePreview;
  email: string;
  setEmail: (email: string) => void;
  /** The step whose mail is shown. */
  only: number;
}

export function EditorPreview({ preview, email, setEmail, only }: Props) {
  const { data, error, fields, stale } = preview;
  const zone = useZone(data?.timeZone);
  const problems = Object.entries(fields).flatMap(([field, texts]) => texts.map((text) => `${field}: ${text}`));
  return (
    <>
      <div className="hd">
        <h2>{t('editor.preview')}</h2>
        {stale && <span className="end xs qq">{t('preview.updating')}</span>}
      </div>
      <div className="pad stack">
        <TextInput
          label={t('editor.preview.for')}
          type="email"
          placeholder="anna@example.com"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        {error && problems.length === 0 && <ErrorNote error={error} />}
        {problems.length > 0 && (
          <div className="note bad" role="status">
            <ul>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        {data && (
          <div className="compact-tl" data-stale={stale}>
            <PreviewSteps preview={data} to={email || 'anna@example.com'} zone={zone} only={only} />
            {(data.warnings ?? []).map(({ field, code, message }) => (
              <p key={`${field} ${code}`} className="note warn">
                {message}
              </p>
            ))}
          </div>
        )}
      </div>
    </>
  );
}
