/** Reads and checks the `protocol` of an OpenID Connect provider's body (contract §2.3). */
import type { Egress } from '../../http/index.ts';
import * as schema from '../schema.ts';
import type { FieldReader } from './field-reader.ts';
import { readUrl } from './read-url.ts';

export interface ReadProtocol {
  protocol: schema.ProtocolConfig;
  /** null: none is wanted; undefined: the body says nothing, so that a kept one stays. */
  clientSecret: string | null | undefined;
}

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const SERVER_BINDING = { token: 'HTTP-POST', userInfo: 'HTTP-REDIRECT', jwks: 'HTTP-REDIRECT' } as const;

/**
 * @param previous the stored protocol, whose own fields survive a body without them (rulings 18); null for a new provider
 * @param hasSecret whether a secret is stored
 */
export function readProtocol(
  reader: FieldReader,
  previous: schema.ProtocolConfig | null,
  hasSecret: boolean,
  admits: Egress['admits'],
): ReadProtocol {
  const settings = readSettings(reader, previous);
  const scopes = readScopes(reader);
  const issuer = readUrl(reader, 'protocol.issuer.url', admits, { browser: true });
  const authorization = readUrl(reader, 'protocol.endpoints.authorization.url', admits, { browser: true });
  const signature = 'protocol.algorithms.request.signature';
  const { client, clientSecret } = readClient(reader, hasSecret, settings.idTokenAlgorithms);
  const symmetricOnly = settings.idTokenAlgorithms.every((name) => name.startsWith('HS'));
  const server = (name: keyof typeof SERVER_BINDING, required: boolean) => {
    const url = readUrl(reader, `protocol.endpoints.${name}.url`, admits, { browser: false, required });
    if (url === null) return undefined;
    return { url, binding: reader.choice(`protocol.endpoints.${name}.binding`, schema.BINDINGS, SERVER_BINDING[name]) };
  };
  const token = server('token', true) ?? { url: '', binding: SERVER_BINDING.token };
  const userInfo = server('userInfo', false);
  const jwks = server('jwks', !symmetricOnly);
  const slo = readUrl(reader, 'protocol.endpoints.slo.url', admits, { browser: true, required: false });
  return {
    clientSecret,
    protocol: {
      type: 'OIDC',
      endpoints: {
        authorization: {
          url: authorization ?? '',
          binding: reader.choice('protocol.endpoints.authorization.binding', schema.BINDINGS, 'HTTP-REDIRECT'),
        },
        token,
        ...(userInfo && { userInfo }),
        ...(jwks && { jwks }),
        ...(slo !== null && {
          slo: { url: slo, binding: reader.choice('protocol.endpoints.slo.binding', schema.BINDINGS, 'HTTP-REDIRECT') },
        }),
      },
      algorithms: {
        request: {
          signature: {
            algorithm: reader.choice(`${signature}.algorithm`, schema.REQUEST_ALGORITHMS, 'HS256'),
            scope: reader.choice(`${signature}.scope`, schema.REQUEST_SCOPES, 'NONE'),
          },
        },
      },
      settings,
      scopes,
      issuer: { url: issuer ?? '' },
      credentials: { client },
    },
  };
}

function readSettings(reader: FieldReader, previous: schema.ProtocolConfig | null): schema.ProtocolConfig['settings'] {
  const kept = previous?.settings;
  const known: readonly string[] = [...schema.ASYMMETRIC_ALGORITHMS, ...schema.SYMMETRIC_ALGORITHMS];
  const path = 'protocol.settings.idTokenAlgorithms';
  const listed = reader.texts(path, { maxItems: 20, maxLength: 10 });
  if (listed?.length === 0) reader.refuse(path, 'must name at least one algorithm');
  for (const name of listed ?? []) {
    if (!known.includes(name)) reader.refuse(path, `"${name}" is not among ${known.join(', ')}`);
  }
  if (reader.flag('protocol.settings.participateSlo', false))
    reader.refuse('protocol.settings.participateSlo', 'only SAML 2.0 providers take part in logout');
  return {
    nameFormat: null,
    participateSlo: false,
    sendApplicationContext: reader.flag('protocol.settings.sendApplicationContext', false),
    parseUserInfo: reader.choice(
      'protocol.settings.parseUserInfo',
      schema.USERINFO_FORMS,
      kept?.parseUserInfo ?? 'json',
    ),
    perIdpRedirectUri: reader.flag('protocol.settings.perIdpRedirectUri', kept?.perIdpRedirectUri ?? false),
    requireIssParameter: reader.flag('protocol.settings.requireIssParameter', kept?.requireIssParameter ?? false),
    responseMode: reader.choice('protocol.settings.responseMode', schema.RESPONSE_MODES, kept?.responseMode ?? 'query'),
    idTokenAlgorithms: (listed as (typeof schema.ASYMMETRIC_ALGORITHMS)[number][] | null) ??
      kept?.idTokenAlgorithms ?? [...schema.ASYMMETRIC_ALGORITHMS],
  };
}

function readScopes(reader: FieldReader): string[] {
  const path = 'protocol.scopes';
  const scopes = reader.texts(path, { maxItems: 50, maxLength: 256 });
  if (scopes === null) {
    if (reader.at(path) === undefined) reader.refuse(path, 'is required, for example ["openid", "profile", "email"]');
    return [];
  }
  for (const scope of scopes)
    if (!SCOPE_TOKEN.test(scope)) reader.refuse(path, `"${scope}" is not one scope: give each its own entry`);
  if (!scopes.includes('openid')) reader.refuse(path, 'must contain "openid": without it a provider sends no ID token');
  return scopes;
}

function readClient(reader: FieldReader, hasSecret: boolean, algorithms: readonly string[]) {
  const path = 'protocol.credentials.client';
  const clientId = reader.text(`${path}.client_id`, { max: 1024, required: true });
  const sent = reader.text(`${path}.client_secret`, { max: 2048 });
  const method = reader.choice(`${path}.token_endpoint_auth_method`, schema.CLIENT_AUTHENTICATIONS, null);
  const pkce = reader.at(`${path}.pkce_required`);
  if (pkce !== undefined && typeof pkce !== 'boolean')
    reader.refuse(`${path}.pkce_required`, 'must be true, false or null');
  const needsSecret =
    method === null || method.startsWith('client_secret') || algorithms.some((name) => name.startsWith('HS'));
  if (needsSecret && sent === null && !hasSecret) {
    reader.refuse(`${path}.client_secret`, 'is required unless token_endpoint_auth_method is private_key_jwt or none');
  }
  if (method === 'none' && pkce === false) {
    reader.refuse(`${path}.pkce_required`, 'must not be false for a client without a secret');
  }
  return {
    clientSecret: sent ?? (needsSecret ? undefined : null),
    client: {
      client_id: clientId ?? '',
      ...(typeof pkce === 'boolean' && { pkce_required: pkce }),
      ...(method !== null && { token_endpoint_auth_method: method }),
    },
  };
}
