import { X509Certificate } from 'node:crypto';
import { InvalidClient } from '../../clients/clients.ts';
import { POLICIES, policyOf } from '../../people/policies.ts';
import { ENCRYPTIONS, type EncryptionName, POST, type SignatureName } from '../names.ts';
import { readSpMetadata, type SpMetadata } from './sp-metadata.ts';

/** A service provider that ID.me's staff has set up. */
export interface ServiceProvider {
  entity_id: string;
  /** Shown on the consent page. */
  name: string;
  /** The first is where a response goes when the request names none. */
  acs_urls: string[];
  logout: { url: string; binding: string } | null;
  /** Certificates (bare base64) with which its requests are verified. */
  signing_certificates: string[];
  /** The certificate for which assertions are encrypted. */
  encryption_certificate: string | null;
  /** Policies that it may ask for; the first stands for a request that names none. */
  policies: string[];
  signs: 'assertion' | 'response' | 'both';
  signature_algorithm: Exclude<SignatureName, 'sha1'>;
  encryption: EncryptionName | 'none';
}

/** As it is handed over: metadata, or audience, ACS and certificate. What is given beside metadata wins over it. */
export interface ServiceProviderRequest {
  name?: string;
  metadata?: string;
  audience?: string;
  acs_urls?: string[];
  /** PEM or bare base64; for signatures and for encryption. */
  certificate?: string;
  logout_url?: string;
  policies?: string[];
  signs?: string;
  signature_algorithm?: string;
  encryption?: string;
}

export interface ServiceProviders {
  list(): ServiceProvider[];
  find(entityId: string): ServiceProvider | undefined;
  /** Registers it, or puts it in the place of the one with the same entity id. Throws InvalidClient. */
  register(request: ServiceProviderRequest): ServiceProvider;
}

const NOTHING: SpMetadata = { entityId: undefined, acsUrls: [], logout: null, signing: [], encryption: [] };

/** Held in memory, as the clients are. */
export function createServiceProviders(): ServiceProviders {
  const known = new Map<string, ServiceProvider>();
  return {
    list: () => [...known.values()],
    find: (entityId) => known.get(entityId),
    register(request) {
      const provider = checked(request);
      known.set(provider.entity_id, provider);
      return provider;
    },
  };
}

function checked(request: ServiceProviderRequest): ServiceProvider {
  const metadata = metadataIn(request.metadata);
  const entityId = textOf(request.audience) || metadata.entityId || '';
  if (entityId === '') throw new InvalidClient('audience: it is needed, or metadata with an entityID.');
  const acsUrls = request.acs_urls?.length ? request.acs_urls.map(String) : metadata.acsUrls;
  if (acsUrls.length === 0)
    throw new InvalidClient('acs_urls: at least one is needed, or metadata with one of HTTP-POST.');
  for (const url of acsUrls) checkAddress('acs_urls', url);
  const given = textOf(request.certificate) === '' ? [] : [certificateIn(textOf(request.certificate))];
  const signing = given.length > 0 ? given : metadata.signing.map(certificateIn);
  if (signing.length === 0) throw new InvalidClient('certificate: it is needed, because requests must be signed.');
  const [encryptionCertificate = null] = given.length > 0 ? given : metadata.encryption.map(certificateIn);
  const encryption = oneOf('encryption', request.encryption, 'aes256-cbc', [...encryptionNames, 'none']);
  if (encryption !== 'none' && encryptionCertificate === null) {
    throw new InvalidClient('encryption: the metadata has no certificate for it; give one, or choose none.');
  }
  const logoutUrl = textOf(request.logout_url);
  if (logoutUrl !== '') checkAddress('logout_url', logoutUrl);
  return {
    entity_id: entityId,
    name: textOf(request.name) || new URL(acsUrls[0] as string).host,
    acs_urls: acsUrls,
    logout: logoutUrl === '' ? metadata.logout : { url: logoutUrl, binding: POST },
    signing_certificates: signing,
    encryption_certificate: encryptionCertificate,
    policies: policiesIn(request.policies),
    signs: oneOf('signs', request.signs, 'both', ['assertion', 'response', 'both']),
    signature_algorithm: oneOf('signature_algorithm', request.signature_algorithm, 'sha256', ['sha256', 'sha512']),
    encryption,
  };
}

const encryptionNames = Object.keys(ENCRYPTIONS) as EncryptionName[];
const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

function metadataIn(document: unknown): SpMetadata {
  const text = textOf(document);
  if (text === '') return NOTHING;
  try {
    return readSpMetadata(text);
  } catch {
    throw new InvalidClient('metadata: this is not an XML document that can be read.');
  }
}

/** PEM, base64 between tags or base64 alone; gives bare base64. */
function certificateIn(text: string): string {
  const base64 = text.replace(/-----[^-]+-----|<[^>]*>|\s/g, '');
  try {
    return new X509Certificate(Buffer.from(base64, 'base64')).raw.toString('base64');
  } catch {
    throw new InvalidClient('certificate: this is not an X.509 certificate.');
  }
}

function checkAddress(field: string, address: string): void {
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? '')) {
    throw new InvalidClient(`${field}: ${address} is not an http or https address.`);
  }
}

/** Without any: all of them may be asked for, the guide's first. */
function policiesIn(handles: unknown): string[] {
  const given = Array.isArray(handles) ? handles.map(String).filter((handle) => handle !== '') : [];
  const unknown = given.find((handle) => policyOf(handle) === undefined);
  if (unknown !== undefined) throw new InvalidClient(`policies: ${unknown} is not one of the sandbox's.`);
  return given.length > 0
    ? given
    : ['http://idmanagement.gov/ns/assurance/ial/2/aal/2', ...POLICIES.map(({ handle }) => handle)];
}

function oneOf<T extends string>(field: string, value: unknown, preset: T, allowed: readonly T[]): T {
  const text = textOf(value) || preset;
  const found = allowed.find((name) => name === text);
  if (found === undefined) throw new InvalidClient(`${field}: ${text} is none of ${allowed.join(', ')}.`);
  return found;
}
