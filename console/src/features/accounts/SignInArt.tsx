import { IconMail, IconMessageDots } from '@tabler/icons-react';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';

const rows = [
  { key: 'a', icon: IconMail, ahead: false },
  { key: 'b', icon: IconMail, ahead: false },
  { key: 'c', icon: IconMessageDots, ahead: true },
  { key: 'd', icon: IconMail, ahead: true },
] as const;

/** A sequence with its past and its future. Decorative. */
export function SignInArt() {
  return (
    <div className="art" aria-hidden="true">
      <p className="claim">
        {t('signin.art')}
        <br />
        {t('signin.art.2')}
      </p>
      <ol>
        {rows.map(({ key, icon, ahead }, index) => [
          index === 2 && (
            <li key="now" className="now ahead">
              <span className="nd" />
              <div>{t('signin.art.now')}</div>
            </li>
          ),
          <li key={key} className={ahead ? 'ahead' : undefined}>
            <span className="nd">
              <Icon of={icon} />
            </span>
            <div>
              <b>{t(`signin.art.${key}`)}</b>
              <small>{t(`signin.art.${key}.when`)}</small>
            </div>
          </li>,
        ])}
      </ol>
    </div>
  );
}
