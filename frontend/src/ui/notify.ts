import { notifications } from '@mantine/notifications';
import { ApiError } from '../api/client';

/** Say that something failed, in the server's words where it has some. */
export function notifyFailure(title: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ApiError && error.hint ? ` ${error.hint}` : '';
  notifications.show({ color: 'red', title, message: message + hint, autoClose: 8000 });
}

export function notify(message: string): void {
  notifications.show({ message, autoClose: 3000 });
}
