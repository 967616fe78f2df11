/** Nothing is attached to what is being deleted: the deletion takes it along, or whoever attaches is told that it is gone. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestHub } from './support/app.ts';
import { createStage, type Stage } from './support/journey.ts';
import { orphansIn } from './support/orphans.ts';
import { HELD_CONFIGURATION, overlapping } from './support/overlapping.ts';
import { samlBody } from './support/saml-federation.ts';
import { rsaKeys } from './support/saml-signer.ts';

let stage: Stage;
let hub: TestHub;

beforeAll(async () => {
  stage = await createStage();
  hub = stage.hub;
});
afterAll(() => stage?.close());
beforeEach(() => {
  // Another minute, so that the calls of one test do not use up the next one's.
  hub.clock.advance(61_000);
  stage.provider.reset();
});
afterEach(async () => expect(await orphansIn(hub)).toEqual([]));

type Wire = { id: string };

let made = 0;

async function createUser(): Promise<string> {
  made++;
  const login = `attached-${made}@example.com`;
  const profile = { login, email: login, firstName: 'Ada', lastName: 'Lovelace' };
  return (await hub.api<Wire>('POST', '/api/v1/users', { profile })).id;
}

/** Somebody whom the next deletion removes. */
async function createDeactivated(): Promise<string> {
  const id = await createUser();
  await hub.api('POST', `/api/v1/users/${id}/lifecycle/deactivate`);
  return id;
}

/** Of a provider whose people come into the group. */
const assigning = (groupId: string) => ({
  provisioning: { action: 'AUTO', groups: { action: 'ASSIGN', assignments: [groupId] } },
});

const call =
  (method: string, path: string, body?: unknown, base = '/api/v1') =>
  async () =>
    (await hub.call(method, base + path, body)).status;

describe('a link made by an administrator', () => {
  const link = (idpId: string, userId: string) =>
    call('POST', `/idps/${idpId}/users/${userId}`, { externalId: `subject of ${userId}` });

  it('is made and unmade where nothing is deleted', async () => {
    const [userId, idpId] = [await createUser(), await stage.createIdp()];
    const other = await createUser();
    expect(await overlapping(hub, { first: link(idpId, userId), second: link(idpId, other) })).toEqual([200, 200]);
    expect(await call('DELETE', `/idps/${idpId}/users/${userId}`)()).toBe(204);
  });
  it('goes with the user who is deleted right after', async () => {
    const [userId, idpId] = [await createDeactivated(), await stage.createIdp()];
    const calls = { first: link(idpId, userId), second: call('DELETE', `/users/${userId}`) };
    expect(await overlapping(hub, calls)).toEqual([200, 204]);
  });
  it('is not made to a user who is being deleted', async () => {
    const [userId, idpId] = [await createDeactivated(), await stage.createIdp()];
    const calls = { first: call('DELETE', `/users/${userId}`), second: link(idpId, userId) };
    expect(await overlapping(hub, calls)).toEqual([204, 404]);
  });
  it('goes with the provider that is deleted right after', async () => {
    const [userId, idpId] = [await createUser(), await stage.createIdp()];
    const calls = { first: link(idpId, userId), second: call('DELETE', `/idps/${idpId}`) };
    expect(await overlapping(hub, calls)).toEqual([200, 204]);
  });
  it('is not made to a provider that is being deleted', async () => {
    const [userId, idpId] = [await createUser(), await stage.createIdp()];
    const calls = { first: call('DELETE', `/idps/${idpId}`), second: link(idpId, userId) };
    expect(await overlapping(hub, calls)).toEqual([204, 404]);
  });
});

const createGroup = async () =>
  (await hub.api<Wire>('POST', '/api/v1/groups', { profile: { name: `Group ${++made}` } })).id;

