/**
 * Decryption of an EncryptedAssertion (xmlenc): RSA-OAEP for the key, AES for the content. Every failure that depends on the ciphertext
 * is one failure, and takes the same way (security.md S15): a key that cannot be opened becomes a random one, and the content fails.
 */
import { constants, createDecipheriv, type KeyObject, privateDecrypt, randomBytes } from 'node:crypto';
import { fromBase64 } from '../document/decode.ts';
import { attribute, childrenNamed, type Element, everyElement, onlyChild, textOf } from '../document/tree.ts';
import { refuse, shown } from '../failures.ts';
import { DS, XENC, XENC11 } from '../names.ts';
import type { DecryptionKey } from '../types.ts';

interface ContentAlgorithm {
  cipher: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' | 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc';
  keyBytes: number;
  cbc: boolean;
}

const CONTENT: ReadonlyMap<string, ContentAlgorithm> = new Map([
  [`${XENC11}aes128-gcm`, { cipher: 'aes-128-gcm', keyBytes: 16, cbc: false }],
  [`${XENC11}aes192-gcm`, { cipher: 'aes-192-gcm', keyBytes: 24, cbc: false }],
  [`${XENC11}aes256-gcm`, { cipher: 'aes-256-gcm', keyBytes: 32, cbc: false }],
  [`${XENC}aes128-cbc`, { cipher: 'aes-128-cbc', keyBytes: 16, cbc: true }],
  [`${XENC}aes192-cbc`, { cipher: 'aes-192-cbc', keyBytes: 24, cbc: true }],
  [`${XENC}aes256-cbc`, { cipher: 'aes-256-cbc', keyBytes: 32, cbc: true }],
]);

