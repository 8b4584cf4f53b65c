import {
  IconArrowBackUp,
  IconCheck,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconRefresh,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Instance, Why } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { duration } from '../../i18n/time';
import { ActionRow } from './ActionRow';
import { PauseDialog } from './PauseDialog';
import { ResendDialog } from './ResendDialog';
import { ResumeDialog } from './ResumeDialog';
import { StopDialog } from './StopDialog';
import { firstName } from './sentence';
import { usePersonAction } from './usePersonAction';

interface Entry {
  label: string;
  effect: string;
  icon: TablerIcon;
  run: () => void;
}

type Asking = 'pause' | 'resume' | 'stop' | 'resend';

/** What can be done with an instance in its status, each with its effect. */
export function PersonActions({ instance, why }: { instance: Instance; why: Why }) {
  const name = firstName(instance.recipient);
  const action = usePersonAction(instance.id, name);
  const [asking, setAsking] = useState<Asking | null>(null);
  const ended = instance.status === 'COMPLETED' || instance.status === 'STOPPED';
  if (ended) {
    return null;
  }

  const step = instance.currentStep + 1;
  const dueAt = why.next?.dueAt;
  const left = dueAt ? new Date(dueAt).getTime() - new Date(why.asOf).getTime() : 0;
  const entries: Entry[] = [];
  if (instance.attention === 'inDoubt') {
    entries.push(
      {
        label: t('person.act.sent'),
        effect: t('person.act.sent.effect'),
        icon: IconCheck,
        run: () => action.mutate({ kind: 'resolve', outcome: 'sent' }),
      },
      {
        label: t('person.act.resend'),
        effect: t('person.act.resend.effect', { name }),
        icon: IconArrowBackUp,
        run: () => setAsking('resend'),
      },
    );
  } else if (instance.status === 'FAILED') {
    entries.push(
      {
        label: t('person.act.retry'),
        effect: t('person.act.retry.effect', { step }),
        icon: IconRefresh,
        run: () => action.mutate({ kind: 'retry' }),
      },
      {
        label: t('person.act.skip', { step }),
        effect: t('person.act.skip.effect'),
        icon: IconPlayerSkipForward,
        run: () => action.mutate({ kind: 'skip' }),
      },
    );
  } else if (instance.status === 'ACTIVE') {
    entries.push({
      label: t('person.act.pause'),
      effect:
        left > 0 ? t('person.act.pause.effect.wait', { remaining: duration(left) }) : t('person.act.pause.effect'),
      icon: IconPlayerPause,
      run: () => setAsking('pause'),
    });
  } else {
    entries.push({
      label: t('person.act.resume'),
      effect: t('person.act.resume.effect', { step }),
      icon: IconPlayerPlay,
      run: () => setAsking('resume'),
    });
  }
  entries.push({
    label: t('person.act.stop'),
    effect: t('person.act.stop.effect'),
    icon: IconPlayerStop,
    run: () => setAsking('stop'),
  });

  const dialog = { name, action, close: () => setAsking(null) };
  return (
    <section className="panel">
      <header>
        <h2>{t('person.actions')}</h2>
      </header>
      <div className="doer">
        {entries.map((entry) => (
          <ActionRow key={entry.label} {...entry} busy={action.isPending} />
        ))}
      </div>
      {asking === 'pause' && <PauseDialog {...dialog} />}
      {asking === 'resume' && <ResumeDialog {...dialog} />}
      {asking === 'stop' && <StopDialog {...dialog} />}
      {asking === 'resend' && <ResendDialog {...dialog} />}
    </section>
  );
}
