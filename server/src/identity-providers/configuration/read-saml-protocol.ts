/** Reads and checks the `protocol` of a SAML 2.0 provider's body (contract §2.2, §2.3). */
import type { Egress } from '../../http/index.ts';
import * as schema from '../saml/schema.ts';
import type { FieldReader } from './field-reader.ts';
import { readUrl } from './read-url.ts';

/** What the hub supplies where the body says nothing. */
export interface SamlDefaults {
  audience: string;
  signingKid: string;
}

const MAX_KIDS = 100;
const MAX_NAME = 1024;
const CACHE_LIFETIME = { min: 0, max: 525_600, unit: 'minutes' };

/** @param previous the stored protocol, whose own fields survive a body without them (rulings 18); null for a new provider */
export function readSamlProtocol(
  reader: FieldReader,
  previous: schema.SamlProtocolConfig | null,
  admits: Egress['admits'],
  defaults: SamlDefaults,
): schema.SamlProtocolConfig {
  const sso = 'protocol.endpoints.sso';
  const url = readUrl(reader, `${sso}.url`, admits, { browser: true }) ?? '';
  const signature = (of: 'request' | 'response') => `protocol.algorithms.${of}.signature`;
  const slo = readUrl(reader, 'protocol.endpoints.slo.url', admits, { browser: true, required: false });
  const relayState = reader.choice('protocol.relayState.format', schema.RELAY_STATE_FORMATS, null);
  return {
    type: 'SAML2',
    endpoints: {
      sso: {
        url,
        binding: reader.choice(`${sso}.binding`, schema.SAML_BINDINGS, 'HTTP-POST'),
        destination: reader.text(`${sso}.destination`, { max: MAX_NAME }) ?? url,
      },
      acs: {
        binding: reader.choice('protocol.endpoints.acs.binding', ['HTTP-POST'], 'HTTP-POST'),
        type: reader.choice('protocol.endpoints.acs.type', schema.ACS_TYPES, 'INSTANCE'),
      },
      ...(slo !== null && {
        slo: { url: slo, binding: reader.choice('protocol.endpoints.slo.binding', schema.SAML_BINDINGS, 'HTTP-POST') },
      }),
    },
    algorithms: {
      request: {
        signature: {
          algorithm: reader.choice(`${signature('request')}.algorithm`, schema.SAML_ALGORITHMS, 'SHA-256'),
          scope: reader.choice(`${signature('request')}.scope`, schema.SAML_REQUEST_SCOPES, 'REQUEST'),
        },
      },
      response: {
        signature: {
          algorithm: reader.choice(`${signature('response')}.algorithm`, schema.SAML_ALGORITHMS, 'SHA-256'),
          scope: reader.choice(`${signature('response')}.scope`, schema.RESPONSE_SCOPES, 'ANY'),
        },
      },
    },
    settings: readSettings(reader, previous?.settings ?? null, admits, slo !== null),
    ...(relayState !== null && { relayState: { format: relayState } }),
    credentials: readCredentials(reader, previous, defaults),
  };
}

function readSettings(
  reader: FieldReader,
  kept: schema.SamlProtocolConfig['settings'] | null,
  admits: Egress['admits'],
  hasSlo: boolean,
): schema.SamlProtocolConfig['settings'] {
  const at = (name: string) => `protocol.settings.${name}`;
  const own = (name: 'allowUnsolicited' | 'allowCbc' | 'requireEncryptedAssertion') =>
    reader.flag(at(name), kept?.[name] ?? false);
  const participateSlo = reader.flag(at('participateSlo'), false);
  if (participateSlo && !hasSlo)
    reader.refuse('protocol.endpoints.slo.url', 'is required where participateSlo is true');
  const metadataUrl = readUrl(reader, at('metadataUrl'), admits, { browser: false, required: false });
  return {
    nameFormat: reader.choice(at('nameFormat'), schema.NAME_FORMATS, schema.NAME_FORMATS[0]),
    honorPersistentNameId: reader.flag(at('honorPersistentNameId'), true),
    participateSlo,
    sendApplicationContext: reader.flag(at('sendApplicationContext'), false),
    allowUnsolicited: own('allowUnsolicited'),
    allowCbc: own('allowCbc'),
    requireEncryptedAssertion: own('requireEncryptedAssertion'),
    requestedAuthnContexts:
      reader.texts(at('requestedAuthnContexts'), { maxItems: 10, maxLength: 256 }) ??
      kept?.requestedAuthnContexts ??
      [],
    authnContextComparison: reader.choice(
      at('authnContextComparison'),
      schema.COMPARISONS,
      kept?.authnContextComparison ?? 'exact',
    ),
    // An empty text ends the keeping in step; a body without the field keeps it.
    metadataUrl: metadataUrl ?? (reader.at(at('metadataUrl')) === '' ? null : (kept?.metadataUrl ?? null)),
  };
}

function readCredentials(
  reader: FieldReader,
  previous: schema.SamlProtocolConfig | null,
  defaults: SamlDefaults,
): schema.SamlProtocolConfig['credentials'] {
  const trust = 'protocol.credentials.trust';
  const issuer = reader.text(`${trust}.issuer`, { max: MAX_NAME, required: true }) ?? '';
  const kid = reader.text(`${trust}.kid`, { max: 100, required: true }) ?? '';
  const additionalKids = reader.texts(`${trust}.additionalKids`, { maxItems: MAX_KIDS, maxLength: 100 });
  const others = additionalKids?.filter((other) => other !== kid);
  if (reader.at(`${trust}.revocation`) !== undefined)
    reader.refuse(`${trust}.revocation`, 'only null is supported: a certificate is trusted until it is taken out');
  return {
    trust: {
      issuer,
      audience:
        reader.text(`${trust}.audience`, { max: MAX_NAME }) ??
        previous?.credentials.trust.audience ??
        defaults.audience,
      kid,
      ...(others !== undefined && others.length > 0 && { additionalKids: others }),
      revocation: null,
      revocationCacheLifetime: reader.integer(`${trust}.revocationCacheLifetime`, CACHE_LIFETIME, 0),
    },
    signing: {
      kid:
        reader.text('protocol.credentials.signing.kid', { max: 100 }) ??
        previous?.credentials.signing.kid ??
        defaults.signingKid,
    },
  };
}
