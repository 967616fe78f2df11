import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { selfSigned } from '../keys/certificate.ts';

const DAY_MS = 86_400_000;
const RENEWED_AGO_MS = 400 * DAY_MS;
const SUBJECT = { signing: 'signing.idme.sandbox.test', encryption: 'encryption.idme.sandbox.test' } as const;
const PUBLISHED_AT_MOST = 3;

export type KeyUse = keyof typeof SUBJECT;

/** A key with the two certificates that ID.me publishes for it: the current one and an expired one of the same public key. */
export interface SamlKey {
  /** PKCS #8, PEM. */
  privateKey: string;
  /** Bare base64, as it stands between ds:X509Certificate tags. */
  certificate: string;
  expiredCertificate: string;
}

export interface SamlKeys {
  signing(): SamlKey;
  /** Signing keys of the metadata, the current one first. */
  published(use: KeyUse): readonly SamlKey[];
  /** Makes a new signing key current; the former ones stay published beside it. */
  rotate(): Promise<SamlKey>;
  /** A key that the metadata never lists. */
  stranger(): Promise<SamlKey>;
}

export async function createSamlKeys(): Promise<SamlKeys> {
  const [first, encryption] = await Promise.all([newKey('signing'), newKey('encryption')]);
  const signing = [first];
  return {
    signing: () => signing[0] as SamlKey,
    published: (use) => (use === 'signing' ? [...signing] : [encryption]),
    async rotate() {
      const key = await newKey('signing');
      signing.unshift(key);
      if (signing.length > PUBLISHED_AT_MOST) signing.pop();
      return key;
    },
    stranger: () => newKey('signing'),
  };
}

async function newKey(use: KeyUse): Promise<SamlKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const now = Date.now();
  const certificateOf = (from: number) =>
    selfSigned(SUBJECT[use], publicKey, privateKey, new Date(from)).toString('base64');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    // A clock that is a little behind must not find the certificate not yet valid.
    certificate: certificateOf(now - DAY_MS),
    expiredCertificate: certificateOf(now - RENEWED_AGO_MS),
  };
}
