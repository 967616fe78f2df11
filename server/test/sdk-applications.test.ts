/** The public Node.js management SDK drives applications, assignments, policies, mappings, the System Log and the org, unchanged. */
import {
  type Application,
  Client,
  type IdpDiscoveryPolicyRule,
  type OpenIdConnectApplication,
} from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

const endpoint = (path: string, binding: string) => ({ url: `https://id.example.com/${path}`, binding });
const PROVIDER = {
  type: 'OIDC',
  name: 'ID.me',
  protocol: {
    type: 'OIDC',
    scopes: ['openid'],
    issuer: { url: 'https://id.example.com' },
    endpoints: {
      authorization: endpoint('authorize', 'HTTP-REDIRECT'),
      token: endpoint('token', 'HTTP-POST'),
      jwks: endpoint('keys', 'HTTP-REDIRECT'),
    },
    credentials: { client: { client_id: 'client', client_secret: 'secret' } },
  },
  policy: {
    accountLink: { action: 'AUTO' },
    provisioning: { action: 'AUTO', groups: { action: 'NONE' } },
    subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
  },
};
const application = (label: string, redirectUri = 'https://example.com/callback') =>
  ({
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { autoKeyRotation: true, token_endpoint_auth_method: 'client_secret_post' } },
    settings: {
      oauthClient: {
        redirect_uris: [redirectUri],
        response_types: ['code', 'token', 'id_token'],
        grant_types: ['implicit', 'authorization_code'],
        application_type: 'native',
      },
    },
  }) as unknown as Application;

async function all<T>(collection: Promise<{ each(visit: (item: T) => void): Promise<unknown> }>): Promise<T[]> {
  const items: T[] = [];
  await (await collection).each((item) => void items.push(item));
  return items;
}

