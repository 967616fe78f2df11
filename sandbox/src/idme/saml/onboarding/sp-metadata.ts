import { attributeAt, elementsAt, textsAt } from '../library.ts';
import { POST } from '../names.ts';

const ROLE = ['EntityDescriptor', 'SPSSODescriptor'];

/** What the desk takes out of a service provider's metadata. */
export interface SpMetadata {
  entityId: string | undefined;
  /** Assertion consumer services of the HTTP-POST binding, in document order. */
  acsUrls: string[];
  logout: { url: string; binding: string } | null;
  /** Bare base64; a KeyDescriptor without `use` counts for both. */
  signing: string[];
  encryption: string[];
}

/** Throws the parser's error for what is no XML. */
export function readSpMetadata(document: string): SpMetadata {
  const services = elementsAt(document, [...ROLE, 'AssertionConsumerService']);
  const [logout] = elementsAt(document, [...ROLE, 'SingleLogoutService']);
  const logoutUrl = logout && attributeAt(logout, ['SingleLogoutService'], 'Location');
  const keys = elementsAt(document, [...ROLE, 'KeyDescriptor']).map((descriptor) => ({
    use: attributeAt(descriptor, ['KeyDescriptor'], 'use'),
    certificates: textsAt(descriptor, ['KeyDescriptor', 'KeyInfo', 'X509Data', 'X509Certificate']),
  }));
  const of = (use: string) => keys.flatMap((key) => (key.use === undefined || key.use === use ? key.certificates : []));
  return {
    entityId: attributeAt(document, ['EntityDescriptor'], 'entityID'),
    acsUrls: services.flatMap((service) => {
      const location = attributeAt(service, ['AssertionConsumerService'], 'Location');
      const binding = attributeAt(service, ['AssertionConsumerService'], 'Binding');
      return location !== undefined && binding === POST ? [location] : [];
    }),
    logout:
      logout !== undefined && logoutUrl !== undefined
        ? { url: logoutUrl, binding: attributeAt(logout, ['SingleLogoutService'], 'Binding') ?? POST }
        : null,
    signing: of('signing'),
    encryption: of('encryption'),
  };
}
