/** ID.me by SAML 2.0. */
import { idMe } from './id-me.ts';
import type { Preset } from './preset.ts';
import { usualPolicy } from './usual-policy.ts';

export const idMeSaml: Preset = {
  id: 'idme-saml',
  type: 'SAML2',
  name: 'ID.me (SAML 2.0)',
  description: 'Identity proofing and community verification by ID.me.',
  environments: idMe.environments,
  body: {
    type: 'SAML2',
    name: 'ID.me IdP - SAML',
    displayName: 'ID.me',
    preset: 'idme-saml',
    protocol: {
      type: 'SAML2',
      endpoints: {
        sso: {
          url: '{base}/saml/SingleSignOnService?AuthnContext=http://idmanagement.gov/ns/assurance/ial/2/aal/2',
          binding: 'HTTP-POST',
          destination: '{base}/saml/SingleSignOnService?AuthnContext=http://idmanagement.gov/ns/assurance/ial/2/aal/2',
        },
        acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
      },
      algorithms: {
        request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } },
        response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
      },
      settings: {
        nameFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
        honorPersistentNameId: true,
        // ID.me encrypts with AES-CBC (rulings 57).
        allowCbc: true,
      },
      credentials: { trust: { issuer: '{host}', kid: '' } },
    },
    policy: {
      ...usualPolicy({ profileMaster: true, matchType: 'USERNAME_OR_EMAIL' }),
      // ID.me serves addresses of every domain, so that its own verification is all there is to trust.
      trustEmail: 'PROVIDER',
      // Identity proofing takes a person longer than a password (rulings 48).
      transactionLifetime: 60 * 60_000,
    },
  },
  help: {
    'protocol.credentials.trust.issuer': 'The bare name, for example api.idmelabs.com: not a URL.',
    'protocol.endpoints.sso.url': 'With ?AuthnContext= and the level or policy that ID.me is to apply.',
    'protocol.endpoints.sso.destination': 'The same as the Single Sign-On URL, with ?AuthnContext=.',
    'protocol.credentials.trust.kid':
      'From the metadata at /saml/metadata/provider: what stands between the ds:X509Certificate tags. Where there are several, all may be pasted.',
  },
  links: idMe.links,
  externalNames: { firstName: 'fname', lastName: 'lname', mobilePhone: 'phone' },
  rules: [
    {
      code: 'idme_issuer_url',
      severity: 'error',
      field: 'protocol.credentials.trust.issuer',
      message: 'The Issuer of ID.me is the bare name api.idmelabs.com or api.id.me, without https://.',
      applies: (read) => /^https?:/.test(read.text('protocol.credentials.trust.issuer')),
    },
    {
      code: 'idme_context_missing',
      severity: 'error',
      field: 'protocol.endpoints.sso.url',
      message: 'The policy is missing: the Single Sign-On URL of ID.me ends with ?AuthnContext= and a policy.',
      applies: (read) => {
        const address = read.text('protocol.endpoints.sso.url');
        return address !== '' && !/[?&]AuthnContext=./.test(address);
      },
    },
    {
      code: 'idme_cbc_refused',
      severity: 'warning',
      field: 'protocol.settings.allowCbc',
      message: 'ID.me encrypts its assertions with AES-CBC unless you agreed on something else: allow it.',
      applies: (read) => read.is('protocol.settings.allowCbc', false),
    },
  ],
  hints: {},
};
