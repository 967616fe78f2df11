/** X.509 certificates as SAML uses them: carriers of a key and of two dates. Read in every form in which people paste them; made self-signed. */
import { createHash, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { fromBase64 } from './document/decode.ts';
import { weaknessOf } from './signature/algorithms.ts';

export interface CertificateFacts {
  der: Buffer;
  publicKey: KeyObject;
  subject: string;
  notBefore: Date;
  notAfter: Date;
  /** Base64url of the SHA-256 of the DER, `x5t#S256`. */
  thumbprint: string;
  /** Why its key must not be used; null where it may. */
  weakness: string | null;
}

/** From DER; null for anything else. */
export function readCertificate(der: Uint8Array): CertificateFacts | null {
  try {
    const certificate = new X509Certificate(der);
    const { publicKey } = certificate;
    return {
      der: certificate.raw,
      publicKey,
      subject: certificate.subject.split('\n').reverse().join(', '),
      notBefore: new Date(certificate.validFrom),
      notAfter: new Date(certificate.validTo),
      thumbprint: createHash('sha256').update(certificate.raw).digest('base64url'),
      weakness: weaknessOf(publicKey),
    };
  } catch {
    return null;
  }
}

/** The DER in a PEM block, or in bare base64 with white space (as between `ds:X509Certificate` tags); null for anything else. */
export function certificateBytes(text: string): Buffer | null {
  const [, block] = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/.exec(text) ?? [];
  const packed = (block ?? text).replace(/\s+/g, '');
  return packed === '' ? null : fromBase64(packed);
}

const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const VERSION_3 = Buffer.from('a003020102', 'hex');

/** A self-signed certificate (DER, RFC 5280 §4.1, RSA with SHA-256). `name`: its common name. */
export function selfSignedCertificate(input: {
  name: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
}): Buffer {
  const subject = sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(input.name)))));
  const serial = randomBytes(16);
  serial[0] = 0x40 | (serial[0]! & 0x3f);
  const content = sequence(
    VERSION_3,
    tagged(0x02, serial),
    SHA256_WITH_RSA,
    subject,
    sequence(time(input.notBefore), time(input.notAfter)),
    subject,
    input.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, input.privateKey);
  return sequence(content, SHA256_WITH_RSA, tagged(0x03, Buffer.from([0]), signature));
}

const sequence = (...parts: Buffer[]) => tagged(0x30, ...parts);

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
function time(date: Date): Buffer {
  const digits = `${date.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value]);
  const hex = value.toString(16);
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits]);
}
