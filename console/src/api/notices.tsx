/**
 * What is said over the page: that a change was made, or why one was refused that no screen shows. A notice belongs to the page on which
 * it appeared, and to the page to which its own change leads; going elsewhere takes it away.
 */
import { notifications } from '@mantine/notifications';
import { ErrorDetails } from '../interface/error-notice.tsx';
import { texts } from '../texts/index.ts';
import { asRequestError } from './errors.ts';

/** A change that leads to another page does so at once. */
const LEADS_WITHIN_MS = 500;

const shownAt = new Map<string, number>();
let done: string | null = null;

/** One at a time: of two steps of one action the last is told. */
export function tellDone(message: string): void {
  if (done !== null) take(done);
  done = notifications.show({ message, color: 'good', autoClose: 3000 });
  shownAt.set(done, Date.now());
}

/**
 * @param action names what was tried: its next attempt takes the refusal away
 * @param title what did not happen
 */
export function tellRefusal(action: string, error: unknown, title: string = texts.errors.notDone): void {
  take(action);
  notifications.show({
    id: action,
    title,
    message: <ErrorDetails error={asRequestError(error)} />,
    color: 'bad',
    autoClose: false,
    role: 'alert',
  });
  shownAt.set(action, Date.now());
}

export function takeRefusal(action: string): void {
  take(action);
}

/** For the way to another page. */
export function leaveNotices(): void {
  for (const [id, at] of shownAt) if (Date.now() - at > LEADS_WITHIN_MS) take(id);
}

function take(id: string): void {
  if (shownAt.delete(id)) notifications.hide(id);
}
