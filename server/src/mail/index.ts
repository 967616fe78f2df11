/**
 * mail: messages to people. They are rows written in the transaction of the change that they tell of (an outbox); a job sends them by
 * SMTP, or they stay where an administrator can read them, when no mail server is configured. It is not who gets a message, nor why.
 * Level 3.
 */
export { createMail, type Mail, type MailDeps, type Message } from './mail.ts';
export { mailRoutes } from './routes.ts';
export { purgeMessages, SEALED_BODIES, SEND_TASK } from './store.ts';
export { smtpTransport, type Transport } from './transport.ts';
export type { MailMessageWire } from './wire.ts';
