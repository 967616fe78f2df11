/** The public Node.js management SDK drives sign-on policies and their rules, unchanged. */
import {
  Client,
  type CreateOrUpdatePolicy,
  type OktaSignOnPolicy,
  type OktaSignOnPolicyRule,
} from '@okta/okta-sdk-nodejs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';

describe.each([
  ['with its default cache', {}],
  ['without a cache', { cacheMiddleware: null }],
])('the management SDK %s', (_name, options) => {
  let hub: TestHub;
  let client: Client;
  let groupId: string;

  beforeAll(async () => {
    hub = await startHub();
    client = new Client({ orgUrl: hub.url, token: hub.token, ...options });
    groupId = (await client.groupApi.createGroup({ group: { profile: { name: 'Staff' } } })).id!;
  });
  afterAll(() => hub.close());
  beforeEach(() => hub.clock.advance(1000));

  const names = async (type: 'OKTA_SIGN_ON' | 'IDP_DISCOVERY') => {
    const found: string[] = [];
    await (await client.policyApi.listPolicies({ type })).each((policy) => void found.push(policy!.name!));
    return found;
  };
  const create = async (name: string) =>
    (await client.policyApi.createPolicy({
      policy: {
        type: 'OKTA_SIGN_ON',
        status: 'ACTIVE',
        name,
        description: 'Made by the SDK',
        conditions: { people: { groups: { include: [groupId] } } },
      } as CreateOrUpdatePolicy,
    })) as OktaSignOnPolicy;

  it('policies are created, listed, read, replaced, switched and deleted', async () => {
    const policy = await create('Staff');
    const policyId = policy.id!;
    expect(policy.constructor.name).toBe('OktaSignOnPolicy');
    expect(policy.conditions?.people?.groups?.include).toEqual([groupId]);
    expect(await names('OKTA_SIGN_ON')).toEqual(['Staff', 'Default Policy']);
    expect(await names('IDP_DISCOVERY')).toEqual(['Idp Discovery Policy']);
    policy.name = 'All staff';
    const replaced = await client.policyApi.replacePolicy({ policyId, policy: policy as CreateOrUpdatePolicy });
    expect([replaced.name, replaced.constructor.name]).toEqual(['All staff', 'OktaSignOnPolicy']);
    expect((await client.policyApi.getPolicy({ policyId })).name).toBe('All staff');
    await client.policyApi.deactivatePolicy({ policyId });
    expect((await client.policyApi.getPolicy({ policyId })).status).toBe('INACTIVE');
    await client.policyApi.activatePolicy({ policyId });
    expect((await client.policyApi.getPolicy({ policyId })).status).toBe('ACTIVE');
    await client.policyApi.deletePolicy({ policyId });
    await expect(client.policyApi.getPolicy({ policyId })).rejects.toMatchObject({ status: 404 });
  });

  it('rules are created, listed, read, replaced, switched and deleted', async () => {
    const policyId = (await create('Rules')).id!;
    const rule = (await client.policyApi.createPolicyRule({
      policyId,
      policyRule: {
        type: 'SIGN_ON',
        name: 'Short sessions',
        conditions: { network: { connection: 'ANYWHERE' }, authContext: { authType: 'ANY' } },
        actions: {
          signon: {
            access: 'ALLOW',
            requireFactor: false,
            rememberDeviceByDefault: false,
            session: { usePersistentCookie: false, maxSessionIdleMinutes: 720, maxSessionLifetimeMinutes: 0 },
          },
        },
      } as OktaSignOnPolicyRule,
    })) as OktaSignOnPolicyRule;
    const ruleId = rule.id!;
    expect(rule.constructor.name).toBe('OktaSignOnPolicyRule');
    expect(rule.actions?.signon?.session).toMatchObject({ maxSessionIdleMinutes: 720, maxSessionLifetimeMinutes: 0 });
    const listed: string[] = [];
    await (await client.policyApi.listPolicyRules({ policyId })).each((item) => void listed.push(item!.name!));
    expect(listed).toEqual(['Short sessions']);
    rule.name = 'Nobody';
    rule.actions!.signon!.access = 'DENY';
    const replaced = await client.policyApi.replacePolicyRule({ policyId, ruleId, policyRule: rule });
    expect((replaced as OktaSignOnPolicyRule).actions?.signon?.access).toBe('DENY');
    await client.policyApi.deactivatePolicyRule({ policyId, ruleId });
    expect((await client.policyApi.getPolicyRule({ policyId, ruleId })).status).toBe('INACTIVE');
    await client.policyApi.activatePolicyRule({ policyId, ruleId });
    expect(await client.policyApi.getPolicyRule({ policyId, ruleId })).toMatchObject({
      status: 'ACTIVE',
      name: 'Nobody',
    });
    await client.policyApi.deletePolicyRule({ policyId, ruleId });
    await expect(client.policyApi.getPolicyRule({ policyId, ruleId })).rejects.toMatchObject({ status: 404 });
    await client.policyApi.deletePolicy({ policyId });
  });
});
