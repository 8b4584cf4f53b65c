import { IconMail, IconMessageDots } from '@tabler/icons-react';
import type { NextStep, Step } from '../../api/schemas';
import { isMessage, t } from '../../i18n/messages';
import { day, duration, time, type Zone } from '../../i18n/time';
import { Hops } from '../../ui/Hops';
import { Icon } from '../../ui/Icon';
import { Attempts } from './Attempts';

interface Props {
  next: NextStep;
  steps: Step[];
  asOf: string;
  zone: Zone;
}

/** The next step with its date and the rules that moved it. The API predicts no later step of a running instance. */
export function NextSteps({ next, steps, asOf, zone }: Props) {
  const wait = next.type === 'WAIT';
  const later = Math.max(0, steps.length - next.index - 1);
  const left = next.dueAt ? new Date(next.dueAt).getTime() - new Date(asOf).getTime() : 0;
  const expected = `person.next.expected.${next.expected}`;
  return (
    <>
      <li className={wait ? 'ahead mini-row' : 'ahead'}>
        <div className="at">
          {next.dueAt && (
            <>
              <small>{day(next.dueAt, zone)}</small> <b>{time(next.dueAt, zone)}</b>
            </>
          )}
        </div>
        {wait ? (
          <span className="nd mini" />
        ) : (
          <span className="nd">
            <Icon of={next.type === 'SMS' ? IconMessageDots : IconMail} />
          </span>
        )}
        <div className="c">
          <h3>
            {wait ? t('person.wait.ends') : t(next.type === 'SMS' ? 'person.sms' : 'person.next.email')}
            <span className="q">{t('person.next', { step: next.index + 1 })}</span>
            {isMessage(expected) && <span className="tag warn">{t(expected)}</span>}
          </h3>
          {left > 0 && <p>{t('person.wait.left', { left: duration(left) })}</p>}
          <Hops wantedAt={next.wantedAt} moved={next.moved} zone={zone} />
          {next.tries.length > 0 && <Attempts tries={next.tries} zone={zone} />}
        </div>
      </li>
      {later > 0 && (
        <li className="ahead mini-row">
          <div className="at" />
          <span className="nd mini" />
          <div className="c">
            <h3>
              <span className="q">{t('person.later', { n: later })}</span>
            </h3>
          </div>
        </li>
      )}
    </>
  );
}
