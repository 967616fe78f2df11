/** Writing messages into the outbox, and sending them. */
import { addJob, type Database, type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, type Page, pageOf } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { isObject } from '../shared/json.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import { type Caller, doneBy, record } from '../system-log/index.ts';
import {
  countSince,
  deleteMessagesOf,
  findMessage,
  insertMessage,
  markFailure,
  markSent,
  messagesBefore,
  SEND_TASK,
  type StoredMessage,
} from './store.ts';
import { languageOf, type Template, written } from './texts/texts.ts';
import type { Transport } from './transport.ts';

export interface MailDeps {
  database: Database;
  clock: Clock;
  secretBox: SecretBox;
  /** Null where no mail server is configured: messages are kept for an administrator to read. */
  transport: Transport | null;
  org(orgId: string): Promise<{ name: string; baseUrl: string }>;
}

export interface Message {
  orgId: string;
  userId: string;
  recipient: string;
  template: Template;
  /** A language tag or locale; English where there is no catalogue for it. */
  language: string;
  values: { name: string; login: string; url: string };
  at: Date;
}

export interface Mail {
  /** Puts a message into the outbox in the caller's transaction. */
  send(tx: Executor, message: Message): Promise<void>;
  /** How many messages a person was written since then. */
  sentSince(db: Executor, orgId: string, userId: string, since: Date): Promise<number>;
  /** Newest first. */
  list(orgId: string, after: string | null, limit: number): Promise<Page<StoredMessage>>;
  /** A message with its text, while that is kept; recorded in the System Log. Throws E0000007. */
  read(caller: Caller, id: string): Promise<{ message: StoredMessage; body: string | null }>;
  forgetUser(tx: Executor, orgId: string, userId: string): Promise<void>;
  /** The job: sends one message. Throws where it should be tried again later. */
  deliver(payload: unknown): Promise<void>;
}

/** Together with the queue's growing pauses: for more than a day. */
const MAX_ATTEMPTS = 12;
const MAX_REASON_LENGTH = 500;

const place = (id: string) => `mail_messages/${id}/body`;

export function createMail(deps: MailDeps): Mail {
  const { database, clock, secretBox, transport } = deps;
  return {
    async send(tx, message) {
      const { orgId, userId, recipient, template, at } = message;
      const id = newId('message', at);
      const language = languageOf(message.language);
      const { name } = await deps.org(orgId);
      const { subject, body } = written(template, language, { org: name, ...message.values });
      const status = transport === null ? 'KEPT' : 'QUEUED';
      const bodySealed = secretBox.seal(body, place(id));
      await insertMessage(tx, {
        orgId,
        id,
        userId,
        recipient,
        template,
        language,
        subject,
        bodySealed,
        status,
        created: at,
      });
      if (transport !== null) await addJob(tx, SEND_TASK, { orgId, id });
    },
    sentSince: countSince,
    async list(orgId, after, limit) {
      return pageOf(await messagesBefore(database, orgId, after, limit + 1), limit, (last) => last.id);
    },
    async read(caller, id) {
      const message = await findMessage(database, caller.orgId, id);
      if (message === null) throw apiErrors.notFound(id, 'MailMessage');
      const body = message.bodySealed === null ? null : secretBox.open(message.bodySealed, place(id));
      const target = { id, type: 'MailMessage', alternateId: message.recipient, displayName: message.subject };
      await record(database, doneBy(caller, { type: 'gatehouse.mail.read', at: clock.now(), targets: [target] }));
      return { message, body };
    },
    forgetUser: deleteMessagesOf,
    deliver: (payload) => deliver(deps, payload),
  };
}

async function deliver({ database, clock, secretBox, transport, org }: MailDeps, payload: unknown): Promise<void> {
  if (!isObject(payload) || typeof payload.orgId !== 'string' || typeof payload.id !== 'string') return;
  const job = { orgId: payload.orgId, id: payload.id };
  const message = await findMessage(database, job.orgId, job.id);
  if (message?.status !== 'QUEUED' || message.bodySealed === null || transport === null) return;
  const { name, baseUrl } = await org(job.orgId);
  try {
    await transport.send({
      from: { name, baseUrl },
      to: message.recipient,
      subject: message.subject,
      text: secretBox.open(message.bodySealed, place(job.id)),
      id: job.id,
    });
  } catch (error) {
    const reason = (error as Error).message.slice(0, MAX_REASON_LENGTH);
    const final = message.attempts + 1 >= MAX_ATTEMPTS;
    await inTransaction(database, async (tx) => {
      await markFailure(tx, job, reason, final);
      if (final) await record(tx, failureOf(message, reason, clock.now()));
    });
    if (!final) throw error;
    return;
  }
  await markSent(database, job, clock.now());
}

function failureOf({ orgId, id, userId, recipient, subject }: StoredMessage, reason: string, at: Date) {
  return {
    orgId,
    type: 'gatehouse.mail.failed' as const,
    at,
    outcome: { result: 'FAILURE' as const, reason },
    targets: [{ id, type: 'MailMessage', alternateId: recipient, displayName: subject }],
    debugData: { userId },
  };
}
