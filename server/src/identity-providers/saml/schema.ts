/** Wire shape of a SAML 2.0 provider's `protocol` (contract §2.2, §2.3); the fields marked "own" are not in the contract. */
import Type, { type Static } from 'typebox';

export const SAML_BINDINGS = ['HTTP-POST', 'HTTP-REDIRECT'] as const;
export const ACS_TYPES = ['INSTANCE', 'ORG'] as const;
export const SAML_ALGORITHMS = ['SHA-256', 'SHA-1'] as const;
export const SAML_REQUEST_SCOPES = ['REQUEST', 'NONE'] as const;
/** ASSERTION is an older name of TOKEN. */
export const RESPONSE_SCOPES = ['RESPONSE', 'TOKEN', 'ANY', 'ASSERTION'] as const;
export const RELAY_STATE_FORMATS = ['OPAQUE', 'FROM_URL'] as const;
export const COMPARISONS = ['exact', 'minimum', 'maximum', 'better'] as const;
export const NAME_FORMATS = [
  'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:unspecified',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress',
] as const;

const oneOf = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description });
const nullable = <T>(type: string) => Type.Unsafe<T | null>({ type: [type, 'null'] });
const url = () => Type.String({ format: 'uri' });

export const SamlProtocol = Type.Object({
  type: oneOf(['SAML2']),
  endpoints: Type.Object({
    sso: Type.Object({ url: url(), binding: oneOf(SAML_BINDINGS), destination: Type.String() }),
    acs: Type.Object({ binding: oneOf(['HTTP-POST']), type: oneOf(ACS_TYPES) }),
    slo: Type.Optional(Type.Object({ url: url(), binding: oneOf(SAML_BINDINGS) })),
  }),
  algorithms: Type.Object({
    request: Type.Object({
      signature: Type.Object({ algorithm: oneOf(SAML_ALGORITHMS), scope: oneOf(SAML_REQUEST_SCOPES) }),
    }),
    response: Type.Object({
      signature: Type.Object({ algorithm: oneOf(SAML_ALGORITHMS), scope: oneOf(RESPONSE_SCOPES) }),
    }),
  }),
  settings: Type.Object({
    nameFormat: oneOf(NAME_FORMATS),
    honorPersistentNameId: Type.Boolean(),
    participateSlo: Type.Boolean(),
    sendApplicationContext: Type.Boolean(),
    allowUnsolicited: Type.Boolean({ description: 'own: accept a sign-in that began at the provider' }),
    allowCbc: Type.Boolean({
      description: 'own: decrypt AES-CBC, which does not protect its content from being altered',
    }),
    requireEncryptedAssertion: Type.Boolean({ description: 'own: refuse an assertion that is not encrypted' }),
    requestedAuthnContexts: Type.Array(Type.String(), { description: 'own: AuthnContext classes to ask for' }),
    authnContextComparison: oneOf(COMPARISONS, 'own: how the asked classes are to be compared'),
    metadataUrl: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'own: where the certificates are kept in step with',
    }),
  }),
  relayState: Type.Optional(Type.Object({ format: oneOf(RELAY_STATE_FORMATS) })),
  credentials: Type.Object({
    trust: Type.Object({
      issuer: Type.String(),
      audience: Type.String(),
      kid: Type.String(),
      additionalKids: Type.Optional(Type.Array(Type.String())),
      revocation: nullable<string>('string'),
      revocationCacheLifetime: Type.Integer(),
    }),
    signing: Type.Object({ kid: Type.String() }),
  }),
});

export type SamlProtocolConfig = Static<typeof SamlProtocol>;
