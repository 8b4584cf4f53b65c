import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import { isSignedOut, sentence } from '../api/problem';

interface Action {
  label: string;
  run: () => void;
}

/** Says what was done, with one button at most: Undo where it can be undone, or View. */
export function told(text: string, action?: Action, id?: string): void {
  const shown = id ?? crypto.randomUUID();
  const toast = {
    id: shown,
    message: (
      <span className="toast-row">
        <span>{text}</span>
        {action && (
          <button
            type="button"
            onClick={() => {
              notifications.hide(shown);
              action.run();
            }}
          >
            {action.label}
          </button>
        )}
      </span>
    ),
    withCloseButton: true,
    allowClose: true,
    autoClose: 8000,
    role: 'status',
  };
  // A toast that shows a job's progress is replaced; show alone would ignore a known id.
  notifications.show(toast);
  notifications.update(toast);
}

/** Says what failed. Stays until it is closed. The sign-in page, which follows the end of a session, says that itself. */
export function failed(error: unknown): void {
  if (isSignedOut(error)) {
    return;
  }
  notifications.show({ message: sentence(error), autoClose: false, role: 'alert', className: 'toast-bad' });
}

/** Shows the progress of a job in a toast that stays, also on other pages, until it is replaced: closing it would end the look at the job. */
export function progress(id: string, content: ReactNode): void {
  notifications.show({
    id,
    message: content,
    autoClose: false,
    withCloseButton: false,
    allowClose: false,
    role: 'status',
  });
}

export const hide = (id: string) => notifications.hide(id);
