/**
 * The calls that the examples of the API's description are recorded from, in an order in which each finds what it needs. A new operation
 * gets its example by one more call here; then `node scripts/api-examples.mjs` writes them anew.
 */
import { ADMIN } from '../app.ts';
import { startHookReceiver } from '../hook-receiver.ts';
import { rsaKeys } from '../saml-signer.ts';
import type { Any, Recorder } from './record.ts';

type Call = Recorder['call'];

export async function playScenario({ call, hub }: Recorder): Promise<void> {
  await call('GET', '/api/v1/org');
  await call('POST', '/api/v1/org', { companyName: 'Example Works', website: 'https://www.example.com' });
  await call('PUT', '/api/v1/org', { companyName: 'Example Works', city: 'Utrecht' });
  await call('GET', '/api/v1/org/contacts');
  await call('GET', '/api/gatehouse/v1/org/settings');
  await call('PUT', '/api/gatehouse/v1/org/settings', { requestsPerMinute: 10_000 });
  await call('GET', '/api/v1/openapi.json');
  await call('GET', '/api/v1/reference?q=users');
  await schemas(call);
  const { user, group } = await people(call);
  await groupRules({ call, hub }, { user, group });
  const { idp } = await providers({ call, hub }, user);
  const { app } = await applications(call, { user, group });
  await policies(call, { idp, app });
  await rest(call);
  await credentials({ call, hub });
  await imports({ call, hub });
  await eventHooks({ call, hub });
  await sessions(call, hub);
  await call('PUT', '/api/v1/org/contacts/TECHNICAL', { userId: user.id });
  await call('GET', '/api/v1/org/contacts/TECHNICAL');
  await call('DELETE', `/api/v1/groups/${group.id}/users/${user.id}`);
  await call('DELETE', `/api/v1/groups/${group.id}`);
}

async function schemas(call: Call): Promise<void> {
  const path = '/api/v1/meta/schemas/user/default';
  const schema = await call('GET', path);
  await call('POST', path, {
    definitions: {
      custom: {
        id: '#custom',
        type: 'object',
        properties: { badge: { title: 'Badge', type: 'string', scope: 'NONE' } },
      },
    },
  });
  const schemaId = schema._links.type.href.split('/').at(-1);
  const type = await call('GET', `/api/v1/meta/types/user/${schemaId}`);
  await call('GET', '/api/v1/meta/types/user');
  const made = await call('POST', '/api/v1/meta/types/user', {
    name: 'contractor',
    displayName: 'Contractor',
    description: 'People of partners',
  });
  await call('POST', `/api/v1/meta/types/user/${made.id}`, { displayName: 'Contractor' });
  await call('PUT', `/api/v1/meta/types/user/${made.id}`, {
    name: 'contractor',
    displayName: 'Contractor',
    description: 'People of partners',
  });
  await call('GET', '/api/gatehouse/v1/user-types');
  await call('DELETE', `/api/v1/meta/types/user/${made.id}`);
  const id = type._links.schema.href.split('/').at(-1);
  await call('GET', `/api/v1/meta/schemas/user/${id}`);
  await call('POST', `/api/v1/meta/schemas/user/${id}`, {
    definitions: { custom: { id: '#custom', type: 'object', properties: {} } },
  });
  await call('GET', '/api/v1/meta/schemas/group/default');
  await call('POST', '/api/v1/meta/schemas/group/default', {
    definitions: {
      custom: { id: '#custom', type: 'object', properties: { costCenter: { title: 'Cost center', type: 'string' } } },
    },
  });
}

const ada = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'Adler' };

