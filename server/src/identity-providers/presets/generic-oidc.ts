/** Any OpenID provider; its rules hold for every preset. */
import { ACCOUNT_RULES } from './account-rules.ts';
import type { Preset } from './preset.ts';
import { usualPolicy } from './usual-policy.ts';

export const genericOidc: Preset = {
  id: 'generic-oidc',
  type: 'OIDC',
  name: 'OpenID Connect',
  description: 'Any provider that speaks OpenID Connect with the authorization code flow.',
  environments: [],
  body: {
    type: 'OIDC',
    name: '',
    displayName: null,
    preset: 'generic-oidc',
    issuerMode: 'ORG_URL',
    protocol: {
      type: 'OIDC',
      scopes: ['openid', 'profile', 'email'],
      issuer: { url: '' },
      endpoints: {
        authorization: { url: '', binding: 'HTTP-REDIRECT' },
        token: { url: '', binding: 'HTTP-POST' },
        jwks: { url: '', binding: 'HTTP-REDIRECT' },
      },
      credentials: { client: { client_id: '', client_secret: '' } },
    },
    policy: {
      ...usualPolicy({ profileMaster: false, matchType: 'USERNAME' }),
      // Guides that say "Automatic" count on it; the form shows the consequence and the stricter choices.
      trustEmail: 'PROVIDER',
    },
  },
  help: {
    'protocol.scopes': 'What is asked of the provider, exactly as it stands here; openid is needed.',
    'protocol.endpoints.userInfo.url':
      'Fill this in only if claims are missing from the ID token: its answer is then required at every sign-in.',
    'policy.trustEmail': 'Choose the stricter one where the provider sends email_verified.',
  },
  links: [],
  rules: [
    ...ACCOUNT_RULES,
    {
      code: 'pkce_off',
      severity: 'warning',
      field: 'protocol.credentials.client.pkce_required',
      message:
        'PKCE is switched off: a stolen code can be used by others. Switch it off only for a provider that refuses the parameter.',
      applies: (read) => read.is('protocol.credentials.client.pkce_required', false),
    },
    {
      code: 'symmetric_id_token',
      severity: 'warning',
      field: 'protocol.settings.idTokenAlgorithms',
      message:
        'HS256, HS384 and HS512 are keyed by the client secret: whoever knows it can forge ID tokens. Prefer RS256 or ES256.',
      applies: (read) => read.texts('protocol.settings.idTokenAlgorithms').some((name) => name.startsWith('HS')),
    },
    {
      code: 'request_signature_unused',
      severity: 'info',
      field: 'protocol.algorithms.request.signature.scope',
      message: 'Authorization requests are not signed by this version: the setting is kept and has no effect.',
      applies: (read) => read.is('protocol.algorithms.request.signature.scope', 'REQUEST'),
    },
    {
      code: 'logout_address_unused',
      severity: 'info',
      field: 'protocol.endpoints.slo.url',
      message:
        'Only SAML 2.0 providers take part in logout: the address is kept and has no effect, a person who signs out here stays signed in there.',
      applies: (read) => !read.is('protocol.endpoints.slo.url', undefined),
    },
    {
      code: 'mix_up_open',
      severity: 'info',
      field: 'protocol.settings.perIdpRedirectUri',
      message:
        'If the provider sends the "iss" parameter, require it; otherwise give it a redirect URI of its own. Either keeps another provider from answering in its place.',
      applies: (read) =>
        !read.is('protocol.settings.perIdpRedirectUri', true) &&
        !read.is('protocol.settings.requireIssParameter', true),
    },
  ],
  hints: {},
};
