/** ID.me by OpenID Connect. */
import type { ConfigurationReader, Preset } from './preset.ts';
import { usualPolicy } from './usual-policy.ts';

const ENVIRONMENTS = [
  { id: 'sandbox', name: 'Sandbox', baseUrl: 'https://api.idmelabs.com' },
  { id: 'production', name: 'Production', baseUrl: 'https://api.id.me' },
];
const ADDRESSES = [
  'protocol.issuer.url',
  'protocol.endpoints.authorization.url',
  'protocol.endpoints.token.url',
  'protocol.endpoints.jwks.url',
];
const LEAVE_BLANK = 'ID.me returns all claims in the ID token. Leave this blank.';
const EXACT_SCOPES =
  'The scopes must be "openid" and exactly the policy handle that ID.me assigned to you, for example nist_aal2_ial2 or teacher.';
const STANDARD_SCOPES = ['email', 'profile', 'address', 'phone', 'offline_access'];

const handles = (read: ConfigurationReader) =>
  read.texts('protocol.scopes').filter((scope) => scope !== 'openid' && !STANDARD_SCOPES.includes(scope));

export const idMe: Preset = {
  id: 'idme-oidc',
  type: 'OIDC',
  name: 'ID.me (OpenID Connect)',
  description: 'Identity proofing and community verification by ID.me.',
  environments: ENVIRONMENTS,
  body: {
    type: 'OIDC',
    name: 'ID.me IdP - OIDC',
    displayName: 'ID.me',
    preset: 'idme-oidc',
    issuerMode: 'ORG_URL',
    protocol: {
      type: 'OIDC',
      scopes: ['openid'],
      issuer: { url: '{base}/oidc' },
      endpoints: {
        authorization: { url: '{base}/oauth/authorize', binding: 'HTTP-REDIRECT' },
        token: { url: '{base}/oauth/token', binding: 'HTTP-POST' },
        jwks: { url: '{base}/oidc/.well-known/jwks', binding: 'HTTP-REDIRECT' },
      },
      credentials: { client: { client_id: '', client_secret: '' } },
      settings: { idTokenAlgorithms: ['RS256', 'ES256'] },
    },
    policy: {
      ...usualPolicy({ profileMaster: true, matchType: 'USERNAME_OR_EMAIL' }),
      // ID.me sends no email_verified and serves addresses of every domain, so that its own verification is all there is to trust.
      trustEmail: 'PROVIDER',
      // Identity proofing takes a person longer than a password (rulings 48).
      transactionLifetime: 60 * 60_000,
    },
  },
  help: {
    'protocol.scopes': 'openid and your policy handle. Remove email and profile.',
    'protocol.endpoints.userInfo.url': LEAVE_BLANK,
    'protocol.credentials.client.client_id': 'From your ID.me Solution Consultant.',
    'protocol.credentials.client.client_secret': 'From your ID.me Solution Consultant.',
  },
  links: [
    { label: 'ID.me developer portal', href: 'https://developers.id.me' },
    { label: 'ID.me documentation', href: 'https://docs.id.me' },
  ],
  rules: [
    {
      code: 'idme_userinfo_set',
      severity: 'error',
      field: 'protocol.endpoints.userInfo.url',
      message: LEAVE_BLANK,
      applies: (read) =>
        read.text('protocol.endpoints.userInfo.url') !== '' &&
        !read.is('protocol.settings.parseUserInfo', 'quoted_jwt'),
    },
    {
      code: 'idme_standard_scopes',
      severity: 'error',
      field: 'protocol.scopes',
      message: `Remove email, profile and other standard scopes. ${EXACT_SCOPES}`,
      applies: (read) => read.texts('protocol.scopes').some((scope) => STANDARD_SCOPES.includes(scope)),
    },
    {
      code: 'idme_policy_handle_missing',
      severity: 'error',
      field: 'protocol.scopes',
      message: `The policy handle is missing. ${EXACT_SCOPES}`,
      applies: (read) => handles(read).length === 0,
    },
    {
      code: 'idme_policy_handles_several',
      severity: 'warning',
      field: 'protocol.scopes',
      message: `There is more than one policy handle. ${EXACT_SCOPES}`,
      applies: (read) => handles(read).length > 1,
    },
    {
      code: 'idme_environments_mixed',
      severity: 'error',
      field: 'protocol.issuer.url',
      message:
        'Sandbox (api.idmelabs.com) and production (api.id.me) are mixed: every address must have the same host.',
      applies: (read) => {
        const known = new Set(ENVIRONMENTS.map(({ baseUrl }) => baseUrl));
        return (
          new Set(
            ADDRESSES.map((path) => URL.parse(read.text(path))?.origin ?? '').filter((origin) => known.has(origin)),
          ).size > 1
        );
      },
    },
    {
      code: 'idme_issuer_path',
      severity: 'error',
      field: 'protocol.issuer.url',
      message:
        'The issuer ends with /oidc, for example https://api.idmelabs.com/oidc; the address of the host alone is not the issuer of the ID tokens.',
      applies: (read) => read.text('protocol.issuer.url') !== '' && !read.text('protocol.issuer.url').endsWith('/oidc'),
    },
    {
      code: 'idme_transaction_short',
      severity: 'info',
      field: 'policy.transactionLifetime',
      message: 'Identity proofing may take a person longer than 15 minutes; 60 minutes (3600000) leave room for it.',
      applies: (read) => read.is('policy.transactionLifetime', 15 * 60_000),
    },
  ],
  hints: { userInfo: LEAVE_BLANK, scopes: EXACT_SCOPES },
};
