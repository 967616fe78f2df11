import { createHash, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { selfSigned } from './certificate.ts';

const SIGNER = 'signing.idme.sandbox.test';
const PUBLISHED_AT_MOST = 3;

export interface SigningKey {
  kid: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  certificate: Buffer;
}

/** The signing keys: which one is current, and what the published key set says. */
export interface KeyRing {
  current(): SigningKey;
  /** Makes a new key current and publishes it beside the former ones (the last three). */
  rotate(): Promise<SigningKey>;
  /** A new key that stays unpublished, under its own id or under the one given. */
  stranger(kid?: string): Promise<SigningKey>;
  /** Whether the key set is published with ID.me's peculiarities (contract: providers §2.1). */
  setQuirks(on: boolean): void;
  keySet(): { keys: Record<string, unknown>[] };
}

export async function createKeyRing(): Promise<KeyRing> {
  const published = [await newKey()];
  let quirks = false;
  return {
    current: () => published.at(-1) as SigningKey,
    async rotate() {
      const key = await newKey();
      published.push(key);
      if (published.length > PUBLISHED_AT_MOST) published.shift();
      return key;
    },
    stranger: async (kid) => {
      const key = await newKey();
      return kid === undefined ? key : { ...key, kid };
    },
    setQuirks(on) {
      quirks = on;
    },
    keySet: () => ({ keys: published.map(quirks ? quirkyJwk : plainJwk) }),
  };
}

async function newKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const certificate = selfSigned(SIGNER, publicKey, privateKey, new Date());
  return { kid: fingerprint(certificate), publicKey, privateKey, certificate };
}

const fingerprint = (certificate: Buffer) => createHash('sha1').update(certificate).digest('base64url');

function plainJwk({ kid, publicKey }: SigningKey): Record<string, unknown> {
  return { ...publicJwk(publicKey), kid, use: 'sig', alg: 'RS256' };
}

function quirkyJwk({ kid, publicKey, certificate }: SigningKey): Record<string, unknown> {
  const lines = certificate.toString('base64').match(/.{1,64}/g) as string[];
  return {
    ...publicJwk(publicKey),
    kid,
    use: 'sig',
    algorithm: 'RS256',
    x5t: fingerprint(certificate),
    x5c: [`${lines.join('\n')}\n`],
  };
}

function publicJwk(key: KeyObject): Pick<JsonWebKey, 'kty' | 'n' | 'e'> {
  const { kty, n, e } = key.export({ format: 'jwk' });
  return { kty, n, e };
}
