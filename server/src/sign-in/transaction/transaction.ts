/**
 * What must be remembered while the person is away, sealed in a cookie of this browser (docs/decisions: sealed transaction). Nothing in
 * it can be read, altered or moved; its id is burnt in the callback's commit, so it works once.
 */
import type { AuthorizationRequest } from '../../authorization-server/index.ts';
import { randomSecret } from '../../shared/ids.ts';
import { isObject, type Json } from '../../shared/json.ts';
import { decrypt, encrypt, type Key, SecretBoxError } from '../../shared/secret-box.ts';

export interface SignInTransaction {
  /** 128 random bits; also the `state` that the provider sends back. */
  id: string;
  orgId: string;
  traceId: string;
  /** Milliseconds since 1970. */
  created: number;
  expires: number;
  /** The application's request; null when the person came to the portal. */
  request: AuthorizationRequest | null;
  /** Where the portal goes afterwards: a path of this hub. */
  returnTo: string;
  /** The user name that the person typed before anything else; '' after they asked to type another one. */
  login?: string;
  /** Routing is skipped and the local form shown (rulings 8, 49). */
  local?: { notice: string | null };
  /** What the application is told when the person gives up after a failure. */
  failed?: { error: string; description: string };
  /** The provider that the person was sent to, where its answer must arrive, and what its connector must know again. */
  sent?: { idpId: string; ruleId: string | null; returnsTo: string; remember: Json; expires: number };
  /** Who proved a password that has expired, and may choose another one; the version, so that it is good for one change only. */
  renew?: { userId: string; login: string; version: number };
  /** The transaction of the page that the person left for the provider: the back button finds it until the sign-in ends. */
  page?: string;
}

/** A transaction's cookie outlives it, so that one that ran out can offer to start again (rulings 48). */
export const COOKIE_GRACE_SECONDS = 3600;
export const DEFAULT_LIFETIME = 15 * 60 * 1000;
export const MAX_SEALED_LENGTH = 3072;

export const newTransactionId = (): string => randomSecret(16);

const context = (id: string) => `sign-in-transaction:${id}`;

/** Nonce, ciphertext and tag, bound to the transaction's id. */
export function seal(key: Key, transaction: SignInTransaction): Buffer {
  return encrypt(key, Buffer.from(JSON.stringify(transaction)), context(transaction.id));
}

/** The transaction that was sealed under this id by one of the keys; null for anything else. */
export function unseal(keys: readonly Key[], id: string, sealed: Uint8Array): SignInTransaction | null {
  for (const key of keys) {
    try {
      const value: unknown = JSON.parse(decrypt(key, sealed, context(id)).toString());
      if (isObject(value) && value.id === id) return value as unknown as SignInTransaction;
    } catch (error) {
      if (!(error instanceof SecretBoxError)) return null;
    }
  }
  return null;
}
