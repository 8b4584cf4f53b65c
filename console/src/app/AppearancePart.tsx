import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { chooseLanguage, type Language, language, t } from '../i18n/messages';

const languages: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** Theme and language, which belong to this browser. */
export function AppearancePart() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <div className="answer">
        <div>
          <h1>{t('settings.appearance.title', { theme: colorScheme, language: languages[language] })}</h1>
          <p>{t('settings.appearance.sub')}</p>
        </div>
      </div>
      <section className="panel" aria-label={t('settings.appearance')}>
        <div className="lim">
          <b>{t('settings.appearance.theme')}</b>
          <div className="suffix">
            <SegmentedControl
              aria-label={t('settings.appearance.theme')}
              value={colorScheme}
              data={(['light', 'dark', 'auto'] as const).map((value) => ({
                value,
                label: t(`settings.appearance.${value}`),
              }))}
              onChange={(value) => setColorScheme(value as typeof colorScheme)}
            />
          </div>
        </div>
        <div className="lim">
          <b>{t('settings.appearance.language')}</b>
          <div className="suffix">
            <SegmentedControl
              aria-label={t('settings.appearance.language')}
              value={language}
              data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
              onChange={(value) => chooseLanguage(value as Language)}
            />
          </div>
        </div>
      </section>
    </>
  );
}