async function people(call: Call): Promise<{ user: Any; group: Any }> {
  const user = await call('POST', '/api/v1/users?activate=true', {
    profile: ada,
    credentials: { password: { value: 'correct horse battery' } },
  });
  const one = `/api/v1/users/${user.id}`;
  await call('GET', '/api/v1/users/me');
  await call('GET', `/api/v1/users?search=${encodeURIComponent('profile.lastName eq "Adler"')}&limit=10`);
  await call('GET', one);
  await call('POST', one, { profile: { badge: 'B-1042' } });
  await call('PUT', one, { profile: { ...ada, badge: 'B-1042' } });
  await call('GET', `/api/gatehouse/v1/users/${user.id}/provenance`);
  await call('POST', `${one}/lifecycle/suspend`);
  await call('POST', `${one}/lifecycle/unsuspend`);
  await call('DELETE', `${one}/sessions?oauthTokens=true`);
  await call('POST', `${one}/roles`, { type: 'HELP_DESK_ADMIN' });
  await call('GET', `${one}/roles`);
  await call('DELETE', `${one}/roles/HELP_DESK_ADMIN`);
  const group = await call('POST', '/api/v1/groups', { profile: { name: 'Engineers', description: 'Who builds' } });
  const it = `/api/v1/groups/${group.id}`;
  await call('PUT', `${it}/users/${user.id}`);
  await call('GET', '/api/v1/groups?q=Eng');
  await call('GET', it);
  await call('PUT', it, { profile: { name: 'Engineers', description: 'Who builds and mends' } });
  await call('GET', `${it}/users?limit=10`);
  await call('GET', `/api/gatehouse/v1/groups/${group.id}/members`);
  await call('GET', `${one}/groups`);
  await call('GET', `${one}/clients`);
  await call('GET', `${one}/grants`);
  const staged = await call('POST', '/api/v1/users?activate=false', {
    profile: { ...ada, login: 'bruno@example.com', email: 'bruno@example.com', firstName: 'Bruno' },
  });
  await call('POST', `/api/v1/users/${staged.id}/lifecycle/activate?sendEmail=false`);
  await call('POST', `/api/v1/users/${staged.id}/lifecycle/deactivate`);
  await call('DELETE', `/api/v1/users/${staged.id}`);
  return { user, group };
}

async function providers({ call, hub }: Recorder, user: Any): Promise<{ idp: Any }> {
  const body = {
    type: 'OIDC',
    name: 'Example ID',
    protocol: {
      type: 'OIDC',
      scopes: ['openid', 'email'],
      issuer: { url: 'https://id.example.com' },
      endpoints: {
        authorization: { url: 'https://id.example.com/authorize', binding: 'HTTP-REDIRECT' },
        token: { url: 'https://id.example.com/token', binding: 'HTTP-POST' },
        jwks: { url: 'https://id.example.com/keys', binding: 'HTTP-REDIRECT' },
      },
      credentials: { client: { client_id: 'hub', client_secret: 'a-secret-of-the-provider-of-example' } },
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
    },
  };
  const idp = await call('POST', '/api/v1/idps', body);
  const one = `/api/v1/idps/${idp.id}`;
  await call('GET', '/api/v1/idps?q=Example&limit=20');
  await call('GET', one);
  await call('PUT', one, body);
  await call('POST', `${one}/lifecycle/deactivate`);
  await call('POST', `${one}/lifecycle/activate`);
  await call('POST', `${one}/users/${user.id}`, { externalId: 'ada-at-example' });
  await call('GET', `${one}/users`);
  await call('GET', `${one}/users/${user.id}`);
  await call('GET', `${one}/users/${user.id}/credentials/tokens`);
  await call('GET', `/api/v1/users/${user.id}/idps`);
  await call('DELETE', `${one}/users/${user.id}`);
  await call('GET', '/api/gatehouse/v1/identity-provider-presets');
  await keysOf(call, body);
  const [mapping] = await call('GET', `/api/v1/mappings?sourceId=${idp.id}`);
  await call('GET', `/api/v1/mappings/${mapping.id}`);
  await call('POST', `/api/v1/mappings/${mapping.id}`, {
    properties: { nickName: { expression: 'appuser.nickname', pushStatus: 'PUSH' } },
  });
  await call('POST', `/api/gatehouse/v1/mappings/${mapping.id}/preview`, {
    profile: { nickname: 'Ada', email: 'ada@example.com' },
  });
  await allJobsDone(hub);
  await call('POST', `/api/gatehouse/v1/mappings/${mapping.id}/apply`);
  await allJobsDone(hub);
  await call('POST', `/api/internal/v1/mappings/reapply?source=${mapping.source.id}&target=${mapping.target.id}`);
  await call('GET', `/api/v1/meta/schemas/apps/${idp.id}/default`);
  await call('POST', `/api/v1/meta/schemas/apps/${idp.id}/default`, {
    definitions: {
      custom: {
        id: '#custom',
        type: 'object',
        properties: { zip: { title: 'Zip', type: 'string', externalName: 'zip' } },
      },
    },
  });
  return { idp };
}

