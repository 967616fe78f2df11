/**
 * The metadata of an identity provider (SAML metadata §2.4.3). Keys without `use` serve both uses; a descriptor that leaves no signing
 * certificate is a failure, never "no verification" (security.md S13).
 */
import { err, ok, type Result } from '../../../shared/result.ts';
import { type CertificateFacts, certificateBytes, readCertificate } from '../certificates.ts';
import { attribute, childrenNamed, type Element, everyElement, withTree } from '../document/tree.ts';
import { Refused } from '../failures.ts';
import { DS, MD } from '../names.ts';

export interface IdentityProviderMetadata {
  entityId: string;
  sso: { binding: 'HTTP-POST' | 'HTTP-REDIRECT'; url: string }[];
  slo: { binding: 'HTTP-POST' | 'HTTP-REDIRECT'; url: string }[];
  nameIdFormats: string[];
  wantsSignedRequests: boolean;
  /** For signatures, each once, expired ones too. */
  certificates: CertificateFacts[];
}

export const MAX_METADATA_BYTES = 256 * 1024;
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const BINDINGS: ReadonlyMap<string, 'HTTP-POST' | 'HTTP-REDIRECT'> = new Map([
  ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', 'HTTP-POST'],
  ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', 'HTTP-REDIRECT'],
]);

/** The error is a sentence. Comments, which published metadata often has, are removed before the strict reader sees it. */
export function readMetadata(xml: string): Result<IdentityProviderMetadata, string> {
  if (xml.length > MAX_METADATA_BYTES) return err(`The metadata is larger than ${MAX_METADATA_BYTES} bytes.`);
  try {
    return withTree(Buffer.from(withoutComments(xml)), ({ root }) => fromRoot(root));
  } catch (error) {
    if (error instanceof Refused) return err(error.failure.reason);
    throw error;
  }
}

/** Nothing is decided by what stands in metadata's comments, and nothing of them reaches a value. */
function withoutComments(xml: string): string {
  let rest = xml.trim();
  let kept = '';
  for (let at = rest.indexOf('<!--'); at !== -1; at = rest.indexOf('<!--')) {
    const end = rest.indexOf('-->', at + 4);
    if (end === -1) break;
    kept += rest.slice(0, at);
    rest = rest.slice(end + 3);
  }
  return kept + rest;
}

function fromRoot(root: Element): Result<IdentityProviderMetadata, string> {
  const entities = everyElement(root).filter(({ name, namespace }) => name === 'EntityDescriptor' && namespace === MD);
  const providers = entities.filter((entity) => descriptorOf(entity) !== undefined);
  const [entity, ...more] = providers;
  if (entity === undefined) return err('The document describes no SAML 2.0 identity provider (IDPSSODescriptor).');
  if (more.length > 0)
    return err(`The document describes ${providers.length} identity providers; give the metadata of one.`);
  const descriptor = descriptorOf(entity)!;
  const certificates = signingCertificates(descriptor);
  if (certificates.length === 0)
    return err('The metadata holds no usable signing certificate: without one no response could be verified.');
  const entityId = attribute(entity, 'entityID') ?? '';
  if (entityId === '') return err('The EntityDescriptor has no entityID.');
  const services = (name: string) =>
    childrenNamed(descriptor, MD, name).flatMap((service) => {
      const binding = BINDINGS.get(attribute(service, 'Binding') ?? '');
      const url = attribute(service, 'Location');
      return binding === undefined || url === null ? [] : [{ binding, url }];
    });
  return ok({
    entityId,
    sso: services('SingleSignOnService'),
    slo: services('SingleLogoutService'),
    nameIdFormats: childrenNamed(descriptor, MD, 'NameIDFormat').map(({ text }) => text.trim()),
    wantsSignedRequests: /^(true|1)$/.test(attribute(descriptor, 'WantAuthnRequestsSigned') ?? ''),
    certificates,
  });
}

const descriptorOf = (entity: Element) =>
  childrenNamed(entity, MD, 'IDPSSODescriptor').find((descriptor) =>
    (attribute(descriptor, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(PROTOCOL),
  );

function signingCertificates(descriptor: Element): CertificateFacts[] {
  const found = new Map<string, CertificateFacts>();
  for (const key of childrenNamed(descriptor, MD, 'KeyDescriptor')) {
    if ((attribute(key, 'use') ?? 'signing') !== 'signing') continue;
    for (const element of everyElement(key)) {
      if (element.name !== 'X509Certificate' || element.namespace !== DS) continue;
      const bytes = certificateBytes(element.text);
      const facts = bytes === null ? null : readCertificate(bytes);
      if (facts !== null && facts.weakness === null) found.set(facts.thumbprint, facts);
    }
  }
  return [...found.values()];
}