/** Inactive, as it must be to be deleted. */
const createApp = async () =>
  (
    await hub.api<Wire>('POST', '/api/v1/apps?activate=false', {
      label: `Application ${++made}`,
      signOnMode: 'OPENID_CONNECT',
      settings: {
        oauthClient: { grant_types: ['client_credentials'], response_types: ['token'], application_type: 'service' },
      },
    })
  ).id;

describe('a membership', () => {
  it('goes with the user who is deleted right after', async () => {
    const [userId, groupId] = [await createDeactivated(), await createGroup()];
    const join = call('PUT', `/groups/${groupId}/users/${userId}`);
    const calls = { first: join, second: call('DELETE', `/users/${userId}`) };
    expect(await overlapping(hub, calls)).toEqual([204, 204]);
  });
  it('is not made for a user who is being deleted', async () => {
    const [userId, groupId] = [await createDeactivated(), await createGroup()];
    const join = call('PUT', `/groups/${groupId}/users/${userId}`);
    const calls = { first: call('DELETE', `/users/${userId}`), second: join };
    expect(await overlapping(hub, calls)).toEqual([204, 404]);
  });
  it.each(['before', 'after'])('assigns nobody who is deleted %s their group is assigned', async (when) => {
    const [userId, groupId, appId] = [await createUser(), await createGroup(), await createApp()];
    await hub.api('PUT', `/api/v1/groups/${groupId}/users/${userId}`);
    await hub.api('POST', `/api/v1/users/${userId}/lifecycle/deactivate`);
    const [removal, assignment] = [
      call('DELETE', `/users/${userId}`),
      call('PUT', `/apps/${appId}/groups/${groupId}`, {}),
    ];
    const calls = when === 'before' ? { first: removal, second: assignment } : { first: assignment, second: removal };
    expect((await overlapping(hub, calls)).sort()).toEqual([200, 204]);
  });
  it('leaves no assignment of a member who leaves while theirs changes from their own to their group’s', async () => {
    const [userId, groupId, appId] = [await createUser(), await createGroup(), await createApp()];
    await hub.api('PUT', `/api/v1/groups/${groupId}/users/${userId}`);
    await hub.api('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {});
    await hub.api('POST', `/api/v1/apps/${appId}/users`, { id: userId });
    const calls = {
      first: call('DELETE', `/apps/${appId}/users/${userId}`),
      second: call('DELETE', `/groups/${groupId}/users/${userId}`),
    };
    expect(await overlapping(hub, calls)).toEqual([204, 204]);
  });
  it('leaves no assignment of a user who is deleted while theirs changes from their own to their group’s', async () => {
    const [userId, groupId, appId] = [await createUser(), await createGroup(), await createApp()];
    await hub.api('PUT', `/api/v1/groups/${groupId}/users/${userId}`);
    await hub.api('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {});
    await hub.api('POST', `/api/v1/apps/${appId}/users`, { id: userId });
    await hub.api('POST', `/api/v1/users/${userId}/lifecycle/deactivate`);
    const calls = {
      first: call('DELETE', `/users/${userId}`),
      second: call('DELETE', `/apps/${appId}/users/${userId}`),
    };
    expect(await overlapping(hub, calls)).toEqual([204, 404]);
  });
});

describe('a certificate', () => {
  const created = async () =>
    (await hub.api<{ kid: string }>('POST', '/api/v1/idps/credentials/keys', { x5c: [rsaKeys().certificate] })).kid;
  const naming = (kid: string) => call('POST', '/idps', samlBody(kid, { name: `Provider of ${kid}` }));
  const removal = (kid: string) => call('DELETE', `/idps/credentials/keys/${kid}`);

  it('is not deleted right after a provider came to be trusted by it', async () => {
    const kid = await created();
    expect(await overlapping(hub, { first: naming(kid), second: removal(kid) })).toEqual([200, 400]);
  });
  it('is trusted by no provider while it is being deleted', async () => {
    const kid = await created();
    expect(await overlapping(hub, { first: removal(kid), second: naming(kid) })).toEqual([204, 400]);
  });
  it('is not replaced while it is being deleted', async () => {
    const kid = await created();
    const replacement = call('PUT', `/idps/credentials/keys/${kid}`, { x5c: [rsaKeys().certificate] });
    expect(await overlapping(hub, { first: removal(kid), second: replacement })).toEqual([204, 404]);
  });
  it.each(['before', 'after'])(
    'of the hub’s own is not left by a provider that is deleted %s it is made',
    async (when) => {
      const idp = await hub.api<Wire>(
        'POST',
        '/api/v1/idps',
        samlBody(await created(), { name: `Provider ${++made}` }),
      );
      const path = `/idps/${idp.id}`;
      const [generation, deletion] = [
        call('POST', `${path}/credentials/keys/generate?validityYears=2`),
        call('DELETE', path),
      ];
      const calls =
        when === 'before' ? { first: deletion, second: generation } : { first: generation, second: deletion };
      expect(await overlapping(hub, calls)).toEqual(when === 'before' ? [204, 404] : [200, 204]);
    },
  );
});

describe('the assignment of a group', () => {
  it('stands where nothing is deleted', async () => {
    const [groupId, appId] = [await createGroup(), await createApp()];
    await hub.api('PUT', `/api/v1/groups/${groupId}/users/${await createUser()}`);
    const calls = {
      first: call('PUT', `/apps/${appId}/groups/${groupId}`, {}),
      second: call('PUT', `/apps/${await createApp()}/groups/${groupId}`, {}),
    };
    expect(await overlapping(hub, calls)).toEqual([200, 200]);
  });
  it('goes with the group that is deleted right after', async () => {
    const [groupId, appId] = [await createGroup(), await createApp()];
    const assign = call('PUT', `/apps/${appId}/groups/${groupId}`, {});
    const calls = { first: assign, second: call('DELETE', `/groups/${groupId}`) };
    expect(await overlapping(hub, calls)).toEqual([200, 204]);
  });
  it('is not made of a group that is being deleted', async () => {
    const [groupId, appId] = [await createGroup(), await createApp()];
    const assign = call('PUT', `/apps/${appId}/groups/${groupId}`, {});
    const calls = { first: call('DELETE', `/groups/${groupId}`), second: assign };
    expect(await overlapping(hub, calls)).toEqual([204, 404]);
  });
});

describe('what an application is given', () => {
  let appId: string;
  let groupId: string;
  let userId: string;
  beforeEach(async () => {
    [appId, groupId, userId] = [await createApp(), await createGroup(), await createUser()];
  });
  const given: [string, () => ReturnType<typeof call>, number][] = [
    ['a group', () => call('PUT', `/apps/${appId}/groups/${groupId}`, {}), 200],
    ['a person', () => call('POST', `/apps/${appId}/users`, { id: userId }), 200],
    ['a scope', () => call('POST', `/apps/${appId}/grants`, { scopeId: 'okta.users.read' }), 201],
    ['a role', () => call('POST', `/oauth2/v1/clients/${appId}/roles`, { type: 'READ_ONLY_ADMIN' }, ''), 200],
  ];

  it.each(given)('%s: goes with the application that is deleted right after', async (_what, give, status) => {
    const calls = { first: give(), second: call('DELETE', `/apps/${appId}`) };
    expect(await overlapping(hub, calls)).toEqual([status, 204]);
  });
  it.each(given)('%s: is not given where the application is being deleted', async (_what, give) => {
    const calls = { first: call('DELETE', `/apps/${appId}`), second: give() };
    expect(await overlapping(hub, calls)).toEqual([204, 404]);
  });
  it.each(['before', 'after'])('a new member of its group: is assigned nothing that is deleted %s', async (when) => {
    await hub.api('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {});
    const [removal, join] = [call('DELETE', `/apps/${appId}`), call('PUT', `/groups/${groupId}/users/${userId}`)];
    const calls = when === 'before' ? { first: removal, second: join } : { first: join, second: removal };
    expect(await overlapping(hub, calls)).toEqual([204, 204]);
    const { rows } = await hub.database.query<{ event_type: string }>({
      text: `select event_type from system_log where target_ids @> array[$1] and event_type like 'application.user_membership%'`,
      values: [appId],
    });
    expect(rows).toHaveLength(when === 'before' ? 0 : 1);
  });
});

describe('a sign-in', () => {
  it('assigns nobody to an application that is being deleted', async () => {
    const [groupId, appId] = [await createGroup(), await createApp()];
    await hub.api('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {});
    const idpId = await stage.createIdp({ policy: assigning(groupId) });
    stage.provider.claims = stage.newPerson();
    const calls = {
      held: HELD_CONFIGURATION,
      first: call('DELETE', `/apps/${appId}`),
      second: () => stage.signsIn({ idp: idpId }),
    };
    const [deleted, { sub }] = await overlapping(hub, calls);
    expect(deleted).toBe(204);
    expect(await hub.api('GET', `/api/v1/users/${sub}/groups`)).toHaveLength(2);
  });
  it('puts nobody into a group that is being deleted', async () => {
    const [groupId, appId] = [await createGroup(), await createApp()];
    await hub.api('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {});
    const idpId = await stage.createIdp({ policy: assigning(groupId) });
    stage.provider.claims = stage.newPerson();
    const calls = {
      held: HELD_CONFIGURATION,
      first: call('DELETE', `/groups/${groupId}`),
      second: () => stage.signsIn({ idp: idpId }),
    };
    const [deleted, { sub }] = await overlapping(hub, calls);
    expect(deleted).toBe(204);
    expect(await hub.api('GET', `/api/v1/users/${sub}/groups`)).toHaveLength(1);
  });
  it('links nobody to a provider that is being deleted', async () => {
    const idpId = await stage.createIdp();
    stage.provider.claims = stage.newPerson();
    const journey = await stage.start({ idp: idpId });
    const calls = {
      held: HELD_CONFIGURATION,
      first: call('DELETE', `/idps/${idpId}`),
      second: () => stage.finish(journey),
    };
    const [deleted, answer] = await overlapping(hub, calls);
    expect(deleted).toBe(204);
    expect(new URL(answer.location!).searchParams.get('error')).toBe('access_denied');
  });
  it('is one of a new person where theirs is being deleted', async () => {
    const idpId = await stage.createIdp({
      policy: {
        provisioning: { action: 'AUTO', conditions: { deprovisioned: { action: 'REACTIVATE' } } },
      },
    });
    stage.provider.claims = stage.newPerson();
    const { sub: userId } = await stage.signsIn({ idp: idpId });
    await hub.api('POST', `/api/v1/users/${userId}/lifecycle/deactivate`);
    const { sub: same } = await stage.signsIn({ idp: idpId });
    expect(same).toBe(userId);
    await hub.api('POST', `/api/v1/users/${userId}/lifecycle/deactivate`);
    const calls = {
      held: 'lock table tombstones in share mode',
      first: call('DELETE', `/users/${userId}`),
      second: () => stage.signsIn({ idp: idpId }),
    };
    const [deleted, claims] = await overlapping(hub, calls);
    expect(deleted).toBe(204);
    expect(claims.sub).not.toBe(userId);
    expect((await stage.signsIn({ idp: idpId })).sub).toBe(claims.sub);
  });
  it('goes on where a link names a user who is not there', async () => {
    const idpId = await stage.createIdp();
    stage.provider.claims = stage.newPerson();
    const { sub: userId } = await stage.signsIn({ idp: idpId });
    await hub.database.query({
      text: `update external_identities set user_id = '00uWasNeverHere' where idp_id = $1`,
      values: [idpId],
    });
    expect((await stage.signsIn({ idp: idpId })).sub).toBe(userId);
    expect(await hub.api<Wire[]>('GET', `/api/v1/users/${userId}/idps`)).toMatchObject([{ id: idpId }]);
  });
});