async function keysOf(call: Call, oidc: Any): Promise<void> {
  const key = await call('POST', '/api/v1/idps/credentials/keys', { x5c: [rsaKeys().certificate] });
  await call('GET', '/api/v1/idps/credentials/keys');
  await call('GET', `/api/v1/idps/credentials/keys/${key.kid}`);
  await call('PUT', `/api/v1/idps/credentials/keys/${key.kid}`, { x5c: [rsaKeys().certificate] });
  const saml = (name: string) => ({
    type: 'SAML2',
    name,
    protocol: {
      type: 'SAML2',
      endpoints: {
        sso: { url: 'https://saml.example.com/sso', binding: 'HTTP-POST', destination: 'https://saml.example.com/sso' },
        acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
      },
      algorithms: {
        request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } },
        response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
      },
      settings: { nameFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
      credentials: { trust: { issuer: 'https://saml.example.com', kid: key.kid } },
    },
    policy: oidc.policy,
  });
  const first = await call('POST', '/api/v1/idps', saml('Example SAML'));
  const second = await call('POST', '/api/v1/idps', saml('Example SAML, second'));
  const one = `/api/v1/idps/${first.id}`;
  await call('GET', `${one}/metadata.xml`);
  await call('GET', `${one}/credentials/keys`);
  await call('GET', `${one}/credentials/keys/active`);
  const made = await call('POST', `${one}/credentials/keys/generate?validityYears=2`);
  await call('GET', `${one}/credentials/keys/${made.kid}`);
  await call('POST', `${one}/credentials/keys/${made.kid}/clone?targetIdpId=${second.id}`);
  const own = `/api/gatehouse/v1/idps/${first.id}/credentials/keys`;
  const before = await call('GET', `${one}/credentials/keys/active`);
  await call('POST', `${own}/${made.kid}/activate`);
  await call('DELETE', `${own}/${before[0].kid}`);
  const certificate = rsaKeys().certificate;
  await call('POST', '/api/gatehouse/v1/idps/certificates/read', { text: certificate });
  await call('POST', '/api/gatehouse/v1/idps/metadata/read', {
    xml: `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://saml.example.com"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://saml.example.com/sso"/></IDPSSODescriptor></EntityDescriptor>`,
  });
  await call('POST', '/api/gatehouse/v1/identity-providers/lint', saml('Example SAML'));
  await call('DELETE', `/api/v1/idps/${second.id}`);
  await call('DELETE', one);
  await call('DELETE', `/api/v1/idps/credentials/keys/${key.kid}`);
}

