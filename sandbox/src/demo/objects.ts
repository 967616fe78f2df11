/** What the demo org contains, as the bodies of the management API. Their names end with "(demo)", so that every guide can be followed beside them. */
export const IDP_NAME = 'ID.me (demo)';
export const APP_LABEL = 'Sample application (demo)';
export const RULE_NAME = 'ID.me (demo)';
export const POLICY_HANDLE = 'nist_aal2_ial2';

const HOUR_MS = 3_600_000;

/** Custom attributes of the user profile. */
export const userAttributes = {
  definitions: {
    custom: {
      id: '#custom',
      type: 'object',
      properties: {
        idme_uuid: attribute('ID.me UUID', 'The stable identifier of the ID.me account'),
        birth_date: attribute('Birth date', 'As ID.me verified it, YYYY-MM-DD'),
      },
    },
  },
};

function attribute(title: string, description: string) {
  return {
    title,
    description,
    type: 'string',
    scope: 'NONE',
    permissions: [{ principal: 'SELF', action: 'READ_ONLY' }],
  };
}

export interface IdmeClient {
  url: string;
  clientId: string;
  clientSecret: string;
}

/** The identity provider of the ID.me guide (General, Protocol, Authentication and JIT settings), at the sandbox. */
export function identityProvider({ url, clientId, clientSecret }: IdmeClient) {
  return {
    type: 'OIDC',
    name: IDP_NAME,
    displayName: IDP_NAME,
    preset: 'idme-oidc',
    status: 'ACTIVE',
    issuerMode: 'ORG_URL',
    protocol: {
      type: 'OIDC',
      scopes: ['openid', POLICY_HANDLE],
      issuer: { url: `${url}/oidc` },
      endpoints: {
        authorization: { url: `${url}/oauth/authorize`, binding: 'HTTP-REDIRECT' },
        token: { url: `${url}/oauth/token`, binding: 'HTTP-POST' },
        jwks: { url: `${url}/oidc/.well-known/jwks`, binding: 'HTTP-REDIRECT' },
      },
      credentials: { client: { client_id: clientId, client_secret: clientSecret } },
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME_OR_EMAIL' },
      transactionLifetime: HOUR_MS,
    },
  };
}

/** The mappings of the ID.me guide: user attribute from claim, applied at each sign-in. */
export const mappings = {
  properties: Object.fromEntries(
    Object.entries({
      login: 'email',
      email: 'email',
      firstName: 'fname',
      lastName: 'lname',
      middleName: 'mname',
      mobilePhone: 'phone',
      streetAddress: 'street',
      city: 'city',
      state: 'state',
      zipCode: 'zip',
      idme_uuid: 'uuid',
      birth_date: 'birth_date',
    }).map(([target, claim]) => [target, { expression: `appuser.${claim}`, pushStatus: 'PUSH' }]),
  ),
};

/** The sample application: a code client whose inspector also receives ID tokens by form post. */
export function sampleApplication(sampleUrl: string, clientSecret: string) {
  return {
    name: 'oidc_client',
    label: APP_LABEL,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic', client_secret: clientSecret } },
    settings: {
      oauthClient: {
        application_type: 'web',
        grant_types: ['authorization_code', 'refresh_token', 'implicit'],
        response_types: ['code', 'id_token'],
        redirect_uris: [`${sampleUrl}/callback`, `${sampleUrl}/inspector`],
        post_logout_redirect_uris: [sampleUrl],
        initiate_login_uri: `${sampleUrl}/login`,
        consent_method: 'TRUSTED',
        issuer_mode: 'ORG_URL',
      },
    },
    visibility: { hide: { iOS: false, web: false } },
  };
}

/** For every application: straight to the provider; for the portal: a button on the sign-in page. */
export function routingRule(idpId: string) {
  return {
    type: 'IDP_DISCOVERY',
    name: RULE_NAME,
    status: 'ACTIVE',
    conditions: {
      network: { connection: 'ANYWHERE' },
      userIdentifier: { patterns: [] },
      app: { include: [], exclude: [] },
      platform: { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] },
    },
    actions: { idp: { providers: [{ type: 'OIDC', id: idpId }], idpSelectionType: 'SPECIFIC' } },
  };
}
