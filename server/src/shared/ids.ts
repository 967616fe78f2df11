import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Bytes of the system's random source, fetched 4 KB at a time (a sign-in takes thirty times a few); each is given out once and wiped here. */
function randomBytes(length: number): Buffer {
  if (length > POOL_BYTES) return randomFillSync(Buffer.alloc(length));
  if (used + length > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + length));
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TIME_LENGTH = 8;
const RANDOM_LENGTH = 9;

/** The kinds of object and the prefix of their ids (contract §1.2; `102`, `oag` and `job` are ours). */
export const ID_PREFIX = {
  user: '00u',
  group: '00g',
  application: '0oa',
  identityProvider: '0oa',
  org: '00o',
  policy: '00p',
  accessPolicy: 'rst',
  policyRule: '0pr',
  mapping: 'prm',
  userType: 'oty',
  schema: 'osc',
  zone: 'nzo',
  apiToken: '00T',
  eventHook: 'who',
  trustedOrigin: 'tos',
  message: 'msg',
  session: '102',
  grant: 'oag',
  import: 'imp',
  job: 'job',
} as const;

/**
 * A new id: prefix, then 8 base62 characters of the time in milliseconds and 9 random ones (20 in all), so that ids of one kind
 * sort by their creation when compared byte by byte.
 */
export function newId(kind: keyof typeof ID_PREFIX, at: Date): string {
  return ID_PREFIX[kind] + timeOrdered(at, RANDOM_LENGTH);
}

/** 8 base62 characters of the time in milliseconds, then random ones: values sort by their time when compared byte by byte. */
export function timeOrdered(at: Date, randomLength: number): string {
  let time = '';
  for (let rest = at.getTime(), i = 0; i < TIME_LENGTH; i++) {
    time = ALPHABET.charAt(rest % 62) + time;
    rest = Math.floor(rest / 62);
  }
  return time + randomBase62(randomLength);
}

/** Evenly distributed base62 characters from the system's random source (bytes of 248 and above are thrown away). */
export function randomBase62(length: number): string {
  let out = '';
  while (out.length < length) {
    for (const byte of randomBytes((length - out.length) * 2)) {
      if (byte < 248 && out.length < length) out += ALPHABET.charAt(byte % 62);
    }
  }
  return out;
}

/** A secret of the given strength in base64url (32 bytes = 256 bits). */
export function randomSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

let lastMillisecond = 0;
let inMillisecond = 0;

/** UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then 12 bits that count within one (§6.2 method 1), the rest random. */
export function uuidv7(at: Date): string {
  const bytes = randomBytes(16);
  const time = at.getTime();
  inMillisecond = time === lastMillisecond ? (inMillisecond + 1) & 0xfff : 0;
  lastMillisecond = time;
  bytes.writeUIntBE(time, 0, 6);
  bytes.writeUInt16BE(0x7000 | inMillisecond, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
