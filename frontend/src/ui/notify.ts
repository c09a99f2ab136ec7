import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { ApiError } from '../api/client';

/** Say that something failed, in the server's words where it has some. */
export function notifyFailure(title: string, error: unknown): void {
  const said = error instanceof Error ? error.message : String(error);
  // What fetch throws is said differently by each browser.
  const message = error instanceof TypeError ? i18next.t('answers:unreached', { message: said }) : said;
  const hint = error instanceof ApiError && error.hint ? ` ${error.hint}` : '';
  notifications.show({ color: 'red', title, message: message + hint, autoClose: 8000 });
}

export function notify(message: string): void {
  notifications.show({ message, autoClose: 3000 });
}
