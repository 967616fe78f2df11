import { type KeyObject, sign } from 'node:crypto';

const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const VALID_FOR_DAYS = 365;

/** A self-signed X.509 certificate (DER) for an RSA key, so that the key set can carry x5c and x5t as ID.me's does (RFC 5280 §4.1). */
export function selfSigned(name: string, publicKey: KeyObject, privateKey: KeyObject, now: Date): Buffer {
  const subject = sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(name)))));
  const until = new Date(now.getTime() + VALID_FOR_DAYS * 86_400_000);
  const content = sequence(
    tagged(0x02, Buffer.from([1])),
    SHA256_WITH_RSA,
    subject,
    sequence(time(now), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  return sequence(content, SHA256_WITH_RSA, tagged(0x03, Buffer.from([0]), sign('sha256', content, privateKey)));
}

const sequence = (...parts: Buffer[]) => tagged(0x30, ...parts);

/** UTCTime, in whole seconds. */
const time = (date: Date) => tagged(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/\D/g, '')}Z`));

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value]);
  const digits = Buffer.from(value.toString(16).padStart(value > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits]);
}
