/**
 * Secrets at rest and sealed state. It is authenticated encryption bound to a purpose; it is not a key store.
 * Each sealed value has a data key of its own, wrapped by the key-encryption key, whose id is in the value: so a new key-encryption
 * key needs only new wrappings (security.md K2, rulings 4).
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

export interface SecretBox {
  /** Seals text; `place` (for example 'identity_providers/0oa…/client_secret') is authenticated, so a value cannot be moved to another row. */
  seal(text: string, place: string): string;
  /** Opens what `seal` made for the same place. Throws `SecretBoxError` where the value was altered, moved or made under an unknown key. */
  open(sealed: string, place: string): string;
  /** The same value under the current key-encryption key; the value itself when it already is. */
  rewrap(sealed: string): string;
  /** A key of 32 bytes for one purpose, derived from the current key-encryption key (HKDF-SHA-256). */
  derive(purpose: string): Uint8Array;
  /** The keys derived for a purpose from the current and all previous key-encryption keys, newest first. */
  deriveAll(purpose: string): Uint8Array[];
}

/** 32 bytes; a `KeyObject` (`createSecretKey`) is three times as fast, which counts where a key is used at every sign-in. */
export type Key = Uint8Array | KeyObject;

export class SecretBoxError extends Error {
  readonly code = 'secret_unreadable';
}

const keyId = (key: Uint8Array) => createHash('sha256').update('kek').update(key).digest('base64url').slice(0, 8);

export function createSecretBox(current: Uint8Array, previous: readonly Uint8Array[] = []): SecretBox {
  const keys = new Map([...previous, current].map((key) => [keyId(key), key]));
  const currentId = keyId(current);
  const derive = (key: Uint8Array, purpose: string) => new Uint8Array(hkdfSync('sha256', key, '', purpose, 32));

  function split(sealed: string) {
    const [version, id, wrapped, body] = sealed.split('.');
    const key = id === undefined ? undefined : keys.get(id);
    if (version !== 'v1' || key === undefined || !wrapped || !body) {
      throw new SecretBoxError(
        'A sealed value cannot be read: its key is not among GATEHOUSE_SECRET_KEY and GATEHOUSE_SECRET_KEY_PREVIOUS.',
      );
    }
    return { id, key, wrapped, body };
  }
  const wrap = (dataKey: Uint8Array) => encrypt(current, dataKey, `kek:${currentId}`).toString('base64url');
  const unwrap = (key: Uint8Array, id: string | undefined, wrapped: string) =>
    decrypt(key, Buffer.from(wrapped, 'base64url'), `kek:${id}`);

  return {
    seal(text, place) {
      const dataKey = randomBytes(32);
      return `v1.${currentId}.${wrap(dataKey)}.${encrypt(dataKey, Buffer.from(text), place).toString('base64url')}`;
    },
    open(sealed, place) {
      const { id, key, wrapped, body } = split(sealed);
      return decrypt(unwrap(key, id, wrapped), Buffer.from(body, 'base64url'), place).toString();
    },
    rewrap(sealed) {
      const { id, key, wrapped, body } = split(sealed);
      return id === currentId ? sealed : `v1.${currentId}.${wrap(unwrap(key, id, wrapped))}.${body}`;
    },
    derive: (purpose) => derive(current, purpose),
    deriveAll: (purpose) => [...keys.values()].reverse().map((key) => derive(key, purpose)),
  };
}

/** AES-256-GCM: 12 bytes of random nonce, ciphertext, 16 bytes of tag; `context` is authenticated. */
export function encrypt(key: Key, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The reverse of `encrypt`. Throws `SecretBoxError` when anything was altered. */
export function decrypt(key: Key, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < 28) throw new SecretBoxError('A sealed value is too short.');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()]);
  } catch {
    throw new SecretBoxError('A sealed value was altered, belongs to another place or was sealed under another key.');
  }
}