const OAEP_MGF1P = `${XENC}rsa-oaep-mgf1p`;
const OAEP = `${XENC11}rsa-oaep`;
const DIGESTS: ReadonlyMap<string, 'sha1' | 'sha256' | 'sha384' | 'sha512'> = new Map([
  [`${DS}sha1`, 'sha1'],
  [`${XENC}sha256`, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  [`${XENC}sha512`, 'sha512'],
]);
const MASKS: ReadonlyMap<string, string> = new Map(
  ['sha1', 'sha256', 'sha384', 'sha512'].map((hash) => [`${XENC11}mgf1${hash}`, hash]),
);

export interface Decrypted {
  plaintext: Buffer;
  kid: string;
  algorithm: string;
  /** Nothing but the ciphertext itself could have been altered unnoticed. */
  authenticated: boolean;
}

export const UNDECRYPTABLE =
  'The assertion cannot be decrypted: it was encrypted for another certificate than those of this identity provider in the hub, or is damaged.';

/** Throws Refused: `saml_encryption_algorithm` for what is visible without a key, `saml_undecryptable` for everything else. */
export function decryptAssertion(encrypted: Element, keys: readonly DecryptionKey[], allowCbc: boolean): Decrypted {
  const data = onlyChild(encrypted, XENC, 'EncryptedData') ?? structure('it holds no EncryptedData');
  const algorithm = methodOf(data);
  const content = CONTENT.get(algorithm);
  if (content === undefined)
    return refuse(
      'saml_encryption_algorithm',
      `The content is encrypted with ${shown(algorithm)}, which is not accepted.`,
    );
  if (content.cbc && !allowCbc)
    refuse(
      'saml_encryption_algorithm',
      `The content is encrypted with ${shown(algorithm)}: AES-CBC is accepted only where the identity provider's settings allow it.`,
    );
  const encryptedKeys = everyElement(encrypted).filter(
    (item) => item.name === 'EncryptedKey' && item.namespace === XENC,
  );
  if (encryptedKeys.length === 0 || encryptedKeys.length > MAX_KEYS)
    structure(`it holds ${encryptedKeys.length} encrypted keys`);
  const opened = openKey(encryptedKeys.map(readKey), keys, content.keyBytes);
  const plaintext = decryptContent(content, opened.key, cipherValue(data));
  if (opened.kid === null || plaintext === null) return refuse('saml_undecryptable', UNDECRYPTABLE);
  return { plaintext, kid: opened.kid, algorithm, authenticated: !content.cbc };
}

const MAX_KEYS = 5;

function structure(what: string): never {
  return refuse('saml_structure', `The EncryptedAssertion is not as SAML allows: ${what}.`);
}

function methodOf(element: Element): string {
  const method = onlyChild(element, XENC, 'EncryptionMethod');
  return (method === null ? null : attribute(method, 'Algorithm')) ?? '';
}

function cipherValue(element: Element): Buffer {
  const data = onlyChild(element, XENC, 'CipherData');
  const value = data === null ? null : onlyChild(data, XENC, 'CipherValue');
  if (value === null || value === undefined)
    return structure('a cipher value is missing; references to it are not followed');
  return fromBase64(textOf(value)) ?? structure('a cipher value is not base64');
}

interface WrappedKey {
  hash: string;
  value: Buffer;
}

function readKey(element: Element): WrappedKey {
  const method = onlyChild(element, XENC, 'EncryptionMethod');
  const algorithm = method === null ? '' : (attribute(method, 'Algorithm') ?? '');
  if (method === null || (algorithm !== OAEP_MGF1P && algorithm !== OAEP))
    return refuse(
      'saml_encryption_algorithm',
      `The key is encrypted with ${shown(algorithm)}; only RSA-OAEP is accepted.`,
    );
  if (childrenNamed(method, XENC, 'OAEPparams').length > 0)
    refuse('saml_encryption_algorithm', 'The key is encrypted with OAEP parameters, which are not accepted.');
  const digest = onlyChild(method, DS, 'DigestMethod');
  const mask = onlyChild(method, XENC11, 'MGF');
  const hash = digest === null ? 'sha1' : DIGESTS.get(attribute(digest, 'Algorithm') ?? '');
  const maskHash = algorithm === OAEP_MGF1P || mask === null ? 'sha1' : MASKS.get(attribute(mask, 'Algorithm') ?? '');
  if (hash === undefined || maskHash === undefined)
    return refuse('saml_encryption_algorithm', 'The digest or mask function of RSA-OAEP is not known.');
  if (hash !== maskHash)
    return refuse(
      'saml_encryption_algorithm',
      `RSA-OAEP with the digest ${hash} and the mask function MGF1 with ${maskHash} is not supported: both must be the same.`,
    );
  return { hash, value: cipherValue(element) };
}

/** Tries every key on every wrapped key, without stopping at the first that fits: the time tells nothing. */
function openKey(
  wrapped: readonly WrappedKey[],
  keys: readonly DecryptionKey[],
  bytes: number,
): { key: Buffer; kid: string | null } {
  let found: { key: Buffer; kid: string | null } = { key: randomBytes(bytes), kid: null };
  for (const { hash, value } of wrapped) {
    for (const { kid, privateKey } of keys) {
      const key = unwrap(privateKey, hash, value);
      if (key !== null && key.length === bytes && found.kid === null) found = { key, kid };
    }
  }
  return found;
}

function unwrap(key: KeyObject, oaepHash: string, value: Buffer): Buffer | null {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, value);
  } catch {
    return null;
  }
}

const GCM = { nonce: 12, tag: 16 };
const BLOCK = 16;

function decryptContent({ cipher, cbc }: ContentAlgorithm, key: Buffer, bytes: Buffer): Buffer | null {
  try {
    return cbc ? decryptCbc(cipher, key, bytes) : decryptGcm(cipher as 'aes-128-gcm', key, bytes);
  } catch {
    return null;
  }
}

function decryptGcm(cipher: 'aes-128-gcm', key: Buffer, bytes: Buffer): Buffer {
  const decipher = createDecipheriv(cipher, key, bytes.subarray(0, GCM.nonce), { authTagLength: GCM.tag });
  decipher.setAuthTag(bytes.subarray(-GCM.tag));
  return Buffer.concat([decipher.update(bytes.subarray(GCM.nonce, -GCM.tag)), decipher.final()]);
}

/** The padding of xmlenc §5.2: the last byte counts, the others may be anything. */
function decryptCbc(cipher: string, key: Buffer, bytes: Buffer): Buffer | null {
  const decipher = createDecipheriv(cipher, key, bytes.subarray(0, BLOCK)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes.subarray(BLOCK)), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  return padding < 1 || padding > BLOCK || padding >= padded.length ? null : padded.subarray(0, -padding);
}
