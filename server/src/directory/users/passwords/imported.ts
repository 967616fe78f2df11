/**
 * Password hashes of other systems, as clients import them (contract §3): read, kept as text in the manner of PHC strings, and verified
 * until the first right use, when our own hash takes their place. What Node has no function for (bcrypt) comes from a library.
 */
import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { apiErrors } from '../../../http/index.ts';

export interface ImportedHash {
  algorithm?: string | null;
  /** bcrypt: the logarithm of the rounds. */
  workFactor?: number | null;
  salt?: string | null;
  saltOrder?: string | null;
  value?: string | null;
  digestAlgorithm?: string | null;
  iterationCount?: number | null;
  /** Bytes. */
  keySize?: number | null;
}

const derive = promisify(pbkdf2);

const DIGESTS: Readonly<Record<string, { name: string; bytes: number }>> = {
  'SHA-512': { name: 'sha512', bytes: 64 },
  'SHA-256': { name: 'sha256', bytes: 32 },
  'SHA-1': { name: 'sha1', bytes: 20 },
  MD5: { name: 'md5', bytes: 16 },
};
const HMACS: Readonly<Record<string, string>> = { SHA256_HMAC: 'sha256', SHA512_HMAC: 'sha512' };
const ALGORITHMS = ['BCRYPT', ...Object.keys(DIGESTS), 'PBKDF2'];
/** Beyond this one guess would take seconds, which is a way to stop the hub. */
const MAX_WORK_FACTOR = 14;
const MIN_ITERATIONS = 4_096;
const MAX_ITERATIONS = 1_000_000;
const MAX_SALT_BYTES = 128;
const MIN_KEY_BYTES = 16;
const MAX_KEY_BYTES = 64;

const wrong = (field: string, expected: string) =>
  apiErrors.validation('password', `password.hash.${field}: expected ${expected}`);

/** The text that is kept of an imported hash. Throws E0000001, which names the member that cannot be used. */
export function keptHash(hash: ImportedHash): string {
  const { algorithm } = hash;
  if (algorithm === 'BCRYPT') return keptBcrypt(hash);
  if (algorithm === 'PBKDF2') return keptPbkdf2(hash);
  const digest = Object.hasOwn(DIGESTS, algorithm ?? '') ? DIGESTS[algorithm!] : undefined;
  if (digest === undefined) throw wrong('algorithm', `one of ${ALGORITHMS.join(', ')}`);
  const value = bytesOf(hash.value, 'value', digest.bytes, digest.bytes);
  if (hash.salt == null || hash.salt === '') return `$${digest.name}$o=NONE$$${value}`;
  if (hash.saltOrder !== 'PREFIX' && hash.saltOrder !== 'POSTFIX') throw wrong('saltOrder', 'PREFIX or POSTFIX');
  return `$${digest.name}$o=${hash.saltOrder}$${bytesOf(hash.salt, 'salt', 1, MAX_SALT_BYTES)}$${value}`;
}

function keptBcrypt({ workFactor, salt, value }: ImportedHash): string {
  if (!Number.isInteger(workFactor) || workFactor! < 4 || workFactor! > MAX_WORK_FACTOR)
    throw wrong('workFactor', `a whole number from 4 to ${MAX_WORK_FACTOR}`);
  if (!/^[./A-Za-z0-9]{22}$/.test(salt ?? '')) throw wrong('salt', "22 characters of bcrypt's base64");
  if (!/^[./A-Za-z0-9]{31}$/.test(value ?? '')) throw wrong('value', "31 characters of bcrypt's base64");
  return `$2b$${String(workFactor).padStart(2, '0')}$${salt}${value}`;
}

function keptPbkdf2(hash: ImportedHash): string {
  const hmac = Object.hasOwn(HMACS, hash.digestAlgorithm ?? '') ? HMACS[hash.digestAlgorithm!] : undefined;
  if (hmac === undefined) throw wrong('digestAlgorithm', `one of ${Object.keys(HMACS).join(', ')}`);
  const { iterationCount: rounds, keySize } = hash;
  if (!Number.isInteger(rounds) || rounds! < MIN_ITERATIONS || rounds! > MAX_ITERATIONS)
    throw wrong('iterationCount', `a whole number from ${MIN_ITERATIONS} to ${MAX_ITERATIONS}`);
  if (!Number.isInteger(keySize) || keySize! < MIN_KEY_BYTES || keySize! > MAX_KEY_BYTES)
    throw wrong('keySize', `a whole number of bytes from ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES}`);
  const salt = bytesOf(hash.salt, 'salt', 1, MAX_SALT_BYTES);
  return `$pbkdf2-${hmac}$i=${rounds},l=${keySize}$${salt}$${bytesOf(hash.value, 'value', keySize!, keySize!)}`;
}

/** Base64 of a length within the bounds (in bytes), padded as Node writes it. */
function bytesOf(text: string | null | undefined, field: string, min: number, max: number): string {
  const length = min === max ? `${min}` : `${min} to ${max}`;
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(text ?? '') ? Buffer.from(text!, 'base64') : Buffer.alloc(0);
  if (bytes.length < min || bytes.length > max) throw wrong(field, `base64 of ${length} bytes`);
  return bytes.toString('base64');
}

/** Whether a kept text is of another system. */
export const isImported = (kept: string): boolean => !kept.startsWith('$argon2');

/** What a guess at this hash costs, as a text that `spend` takes; null where it costs next to nothing. */
export function costOf(kept: string): string | null {
  return /^(?:\$2b\$\d\d\$|\$pbkdf2-sha\d+\$i=\d+,l=\d+\$)/.exec(kept)?.[0] ?? null;
}

/** Whether the password is the one of an imported hash. */
export async function matchesImported(kept: string, password: string): Promise<boolean> {
  if (kept.startsWith('$2b$')) return (await bcrypt()).verify(password, kept);
  const [, name = '', parameters = '', salt = '', value = ''] = kept.split('$');
  const expected = Buffer.from(value, 'base64');
  const saltBytes = Buffer.from(salt, 'base64');
  const found = name.startsWith('pbkdf2-')
    ? await derivedFrom(password, saltBytes, parameters, name.slice('pbkdf2-'.length))
    : digestOf(name, password, saltBytes, parameters);
  return found.length === expected.length && timingSafeEqual(found, expected);
}

/** Takes as long as a guess at a hash of that cost. */
export async function spend(cost: string, password: string): Promise<void> {
  await matchesImported(cost.startsWith('$2b$') ? `${cost}${'.'.repeat(53)}` : `${cost}AAAA$AAAA`, password);
}

async function derivedFrom(password: string, salt: Buffer, parameters: string, digest: string): Promise<Buffer> {
  const { i, l } = Object.fromEntries(parameters.split(',').map((part) => part.split('='))) as Record<string, string>;
  return derive(password, salt, Number(i), Number(l), digest);
}

function digestOf(name: string, password: string, salt: Buffer, parameters: string): Buffer {
  const hash = createHash(name);
  if (parameters === 'o=PREFIX') hash.update(salt);
  hash.update(password);
  if (parameters === 'o=POSTFIX') hash.update(salt);
  return hash.digest();
}

/** A native library, loaded where somebody has such a hash. */
const bcrypt = () => import('@node-rs/bcrypt');
