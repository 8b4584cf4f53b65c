import { Button, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { FormEvent, ReactNode } from 'react';
import { t } from '../i18n/messages';

interface Props {
  opened: boolean;
  close: () => void;
  title: string;
  /** The button that carries out the action; absent in a dialog that only shows something. */
  submit?: { label: string; run: () => void; busy?: boolean; disabled?: boolean; danger?: boolean };
  /** A sentence beside the buttons. */
  aside?: string;
  /** Whether something was typed, which a click outside must not lose. */
  typed?: boolean;
  children: ReactNode;
}

/** A dialog: title, effect and fields, footer. On a phone it rises from the bottom. */
export function Dialog({ opened, close, title, submit, aside, typed, children }: Props) {
  const phone = useMediaQuery('(max-width: 760px)');
  const send = (event: FormEvent) => {
    event.preventDefault();
    submit?.run();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size={560}
      padding={0}
      closeOnClickOutside={!typed}
      closeOnEscape={!typed}
      classNames={{
        content: phone ? 'dialog rises' : 'dialog',
        header: 'dialog-head',
        title: 'dialog-title',
        body: 'dialog-body',
      }}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={send}>
        <div className="body">{children}</div>
        {submit && (
          <footer>
            {aside && <span className="xs qq">{aside}</span>}
            <div className="end">
              <Button onClick={close}>{t('common.cancel')}</Button>
              <Button
                type="submit"
                className={submit.danger ? 'danger' : 'primary'}
                loading={submit.busy}
                disabled={submit.disabled}
              >
                {submit.label}
              </Button>
            </div>
          </footer>
        )}
      </form>
    </Modal>
  );
}