describe.each([
  ['with its default cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the management SDK %s', (_name, options) => {
  let hub: TestHub;
  let client: Client;
  let count = 0;

  beforeAll(async () => {
    hub = await startHub();
    client = new Client({ orgUrl: hub.url, token: hub.token, ...options });
  });
  afterAll(() => hub.close());
  beforeEach(() => hub.clock.advance(1000));

  const newApp = async (label = `App ${++count}`) =>
    (await client.applicationApi.createApplication({ application: application(label) })) as OpenIdConnectApplication;
  const newUser = async () => {
    const login = `person${++count}@example.com`;
    return (
      await hub.api<{ id: string }>('POST', '/api/v1/users?activate=false', {
        profile: { login, email: login, firstName: 'P', lastName: 'Q' },
      })
    ).id;
  };
  const newGroup = async () =>
    (await hub.api<{ id: string }>('POST', '/api/v1/groups', { profile: { name: `Group ${++count}` } })).id;

  describe('applications', () => {
    it('are created, read, replaced, switched and deleted', async () => {
      const app = await newApp('Client app');
      const appId = app.id!;
      expect(app.constructor.name).toBe('OpenIdConnectApplication');
      expect(app.credentials?.oauthClient?.client_id).toBe(appId);
      expect(app.credentials?.oauthClient?.client_secret).toBeTruthy();
      expect(app.settings?.oauthClient?.grant_types).toEqual(['implicit', 'authorization_code']);
      expect(app.created).toBeInstanceOf(Date);

      const read = (await client.applicationApi.getApplication({ appId })) as OpenIdConnectApplication;
      expect(read.label).toBe('Client app');
      expect(read.credentials?.oauthClient?.client_secret).toBeUndefined();
      read.label = 'Renamed app';
      expect((await client.applicationApi.replaceApplication({ appId, application: read })).label).toBe('Renamed app');
      expect((await client.applicationApi.getApplication({ appId })).label).toBe('Renamed app');

      await expect(client.applicationApi.deleteApplication({ appId })).rejects.toMatchObject({
        status: 403,
        errorCode: 'E0000056',
      });
      await client.applicationApi.deactivateApplication({ appId });
      expect((await client.applicationApi.getApplication({ appId })).status).toBe('INACTIVE');
      await client.applicationApi.activateApplication({ appId });
      expect((await client.applicationApi.getApplication({ appId })).status).toBe('ACTIVE');
      await client.applicationApi.deactivateApplication({ appId });
      await client.applicationApi.deleteApplication({ appId });
      await expect(client.applicationApi.getApplication({ appId })).rejects.toMatchObject({ status: 404 });
    });

    it('are listed over pages, searched and filtered', async () => {
      const labels = ['Paged one', 'Paged two', 'Paged three'];
      for (const label of labels) {
        hub.clock.advance(1);
        await newApp(label);
      }
      expect(
        (await all(client.applicationApi.listApplications({ q: 'Paged', limit: 1 }))).map((app) => app.label),
      ).toEqual(labels);
      const userId = await newUser();
      const app = await newApp();
      await client.applicationApi.assignUserToApplication({ appId: app.id!, appUser: { id: userId, scope: 'USER' } });
      expect(
        (await all(client.applicationApi.listApplications({ filter: `user.id eq "${userId}"` }))).map(({ id }) => id),
      ).toEqual([app.id]);
      expect((await all(client.userApi.listAppLinks({ userId }))).length).toBe(0);
    });

    it('refuse what is wrong with causes that the SDK can read', async () => {
      await expect(
        client.applicationApi.createApplication({ application: application('Bad', 'https://example.com/*') }),
      ).rejects.toMatchObject({
        status: 400,
        errorCode: 'E0000001',
        errorCauses: [{ errorSummary: expect.stringContaining('wildcard') }],
      });
    });

    it('have secrets that can be listed and renewed', async () => {
      const app = await newApp();
      const secrets = client.applicationSSOPublicKeysApi;
      const fresh = await secrets.createOAuth2ClientSecret({ appId: app.id! });
      expect(fresh.client_secret).not.toBe(app.credentials?.oauthClient?.client_secret);
      expect((await all(secrets.listOAuth2ClientSecrets({ appId: app.id! }))).map(({ id }) => id)).toEqual([fresh.id]);
    });

    it('take the access policy that they have', async () => {
      const app = await newApp();
      const [policy] = await all(client.policyApi.listPolicies({ type: 'ACCESS_POLICY' }));
      await client.applicationApi.assignApplicationPolicy({ appId: app.id!, policyId: policy!.id! });
    });
  });

  describe('assignments', () => {
    it('of people are made, read, changed, listed and taken away', async () => {
      const [appId, userId] = [(await newApp()).id!, await newUser()];
      const assigned = await client.applicationApi.assignUserToApplication({
        appId,
        appUser: { id: userId, scope: 'USER', credentials: { userName: 'rae@ex.com' } },
      });
      expect(assigned).toMatchObject({
        id: userId,
        scope: 'USER',
        status: 'ACTIVE',
        credentials: { userName: 'rae@ex.com' },
      });
      await expect(
        client.applicationApi.assignUserToApplication({ appId, appUser: { id: userId } }),
      ).rejects.toMatchObject({ status: 409, errorCode: 'E0000062' });
      await client.applicationApi.updateApplicationUser({
        appId,
        userId,
        appUser: { credentials: { userName: 'new@ex.com' } },
      });
      expect((await client.applicationApi.getApplicationUser({ appId, userId })).credentials?.userName).toBe(
        'new@ex.com',
      );
      expect((await all(client.applicationApi.listApplicationUsers({ appId }))).map(({ id }) => id)).toEqual([userId]);
      await client.applicationApi.unassignUserFromApplication({ appId, userId });
      await expect(client.applicationApi.getApplicationUser({ appId, userId })).rejects.toMatchObject({ status: 404 });
    });

    it('of groups bring the members', async () => {
      const [appId, userId, groupId] = [(await newApp()).id!, await newUser(), await newGroup()];
      await client.groupApi.assignUserToGroup({ groupId, userId });
      const assignment = await client.applicationApi.assignGroupToApplication({
        appId,
        groupId,
        applicationGroupAssignment: { priority: 0 },
      });
      expect(assignment).toMatchObject({ id: groupId, priority: 0 });
      expect((await client.applicationApi.getApplicationGroupAssignment({ appId, groupId })).id).toBe(groupId);
      expect((await all(client.applicationApi.listApplicationGroupAssignments({ appId }))).map(({ id }) => id)).toEqual(
        [groupId],
      );
      expect(
        (await all(client.applicationApi.listApplicationUsers({ appId }))).map(({ id, scope }) => [id, scope]),
      ).toEqual([[userId, 'GROUP']]);
      expect((await all(client.groupApi.listAssignedApplicationsForGroup({ groupId }))).map(({ id }) => id)).toEqual([
        appId,
      ]);
      await client.applicationApi.unassignApplicationFromGroup({ appId, groupId });
      expect(await all(client.applicationApi.listApplicationUsers({ appId }))).toEqual([]);
    });
  });

  describe('policies, mappings, log and org', () => {
    it('routing rules are added, read, replaced, switched and deleted', async () => {
      const idp = await hub.api<{ id: string }>('POST', '/api/v1/idps', PROVIDER);
      const [policy] = await all(client.policyApi.listPolicies({ type: 'IDP_DISCOVERY' }));
      const policyId = policy!.id!;
      expect((await client.policyApi.getPolicy({ policyId })).constructor.name).toBe('IdpDiscoveryPolicy');
      const rule = (await client.policyApi.createPolicyRule({
        policyId,
        policyRule: {
          type: 'IDP_DISCOVERY',
          name: 'ID.me',
          conditions: {
            network: { connection: 'ANYWHERE' },
            platform: { include: [{ type: 'ANY', os: { type: 'ANY' } }] },
          },
          actions: { idp: { providers: [{ type: 'OIDC', id: idp.id }], idpSelectionType: 'SPECIFIC' } },
        } as unknown as IdpDiscoveryPolicyRule,
      })) as IdpDiscoveryPolicyRule;
      const ruleId = rule.id!;
      expect(rule.constructor.name).toBe('IdpDiscoveryPolicyRule');
      expect(rule.actions?.idp?.providers).toMatchObject([{ id: idp.id }]);
      expect((await all(client.policyApi.listPolicyRules({ policyId }))).map(({ name }) => name)).toEqual([
        'ID.me',
        'Default Rule',
      ]);
      rule.name = 'ID.me for all';
      expect((await client.policyApi.replacePolicyRule({ policyId, ruleId, policyRule: rule })).name).toBe(
        'ID.me for all',
      );
      await client.policyApi.deactivatePolicyRule({ policyId, ruleId });
      expect((await client.policyApi.getPolicyRule({ policyId, ruleId })).status).toBe('INACTIVE');
      await client.policyApi.activatePolicyRule({ policyId, ruleId });
      expect((await client.policyApi.getPolicyRule({ policyId, ruleId })).status).toBe('ACTIVE');
      const byPerson = (await client.policyApi.createPolicyRule({
        policyId,
        policyRule: {
          type: 'IDP_DISCOVERY',
          name: 'By domain',
          conditions: {
            userIdentifier: { type: 'IDENTIFIER', patterns: [{ matchType: 'SUFFIX', value: 'example.com' }] },
            platform: { include: [{ type: 'MOBILE', os: { type: 'IOS' } }] },
          },
          actions: {
            idp: {
              providers: [],
              idpSelectionType: 'DYNAMIC',
              matchCriteria: [{ providerExpression: "login.identifier.substringAfter('@')", propertyName: 'name' }],
            },
          },
        } as unknown as IdpDiscoveryPolicyRule,
      })) as IdpDiscoveryPolicyRule;
      expect(byPerson.conditions?.userIdentifier?.patterns?.[0]).toMatchObject({
        matchType: 'SUFFIX',
        value: 'example.com',
      });
      expect(byPerson.actions?.idp).toMatchObject({
        idpSelectionType: 'DYNAMIC',
        matchCriteria: [{ propertyName: 'name' }],
      });
      await client.policyApi.deletePolicyRule({ policyId, ruleId });
      await client.policyApi.deletePolicyRule({ policyId, ruleId: byPerson.id! });
      await expect(client.policyApi.getPolicyRule({ policyId, ruleId })).rejects.toMatchObject({ status: 404 });
    });

    it('mappings are listed, read and changed; null removes', async () => {
      const idp = await hub.api<{ id: string }>('POST', '/api/v1/idps', { ...PROVIDER, name: 'Mapped' });
      const [listed] = await all(client.profileMappingApi.listProfileMappings({ sourceId: idp.id }));
      const mappingId = listed!.id!;
      const mapping = await client.profileMappingApi.getProfileMapping({ mappingId });
      expect(mapping.source?.id).toBe(idp.id);
      expect(mapping.properties?.login).toMatchObject({ expression: 'appuser.email' });
      const changed = await client.profileMappingApi.updateProfileMapping({
        mappingId,
        profileMapping: { properties: { nickName: { expression: 'appuser.nickname + "!"', pushStatus: 'PUSH' } } },
      });
      expect(changed.properties?.nickName).toMatchObject({
        expression: 'appuser.nickname + "!"',
        pushStatus: 'PUSH',
      });
      const removed = await client.profileMappingApi.updateProfileMapping({
        mappingId,
        profileMapping: { properties: { nickName: null as never } },
      });
      expect(removed.properties).not.toHaveProperty('nickName');
    });

    it('log events are read, in pages and by filter', async () => {
      const app = await newApp();
      hub.clock.advance(1000);
      const since = new Date(hub.clock.now().getTime() - 3_600_000).toISOString();
      const until = hub.clock.now().toISOString();
      const events = await all(
        client.systemLogApi.listLogEvents({
          since,
          until,
          filter: `eventType eq "application.lifecycle.create" and target.id eq "${app.id}"`,
          limit: 1,
        }),
      );
      expect(events).toMatchObject([
        { eventType: 'application.lifecycle.create', outcome: { result: 'SUCCESS' }, severity: 'INFO' },
      ]);
      expect(events[0]!.published).toBeInstanceOf(Date);
      expect(events[0]!.target?.[0]?.id).toBe(app.id);
      const every = await all(client.systemLogApi.listLogEvents({ since, until, limit: 2 }));
      expect(new Set(every.map(({ uuid }) => uuid)).size).toBe(every.length);
      expect(every.length).toBeGreaterThan(2);
      await expect(all(client.systemLogApi.listLogEvents({ since, until, filter: 'nonsense' }))).rejects.toMatchObject({
        errorCode: 'E0000053',
      });
    });

    it('the org tells about itself and takes changes', async () => {
      const org = await client.orgSettingApi.getOrgSettings();
      expect(org.id).toMatch(/^00o/);
      await client.orgSettingApi.updateOrgSettings({ OrgSetting: { city: 'Paris' } });
      expect((await client.orgSettingApi.getOrgSettings()).city).toBe('Paris');
      expect((await client.orgSettingApi.getWellknownOrgMetadata()).pipeline).toBe('v1');
    });
  });
});