async function applications(call: Call, { user, group }: { user: Any; group: Any }): Promise<{ app: Any }> {
  const body = {
    name: 'oidc_client',
    label: 'Example Portal',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
    settings: {
      oauthClient: {
        application_type: 'web',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: ['https://portal.example.com/callback'],
      },
    },
  };
  const app = await call('POST', '/api/v1/apps', body);
  const one = `/api/v1/apps/${app.id}`;
  await call('GET', '/api/v1/apps?q=Example&limit=20');
  await call('GET', one);
  await call('PUT', one, body);
  await call('PUT', `${one}/groups/${group.id}`, { priority: 0 });
  await call('GET', `${one}/groups`);
  await call('GET', `${one}/groups/${group.id}`);
  await call('GET', `/api/v1/groups/${group.id}/apps`);
  await call('GET', `/api/v1/users/${user.id}/appLinks`);
  await call('PATCH', `${one}/groups/${group.id}`, [{ op: 'replace', path: '/priority', value: 1 }]);
  await call('DELETE', `${one}/groups/${group.id}`);
  await call('POST', `${one}/users`, { id: user.id, scope: 'USER', credentials: { userName: 'ada' } });
  await call('GET', `${one}/users`);
  await call('GET', `${one}/users/${user.id}`);
  await call('POST', `${one}/users/${user.id}`, { credentials: { userName: 'ada.adler' } });
  await call('DELETE', `${one}/users/${user.id}`);
  await call('GET', `${one}/credentials/secrets`);
  await call('POST', `${one}/credentials/secrets`);
  const [access] = await call('GET', '/api/v1/policies?type=ACCESS_POLICY');
  await call('PUT', `${one}/policies/${access.id}`);
  await call('GET', `/api/v1/internal/apps/${app.id}/settings/oauth/idToken`);
  await call('POST', `/api/v1/internal/apps/${app.id}/settings/oauth/idToken`, { issuerMode: 'ORG_URL' });
  const grant = await call('POST', `${one}/grants`, { scopeId: 'okta.users.read' });
  await call('GET', `${one}/grants`);
  await call('GET', `${one}/grants/${grant.id}`);
  await call('DELETE', `${one}/grants/${grant.id}`);
  const service = await call('POST', '/api/v1/apps', {
    name: 'oidc_client',
    label: 'Nightly import',
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
    settings: {
      oauthClient: {
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        jwks: { keys: [{ kty: 'RSA', kid: 'import', ...rsaKeys().publicKey.export({ format: 'jwk' }) }] },
      },
    },
  });
  const roles = `/oauth2/v1/clients/${service.credentials.oauthClient.client_id}/roles`;
  await call('POST', roles, { type: 'READ_ONLY_ADMIN' });
  await call('GET', roles);
  await call('GET', `${roles}/READ_ONLY_ADMIN`);
  await call('DELETE', `${roles}/READ_ONLY_ADMIN`);
  await call('POST', `/api/v1/apps/${service.id}/lifecycle/deactivate`);
  await call('DELETE', `/api/v1/apps/${service.id}`);
  return { app };
}

async function policies(call: Call, { idp, app }: { idp: Any; app: Any }): Promise<void> {
  const [policy] = await call('GET', '/api/v1/policies?type=IDP_DISCOVERY');
  await call('GET', `/api/v1/policies/${policy.id}`);
  await call('PUT', `/api/v1/policies/${policy.id}`, {
    type: 'IDP_DISCOVERY',
    name: policy.name,
    description: 'Which provider serves whom',
  });
  const rule = {
    type: 'IDP_DISCOVERY',
    name: 'People of the portal',
    conditions: { network: { connection: 'ANYWHERE' }, app: { include: [{ type: 'APP', id: app.id }], exclude: [] } },
    actions: { idp: { providers: [{ type: 'OIDC', id: idp.id }], idpSelectionType: 'SPECIFIC' } },
  };
  const made = await call('POST', `/api/v1/policies/${policy.id}/rules`, rule);
  const one = `/api/v1/policies/${policy.id}/rules/${made.id}`;
  await call('GET', `/api/v1/policies/${policy.id}/rules`);
  await call('GET', one);
  await call('PUT', one, rule);
  await call('POST', `${one}/lifecycle/deactivate`);
  await call('POST', `${one}/lifecycle/activate`);
  await call('DELETE', one);
  const [everyone] = await call('GET', '/api/v1/groups?q=Everyone');
  const signOn = await call('POST', '/api/v1/policies', {
    type: 'OKTA_SIGN_ON',
    name: 'Short sessions',
    description: 'Who works at shared desks',
    conditions: { people: { groups: { include: [everyone.id] } } },
  });
  await call('POST', `/api/v1/policies/${signOn.id}/lifecycle/deactivate`);
  await call('POST', `/api/v1/policies/${signOn.id}/lifecycle/activate`);
  await call('DELETE', `/api/v1/policies/${signOn.id}`);
  await call('POST', `/api/v1/apps/${app.id}/lifecycle/deactivate`);
  await call('POST', `/api/v1/apps/${app.id}/lifecycle/activate`);
}

