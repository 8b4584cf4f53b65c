import { useState } from 'react';
import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { type ActionDialogProps, timings } from './PauseDialog';

export function ResumeDialog({ name, action, close }: ActionDialogProps) {
  const [chosen, setChosen] = useState<(typeof timings)[number]>('shift');
  return (
    <Dialog
      opened
      close={close}
      title={t('person.resume.title', { name })}
      submit={{
        label: t('person.resume.submit'),
        busy: action.isPending,
        run: () => action.mutate({ kind: 'resume', timing: chosen }, { onSettled: close }),
      }}
    >
      <fieldset className="choices">
        <legend className="sr">{t('people.timing')}</legend>
        {timings.map((timing) => (
          <label key={timing} className={timing === chosen ? 'choice on' : 'choice'}>
            <input
              className="radio"
              type="radio"
              name="timing"
              checked={timing === chosen}
              onChange={() => setChosen(timing)}
            />
            <span>
              <b>{t(`person.pause.${timing}`)}</b>
              <small>{t(`person.pause.${timing}.text`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
