/** Messages of service providers: read from their binding, and believed only when signed with the registered certificate. */
import { verify, X509Certificate } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { attributeAt, elementsAt, SamlLib, textsAt } from './library.ts';
import { REQUEST_DIGESTS } from './names.ts';
import type { ServiceProvider } from './onboarding/service-providers.ts';

const MESSAGE_AT_MOST = 256 * 1024;

export interface IncomingMessage {
  binding: 'POST' | 'Redirect';
  parameter: 'SAMLRequest' | 'SAMLResponse';
  document: string;
  relayState: string | undefined;
  /** The raw query, over which a redirect's signature goes. */
  query: string;
}

/** Thrown with a title and a sentence for the page on which the exchange ends. */
export class MessageRefused extends Error {
  readonly title: string;
  constructor(title: string, text: string) {
    super(text);
    this.title = title;
  }
}

/** undefined when neither query nor form carries a message. Throws MessageRefused for what cannot be decoded. */
export function incomingMessage(
  method: string,
  query: string,
  form: Record<string, string> = {},
): IncomingMessage | undefined {
  const parameters = method === 'POST' ? form : Object.fromEntries(new URLSearchParams(query));
  const parameter = (['SAMLRequest', 'SAMLResponse'] as const).find((name) => parameters[name] !== undefined);
  if (parameter === undefined) return undefined;
  const bytes = Buffer.from(parameters[parameter] ?? '', 'base64');
  try {
    const plain = method === 'POST' ? bytes : inflateRawSync(bytes, { maxOutputLength: MESSAGE_AT_MOST });
    const document = plain.toString('utf8');
    if (/<!DOCTYPE/i.test(document)) throw new Error('document type');
    attributeAt(document, ['Any'], 'ID');
    const binding = method === 'POST' ? 'POST' : 'Redirect';
    return { binding, parameter, document, relayState: parameters.RelayState, query };
  } catch {
    throw new MessageRefused('This message cannot be read', 'It is not a SAML message in the encoding of its binding.');
  }
}

/** Throws MessageRefused unless one of the provider's certificates verifies the message's signature (failure 43). */
export function checkSignature(message: IncomingMessage, root: string, provider: ServiceProvider): void {
  const signed = provider.signing_certificates.some((certificate) =>
    message.binding === 'POST'
      ? signedInside(message.document, root, certificate)
      : signedInQuery(message, certificate),
  );
  if (!signed) {
    throw new MessageRefused(
      'The signature of this request cannot be verified',
      `It must be signed with the certificate that ${provider.entity_id} registered, with RSA and SHA-256, SHA-384 or SHA-512, and unchanged since.`,
    );
  }
}

function signedInside(document: string, root: string, certificate: string): boolean {
  const signature = [root, 'Signature', 'SignedInfo'];
  const algorithm = attributeAt(document, [...signature, 'SignatureMethod'], 'Algorithm') ?? '';
  const references = elementsAt(document, [...signature, 'Reference']);
  const covered = attributeAt(document, [...signature, 'Reference'], 'URI');
  if (!(algorithm in REQUEST_DIGESTS) || references.length !== 1) return false;
  if (covered !== `#${attributeAt(document, [root], 'ID')}`) return false;
  try {
    const metadata = { getX509Certificate: () => certificate } as unknown as NonNullable<
      Parameters<typeof SamlLib.verifySignature>[1]['metadata']
    >;
    return SamlLib.verifySignature(document, { metadata, signatureAlgorithm: algorithm })[0];
  } catch {
    return false;
  }
}

/** The octets are the parameters as they were sent, in the order of SAML bindings §3.4.4.1. */
function signedInQuery({ query, parameter }: IncomingMessage, certificate: string): boolean {
  const raw = new Map(query.split('&').map((pair) => [pair.split('=')[0] ?? '', pair]));
  const parameters = new URLSearchParams(query);
  const digest = REQUEST_DIGESTS[parameters.get('SigAlg') ?? ''];
  const signature = parameters.get('Signature');
  if (digest === undefined || signature === null) return false;
  const octets = [parameter, 'RelayState', 'SigAlg'].flatMap((name) => raw.get(name) ?? []).join('&');
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
  return verify(digest, Buffer.from(octets), publicKey, Buffer.from(signature, 'base64'));
}

export const issuerOf = (document: string, root: string) => textsAt(document, [root, 'Issuer'])[0] ?? '';