async function rest(call: Call): Promise<void> {
  const token = await call('POST', '/api/v1/api-tokens', { name: 'Nightly report' });
  await call('GET', '/api/v1/api-tokens');
  await call('GET', `/api/v1/api-tokens/${token.id}`);
  await call('PUT', `/api/v1/api-tokens/${token.id}`, { name: 'Report of the night' });
  await call('DELETE', `/api/v1/api-tokens/${token.id}`);
  const own = await call('POST', '/api/v1/api-tokens', { name: 'Short-lived' });
  await call('DELETE', '/api/v1/api-tokens/current', undefined, { authorization: `SSWS ${own.value}` });
  const origin = { name: 'Portal', origin: 'https://portal.example.com', scopes: [{ type: 'CORS' }] };
  const trusted = await call('POST', '/api/v1/trustedOrigins', origin);
  const there = `/api/v1/trustedOrigins/${trusted.id}`;
  await call('GET', '/api/v1/trustedOrigins');
  await call('GET', there);
  await call('PUT', there, origin);
  await call('POST', `${there}/lifecycle/deactivate`);
  await call('POST', `${there}/lifecycle/activate`);
  await call('DELETE', there);
  const zone = { type: 'IP', name: 'Offices', gateways: [{ type: 'CIDR', value: '192.0.2.0/24' }] };
  const made = await call('POST', '/api/v1/zones', zone);
  await call('GET', `/api/v1/zones?filter=${encodeURIComponent(`id eq "${made.id}"`)}&limit=3`);
  await call('GET', `/api/v1/zones/${made.id}`);
  await call('PUT', `/api/v1/zones/${made.id}`, zone);
  await call('POST', `/api/v1/zones/${made.id}/lifecycle/deactivate`);
  await call('POST', `/api/v1/zones/${made.id}/lifecycle/activate`);
  await call('POST', `/api/v1/zones/${made.id}/lifecycle/deactivate`);
  await call('DELETE', `/api/v1/zones/${made.id}`);
  await call('GET', '/api/v1/logs?since=2020-01-01T00:00:00Z&sortOrder=ASCENDING&limit=2');
  await call('GET', '/api/gatehouse/v1/event-types');
  await call('GET', '/api/gatehouse/v1/api-scopes');
  await call('GET', '/api/gatehouse/v1/signing-keys');
  await call('POST', '/api/gatehouse/v1/signing-keys/rotate');
}

async function groupRules({ call, hub }: Recorder, { user, group }: { user: Any; group: Any }): Promise<void> {
  const rule = {
    type: 'group_rule',
    name: 'Engineers by department',
    conditions: {
      expression: { value: 'user.department == "Engineering"', type: 'urn:okta:expression:1.0' },
      people: { users: { exclude: [] }, groups: { exclude: [] } },
    },
    actions: { assignUserToGroups: { groupIds: [group.id] } },
  };
  const made = await call('POST', '/api/v1/groups/rules', rule);
  const one = `/api/v1/groups/rules/${made.id}`;
  await call('GET', '/api/v1/groups/rules?limit=20');
  await call('GET', one);
  await call('PUT', one, rule);
  await call('POST', '/api/gatehouse/v1/group-rules/check', {
    expression: rule.conditions.expression.value,
    user: user.id,
  });
  await call('POST', `${one}/lifecycle/activate`);
  await allJobsDone(hub);
  const { jobId } = await call('POST', `/api/gatehouse/v1/group-rules/${made.id}/run`);
  await allJobsDone(hub);
  await call('GET', '/api/gatehouse/v1/jobs?limit=20');
  await call('GET', `/api/gatehouse/v1/jobs/${jobId}`);
  await call('GET', `/api/gatehouse/v1/jobs/${jobId}/problems.csv`);
  await standingJobs(call, hub, jobId);
  await call('POST', `${one}/lifecycle/deactivate`);
  await call('DELETE', one);
}

