import { t } from '../../i18n/messages';
import { moment, type Zone } from '../../i18n/time';
import { Figure } from '../../ui/Figure';
import { type Bar, stepsOf } from './forecast';

/** The forecast in figures: the bars that have steps. */
export function ForecastTable({ bars, zone }: { bars: Bar[]; zone: Zone }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard.
    <section className="plot scrolls" aria-label={t('home.forecast')} tabIndex={0}>
      <table className="t">
        <thead>
          <tr>
            <th scope="col">{t('home.forecast.time')}</th>
            <th scope="col" className="n">
              {t('home.forecast.email')}
            </th>
            <th scope="col" className="n">
              {t('home.forecast.sms')}
            </th>
            <th scope="col" className="n">
              {t('home.forecast.waits')}
            </th>
          </tr>
        </thead>
        <tbody>
          {bars
            .filter((bar) => stepsOf(bar) > 0)
            .map(({ at, email, sms, wait }) => (
              <tr key={at.getTime()}>
                <td className="num nowrap">{moment(at, zone)}</td>
                <td className="n">
                  <Figure value={email} />
                </td>
                <td className="n">
                  <Figure value={sms} />
                </td>
                <td className="n">
                  <Figure value={wait} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
