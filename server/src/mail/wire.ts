/** Messages as the console sees them. The list never has the text: it holds links that set a password. */
import type { StoredMessage } from './store.ts';

export type MailMessageWire = ReturnType<typeof messageToWire>;

export function messageToWire(message: StoredMessage) {
  const { id, userId, recipient, template, language, subject, status, attempts, lastError, created, sent } = message;
  return {
    ...{ id, userId, recipient, template, language, subject, status, attempts, lastError },
    created: created.toISOString(),
    sent: sent?.toISOString() ?? null,
    /** Whether the text is still there to be read. */
    readable: message.bodySealed !== null,
  };
}
