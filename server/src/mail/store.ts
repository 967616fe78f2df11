/** The SQL of `mail_messages`, and of the job that sends one. */
import type { Executor, SealedColumn } from '../database/index.ts';

export type MessageStatus = 'QUEUED' | 'SENT' | 'FAILED' | 'KEPT';

export interface StoredMessage {
  orgId: string;
  id: string;
  userId: string;
  recipient: string;
  template: string;
  language: string;
  subject: string;
  /** Null once the message was sent. */
  bodySealed: string | null;
  status: MessageStatus;
  attempts: number;
  lastError: string | null;
  created: Date;
  sent: Date | null;
}

/** What the job gets: where the message is, nothing of what it says. */
export type SendJob = { orgId: string; id: string };

export const SEND_TASK = 'mail';

export const SEALED_BODIES: SealedColumn = { table: 'mail_messages', id: 'id', column: 'body_sealed' };

const COLUMNS = `org_id as "orgId", id, user_id as "userId", recipient, template, language, subject, body_sealed as "bodySealed", status, attempts,
  last_error as "lastError", created, sent`;

export async function insertMessage(
  tx: Executor,
  message: Omit<StoredMessage, 'attempts' | 'lastError' | 'sent'>,
): Promise<void> {
  await tx.query({
    text: `insert into mail_messages (org_id, id, user_id, recipient, template, language, subject, body_sealed, status, created)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [
      message.orgId,
      message.id,
      message.userId,
      message.recipient,
      message.template,
      message.language,
      message.subject,
      message.bodySealed,
      message.status,
      message.created,
    ],
  });
}

export async function findMessage(db: Executor, orgId: string, id: string): Promise<StoredMessage | null> {
  const { rows } = await db.query<StoredMessage>({
    text: `select ${COLUMNS} from mail_messages where org_id = $1 and id = $2`,
    values: [orgId, id],
  });
  return rows[0] ?? null;
}

/** Newest first, before a cursor (an id: ids are ordered by time). */
export async function messagesBefore(
  db: Executor,
  orgId: string,
  before: string | null,
  limit: number,
): Promise<StoredMessage[]> {
  const { rows } = await db.query<StoredMessage>({
    text: `select ${COLUMNS} from mail_messages where org_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    values: [orgId, before, limit],
  });
  return rows;
}

export async function countSince(db: Executor, orgId: string, userId: string, since: Date): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    text: 'select count(*)::int as count from mail_messages where org_id = $1 and user_id = $2 and created > $3',
    values: [orgId, userId, since],
  });
  return rows[0]?.count ?? 0;
}

/** What the mail server was given is kept without its links. */
export async function markSent(db: Executor, { orgId, id }: SendJob, at: Date): Promise<void> {
  await db.query({
    text: `update mail_messages set status = 'SENT', body_sealed = null, attempts = attempts + 1, last_error = null, sent = $3, version = version + 1
           where org_id = $1 and id = $2`,
    values: [orgId, id, at],
  });
}

export async function markFailure(db: Executor, { orgId, id }: SendJob, reason: string, final: boolean): Promise<void> {
  await db.query({
    text: `update mail_messages set status = case when $4 then 'FAILED' else status end, attempts = attempts + 1, last_error = $3, version = version + 1
           where org_id = $1 and id = $2`,
    values: [orgId, id, reason, final],
  });
}

export async function deleteMessagesOf(tx: Executor, orgId: string, userId: string): Promise<void> {
  await tx.query({ text: 'delete from mail_messages where org_id = $1 and user_id = $2', values: [orgId, userId] });
}

/** Removes messages from before a time; returns how many. */
export async function purgeMessages(db: Executor, before: Date): Promise<number> {
  const { rowCount } = await db.query({ text: 'delete from mail_messages where created < $1', values: [before] });
  return rowCount;
}