async function eventHooks({ call, hub }: Recorder): Promise<void> {
  const receiver = await startHookReceiver();
  try {
    const hook = {
      name: 'Tell the device service',
      events: { type: 'EVENT_TYPE', items: ['group.user_membership.add', 'group.user_membership.remove'] },
      channel: {
        type: 'HTTP',
        version: '1.0.0',
        config: {
          uri: receiver.url,
          headers: [],
          authScheme: { type: 'HEADER', key: 'Authorization', value: 'Bearer of-the-receiver' },
        },
      },
    };
    const made = await call('POST', '/api/v1/eventHooks', hook);
    const one = `/api/v1/eventHooks/${made.id}`;
    await call('GET', '/api/v1/eventHooks');
    await call('GET', one);
    await call('PUT', one, hook);
    await call('POST', `${one}/lifecycle/verify`);
    const event = '00000000-0000-7000-8000-000000000001';
    await hub.database.query({
      text: `insert into event_hook_deliveries (org_id, hook_id, event_id, event_type, published, subject, head, status, attempts, next_at, last_at, last_status)
             select org_id, id, $2, 'group.user_membership.add', created, 'none', false, 'FAILED', 1, created, created, 410 from event_hooks where id = $1`,
      values: [made.id, event],
    });
    await call('GET', `/api/gatehouse/v1/event-hooks/${made.id}/deliveries?status=FAILED`);
    await call('POST', `/api/gatehouse/v1/event-hooks/${made.id}/deliveries/${event}/replay`);
    await call('POST', `${one}/lifecycle/deactivate`);
    await call('POST', `${one}/lifecycle/activate`);
    await call('POST', `${one}/lifecycle/deactivate`);
    await call('DELETE', one);
  } finally {
    await receiver.close();
  }
}

async function sessions(call: Call, hub: Recorder['hub']): Promise<void> {
  const secrets = { username: ADMIN.email, password: ADMIN.password };
  const { sessionToken } = await call('POST', '/api/v1/authn', secrets);
  const session = await call('POST', '/api/v1/sessions', { sessionToken });
  await call('GET', `/api/v1/sessions/${session.id}`);
  await call('POST', `/api/v1/sessions/${session.id}/lifecycle/refresh`);
  await call('DELETE', `/api/v1/sessions/${session.id}`);
  const { cookie, trace } = await signIn(hub);
  const mine = { cookie };
  await call('GET', '/api/v1/sessions/me', undefined, mine);
  await call('POST', '/api/v1/sessions/me/lifecycle/refresh', undefined, mine);
  await call('DELETE', '/api/v1/sessions/me', undefined, mine);
  await call('GET', `/api/gatehouse/v1/sign-ins/${trace}`);
  await call('GET', '/api/gatehouse/v1/sign-ins?limit=20');
}

/** A browser's session and the trace of how it came to be. */
async function signIn(hub: Recorder['hub']): Promise<{ cookie: string; trace: string }> {
  const start = await fetch(`${hub.url}/login/default`, { redirect: 'manual' });
  const cookies = start.headers.getSetCookie().map((line) => line.split(';', 1)[0]!);
  const answer = await fetch(new URL(`${start.headers.get('location')}/password`, hub.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies.join('; '), origin: hub.url },
    body: new URLSearchParams({ login: ADMIN.email, password: ADMIN.password }),
  });
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-gatehouse_sid='));
  const event = (await hub.events('user.session.start')).at(-1);
  return { cookie: cookie!.split(';', 1)[0]!, trace: event!.transaction.id };
}

/** The hub works on them meanwhile; each question is an answered request. */
async function allJobsDone(hub: Recorder['hub']): Promise<void> {
  for (;;) {
    const jobs = await hub.api<{ status: string }[]>('GET', '/api/gatehouse/v1/jobs');
    if (jobs.every(({ status }) => status !== 'QUEUED' && status !== 'RUNNING')) return;
  }
}

