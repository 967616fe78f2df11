/** Any SAML 2.0 provider; its rules hold for every preset of that type. */
import { ACCOUNT_RULES } from './account-rules.ts';
import type { Preset } from './preset.ts';
import { usualPolicy } from './usual-policy.ts';

export const genericSaml: Preset = {
  id: 'generic-saml',
  type: 'SAML2',
  name: 'SAML 2.0',
  description: 'Any provider that speaks SAML 2.0 with responses by HTTP POST.',
  environments: [],
  body: {
    type: 'SAML2',
    name: '',
    displayName: null,
    preset: 'generic-saml',
    protocol: {
      type: 'SAML2',
      endpoints: {
        sso: { url: '', binding: 'HTTP-POST', destination: '' },
        acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
      },
      algorithms: {
        request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } },
        response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
      },
      settings: {
        nameFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        honorPersistentNameId: true,
      },
      credentials: { trust: { issuer: '', kid: '' } },
    },
    policy: usualPolicy({ profileMaster: false, matchType: 'USERNAME' }),
  },
  help: {
    'protocol.credentials.trust.issuer':
      "The entityID of the provider's metadata, character by character. It need not be a URL.",
    'protocol.endpoints.sso.destination': 'Usually the same as the Single Sign-On URL, with its query.',
  },
  links: [],
  rules: [
    ...ACCOUNT_RULES,
    {
      code: 'saml_sha1',
      severity: 'error',
      field: 'protocol.algorithms.response.signature.algorithm',
      message: 'SHA-1 can be stored, but every sign-in with it is refused: choose SHA-256.',
      applies: (read) =>
        read.is('protocol.algorithms.response.signature.algorithm', 'SHA-1') ||
        read.is('protocol.algorithms.request.signature.algorithm', 'SHA-1'),
    },
    {
      code: 'saml_destination_differs',
      severity: 'warning',
      field: 'protocol.endpoints.sso.destination',
      message:
        'The Destination differs from the Single Sign-On URL. Most providers compare the two, with the query: leave it the same unless the provider says otherwise.',
      applies: (read) => {
        const destination = read.text('protocol.endpoints.sso.destination');
        return destination !== '' && destination !== read.text('protocol.endpoints.sso.url');
      },
    },
    {
      code: 'saml_requests_unsigned',
      severity: 'info',
      field: 'protocol.algorithms.request.signature.scope',
      message: 'Requests are not signed: the provider cannot tell who sent the person.',
      applies: (read) => read.is('protocol.algorithms.request.signature.scope', 'NONE'),
    },
    {
      code: 'saml_unsolicited_allowed',
      severity: 'warning',
      field: 'protocol.settings.allowUnsolicited',
      message:
        'Sign-ins that begin at the provider cannot be tied to a browser that asked for them: somebody else can be signed in with a foreign response. Allow them only where people really start there.',
      applies: (read) => read.is('protocol.settings.allowUnsolicited', true),
    },
    {
      code: 'saml_cbc_allowed',
      severity: 'info',
      field: 'protocol.settings.allowCbc',
      message: 'AES-CBC does not protect its content from being altered: prefer AES-GCM where the provider offers it.',
      applies: (read) => read.is('protocol.settings.allowCbc', true),
    },
  ],
  hints: {},
};
