/** The sign-in transaction: kept in the browser's cookie, or as a row when it is too large; at most five are open in a browser. */
import { createSecretKey, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../database/index.ts';
import { TRANSACTION_COOKIE_PREFIX, transactionCookie } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { decrypt, encrypt, type SecretBox, SecretBoxError } from '../../shared/secret-box.ts';
import { findTransaction, insertTransaction } from './store.ts';
import { COOKIE_GRACE_SECONDS, MAX_SEALED_LENGTH, type SignInTransaction, seal, unseal } from './transaction.ts';

export { purgeTransactions } from './store.ts';
export { DEFAULT_LIFETIME, newTransactionId, type SignInTransaction } from './transaction.ts';

const MAX_OPEN = 5;
const ID_PATTERN = /^[A-Za-z0-9_-]{22}$/;
/** What the cookie holds when the transaction is a row: a key that exists in this browser only, so that the binding stays the cookie's. */
const ROW_MARK = 'row~';

export interface Transactions {
  keep(request: FastifyRequest, reply: FastifyReply, transaction: SignInTransaction): Promise<void>;
  /** The transaction of this id in this browser; null when there is none, whatever the reason. Expiry is the caller's to judge. */
  find(request: FastifyRequest, id: string | undefined): Promise<SignInTransaction | null>;
  /** Whether this browser has one of this id, usable or not. */
  isOpen(request: FastifyRequest, id: string): boolean;
  drop(reply: FastifyReply, id: string): void;
}

export function createTransactions(deps: { database: Database; secretBox: SecretBox; clock: Clock }): Transactions {
  const [key, ...previous] = deps.secretBox.deriveAll('sign-in-transaction').map((bytes) => createSecretKey(bytes));
  if (key === undefined) throw new Error('No key-encryption key.');
  const keys = [key, ...previous];

  return {
    async keep(request, reply, transaction) {
      const sealed = seal(key, transaction);
      const maxAge = Math.ceil((transaction.expires - deps.clock.now().getTime()) / 1000) + COOKIE_GRACE_SECONDS;
      let value = sealed.toString('base64url');
      if (value.length > MAX_SEALED_LENGTH) {
        const expires = new Date(transaction.expires + COOKIE_GRACE_SECONDS * 1000);
        const browserKey = randomBytes(32);
        const row = encrypt(browserKey, sealed, transaction.id);
        await insertTransaction(deps.database, { orgId: transaction.orgId, id: transaction.id, sealed: row, expires });
        value = ROW_MARK + browserKey.toString('base64url');
      }
      const others = openCookies(request).filter((open) => open.name !== TRANSACTION_COOKIE_PREFIX + transaction.id);
      for (const { name } of others.slice(0, Math.max(0, others.length - MAX_OPEN + 1)))
        reply.clearCookie(name, transactionCookie(0));
      const created = Math.floor(transaction.created / 1000).toString(36);
      reply.setCookie(TRANSACTION_COOKIE_PREFIX + transaction.id, `${created}.${value}`, transactionCookie(maxAge));
    },
    async find(request, id) {
      if (id === undefined || !ID_PATTERN.test(id)) return null;
      const value = request.cookies[TRANSACTION_COOKIE_PREFIX + id]?.split('.')[1];
      if (value === undefined) return null;
      const sealed = value.startsWith(ROW_MARK)
        ? await openRow(deps.database, request.org.id, id, Buffer.from(value.slice(ROW_MARK.length), 'base64url'))
        : Buffer.from(value, 'base64url');
      const transaction = sealed === null ? null : unseal(keys, id, sealed);
      return transaction?.orgId === request.org.id ? transaction : null;
    },
    isOpen: (request, id) => request.cookies[TRANSACTION_COOKIE_PREFIX + id] !== undefined,
    drop(reply, id) {
      reply.clearCookie(TRANSACTION_COOKIE_PREFIX + id, transactionCookie(0));
    },
  };
}

async function openRow(database: Database, orgId: string, id: string, browserKey: Buffer): Promise<Buffer | null> {
  const row = await findTransaction(database, orgId, id);
  if (row === null || browserKey.length !== 32) return null;
  try {
    return decrypt(browserKey, row, id);
  } catch (error) {
    if (error instanceof SecretBoxError) return null;
    throw error;
  }
}

/** This browser's open transactions, oldest first (the time before the dot is only for this order). */
function openCookies(request: FastifyRequest): { name: string; created: number }[] {
  return Object.entries(request.cookies)
    .filter(([name]) => name.startsWith(TRANSACTION_COOKIE_PREFIX))
    .map(([name, value]) => ({ name, created: Number.parseInt(value?.split('.')[0] ?? '0', 36) || 0 }))
    .sort((a, b) => a.created - b.created);
}