/** Copies of a job that nobody works on, so that each can be steered from the state that the operation asks for. */
async function standingJobs(call: Call, hub: Recorder['hub'], jobId: string): Promise<void> {
  for (const [operation, status] of [
    ['pause', 'QUEUED'],
    ['cancel', 'PAUSED'],
    ['resume', 'PAUSED'],
  ] as const) {
    const id = `job${operation[0]!.padStart(17, '0')}`;
    await hub.database.query({
      text: `insert into jobs select (jsonb_populate_record(j, jsonb_build_object('id', $2::text, 'status', $3::text, 'ended', null))).* from jobs j where id = $1`,
      values: [jobId, id, status],
    });
    await call('POST', `/api/gatehouse/v1/jobs/${id}/lifecycle/${operation}`);
  }
}

/** What is done to a person's status and password. */
async function credentials({ call, hub }: Recorder): Promise<void> {
  const login = 'greta@example.com';
  const person = await call('POST', '/api/v1/users?activate=true', {
    profile: { ...ada, login, email: login, firstName: 'Greta' },
    credentials: {
      password: { value: 'correct horse battery' },
      recovery_question: { question: 'Where did you learn to swim?', answer: 'in the lake of Zurich' },
    },
  });
  const one = `/api/v1/users/${person.id}`;
  await call('POST', `${one}/credentials/change_password`, {
    oldPassword: { value: 'correct horse battery' },
    newPassword: { value: 'correct horse battery staple' },
  });
  await call('POST', `${one}/credentials/change_recovery_question`, {
    password: { value: 'correct horse battery staple' },
    recovery_question: { question: 'Where did you learn to ski?', answer: 'on the hill behind' },
  });
  await call('POST', `${one}/credentials/forgot_password?sendEmail=false`);
  await call('POST', `${one}/credentials/forgot_password_recovery_question`, {
    password: { value: 'staple battery horse correct' },
    recovery_question: { answer: 'on the hill behind' },
  });
  await hub.database.query({ text: `update users set status = 'LOCKED_OUT' where id = $1`, values: [person.id] });
  await call('POST', `${one}/lifecycle/unlock`);
  await call('POST', `${one}/lifecycle/expire_password`);
  await call('POST', `${one}/lifecycle/expire_password_with_temp_password`);
  await call('POST', `${one}/lifecycle/reset_password?sendEmail=true`);
  await call('POST', `${one}/lifecycle/reset_factors`);
  const waiting = await call('POST', '/api/v1/users?activate=true', {
    profile: { ...ada, login: `h.${login}`, email: `h.${login}` },
  });
  await call('POST', `/api/v1/users/${waiting.id}/lifecycle/reactivate?sendEmail=false`);
  const [message] = await call('GET', '/api/gatehouse/v1/mail?limit=1');
  await call('GET', `/api/gatehouse/v1/mail/${message.id}`);
}

async function imports({ call, hub }: Recorder): Promise<void> {
  const made = await call('POST', '/api/gatehouse/v1/imports', {});
  const one = `/api/gatehouse/v1/imports/${made.id}`;
  await call('GET', '/api/gatehouse/v1/imports/template.csv');
  const file =
    'login,email,firstName,lastName\r\nhugo@example.com,hugo@example.com,Hugo,Haas\r\nhugo,hugo@example.com,Hugo,\r\n';
  await call('PUT', `${one}/file?fileName=people.csv`, file, { 'content-type': 'text/csv' });
  await call('PUT', one, {
    options: { existing: 'UPDATE', activate: true, unknownGroups: 'ERROR', emptyCells: 'KEEP' },
  });
  await call('POST', `${one}/dry-run`);
  await allJobsDone(hub);
  await call('GET', `${one}/rows?limit=10`);
  await call('POST', `${one}/run`);
  await allJobsDone(hub);
  await call('GET', one);
  await call('GET', '/api/gatehouse/v1/imports?limit=10');
  await call('GET', `${one}/errors.csv`);
  await call('DELETE', one);
}
