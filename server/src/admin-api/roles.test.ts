import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const ROLES = ['ORG_ADMIN', 'APP_ADMIN', 'HELP_DESK_ADMIN', 'READ_ONLY_ADMIN'] as const;
const OPEN = ['GET /api/v1/users/me', 'GET /api/v1/org'];

let hub: TestHub;
const people: Record<string, { id: string; token: string }> = {};

beforeAll(async () => {
  hub = await startHub();
  for (const role of [...ROLES, 'NONE'] as const) people[role] = await person(role);
});
afterAll(() => hub.close());

/** Somebody with that role, and a token that acts as them. */
async function person(role: string): Promise<{ id: string; token: string }> {
  const login = `${role.toLowerCase()}@example.com`;
  const user: Any = await hub.api('POST', '/api/v1/users', {
    profile: { login, email: login, firstName: 'Ada', lastName: role },
    credentials: { password: { value: 'a long enough password' } },
  });
  if (role !== 'NONE') await hub.api('POST', `/api/v1/users/${user.id}/roles`, { type: role });
  const made: Any = await hub.api('POST', '/api/v1/api-tokens', { name: role });
  await hub.database.query({
    text: 'update api_tokens set user_id = $1 where id = $2',
    values: [user.id, made.id],
  });
  return { id: user.id, token: made.value };
}

const as = (role: string, method: string, path: string, body?: unknown) =>
  hub.call(method, path, body, { authorization: `SSWS ${people[role]!.token}` });
const refusal = ({ status, body }: { status: number; body: unknown }) => [status, (body as Any).errorCode];

describe('the matrix of role and route (K7)', () => {
  /** What the test expects, said in its own way: by role, then by what the role is for. */
  function expected(role: string, method: string, path: string): boolean {
    const place = `${method} ${path}`;
    if (OPEN.includes(place)) return true;
    if (role === 'NONE') return false;
    if (place === 'DELETE /api/v1/api-tokens/current') return true;
    const reads = method === 'GET';
    const is = (pattern: RegExp) => pattern.test(path);
    const secret = is(/\/credentials\/secrets$/) || is(/^\/api\/v1\/idps\/\{\w+\}/);
    const directory =
      is(/^\/api\/(v1\/(users|groups|meta)|gatehouse\/v1\/(user-types|users|groups|group-rules))\b/) &&
      !is(/\/users\/\{userId\}\/(roles|sessions|lifecycle)/);
    const apps = is(/^\/api\/v1\/(internal\/)?apps\b/);
    const clients = is(/^\/api\/v1\/apps\/\{id\}\/grants\b|^\/api\/gatehouse\/v1\/api-scopes$/);
    const clientRoles = is(/^\/oauth2\/v1\/clients\//);
    const federation = is(
      /^\/api\/(v1\/(idps|mappings|policies|org|trustedOrigins|zones|eventHooks)|(internal|gatehouse)\/v1\/mappings)\b/,
    );
    const own = is(/^\/api\/gatehouse\/v1\/(identity-provider|event-types|event-hooks|org\b)/);
    const imports = is(/^\/api\/gatehouse\/v1\/imports\b/);
    const watched = is(/^\/api\/(v1\/logs|gatehouse\/v1\/(mail$|sign-ins|signing-keys|jobs))\b/);
    const rolesOf = is(/\/users\/\{userId\}\/roles/);
    const help = is(/\/users\/\{userId\}\/(sessions|lifecycle\/(unlock|expire_password|reset_password))$/);
    if (is(/^\/api\/v1\/sessions\b/)) return role !== 'APP_ADMIN' && (reads || role !== 'READ_ONLY_ADMIN');
    if (clients) return reads && role !== 'HELP_DESK_ADMIN';
    if (clientRoles) return reads && (role === 'ORG_ADMIN' || role === 'READ_ONLY_ADMIN');
    switch (role) {
      case 'ORG_ADMIN':
        if (rolesOf || (watched && !is(/\/jobs\b/))) return reads;
        return (
          imports ||
          directory ||
          apps ||
          federation ||
          own ||
          is(/\/jobs\b/) ||
          is(/\/users\/\{userId\}\/(sessions|lifecycle)/)
        );
      case 'APP_ADMIN':
        return apps || (reads && (directory || is(/^\/api\/v1\/(mappings|policies)\b/)));
      case 'HELP_DESK_ADMIN':
        return help || (reads && directory);
      default:
        return reads && !secret && (directory || apps || federation || own || watched || rolesOf);
    }
  }

  it.each([...ROLES, 'NONE'])('holds on every route for %s', async (role) => {
    const document: Any = await hub.api('GET', '/api/v1/openapi.json');
    const routes = Object.entries<Any>(document.paths).flatMap(([path, item]) =>
      Object.entries<Any>(item)
        .filter(([, { security }]) => security?.length !== 0)
        .map(([method]) => ({ method: method.toUpperCase(), path })),
    );
    expect(routes.length).toBeGreaterThan(70);
    const wrong: string[] = [];
    for (const { method, path } of routes) {
      if (path.endsWith('/api-tokens/current')) continue;
      const body = method === 'GET' || method === 'DELETE' ? undefined : [];
      const answer = await as(role, method, path.replace(/\{\w+\}/g, 'x0oaNONE'), body);
      const allowed = refusal(answer).join() !== '403,E0000006';
      if (allowed !== expected(role, method, path)) wrong.push(`${method} ${path} ${allowed ? 'allowed' : 'refused'}`);
    }
    expect(wrong).toEqual([]);
  });

  it('counts at once: a role taken away is gone with the next request', async () => {
    const { id } = people.NONE!;
    expect(refusal(await as('NONE', 'GET', '/api/v1/groups'))).toEqual([403, 'E0000006']);
    await hub.api('POST', `/api/v1/users/${id}/roles`, { type: 'READ_ONLY_ADMIN' });
    expect((await as('NONE', 'GET', '/api/v1/groups')).status).toBe(200);
    await hub.api('DELETE', `/api/v1/users/${id}/roles/READ_ONLY_ADMIN`);
    expect(refusal(await as('NONE', 'GET', '/api/v1/groups'))).toEqual([403, 'E0000006']);
  });
});

describe('administrators', () => {
  it('are listed, granted once, and each change is in the System Log', async () => {
    const roles = `/api/v1/users/${people.APP_ADMIN!.id}/roles`;
    const [granted]: Any = await hub.api('GET', roles);
    expect(granted).toMatchObject({
      type: 'APP_ADMIN',
      label: 'Application Administrator',
      status: 'ACTIVE',
      assignmentType: 'USER',
      _links: { assignee: { href: `${hub.url}/api/v1/users/${people.APP_ADMIN!.id}` } },
    });
    expect(refusal(await hub.call('POST', roles, { type: 'APP_ADMIN' }))).toEqual([409, 'E0000090']);
    expect(refusal(await hub.call('POST', roles, { type: 'EMPEROR' }))).toEqual([400, 'E0000001']);
    expect(refusal(await hub.call('DELETE', `${roles}/ORG_ADMIN`))).toEqual([404, 'E0000007']);
    const grants = await hub.events('user.account.privilege.grant');
    expect(grants.filter((event) => event.target[0]!.id === people.APP_ADMIN!.id)).toHaveLength(1);
    const revoked = await hub.events('user.account.privilege.revoke');
    expect(revoked.map((event) => event.target[0]!.id)).toEqual([people.NONE!.id]);
  });

  it('keep one super administrator among them; the second one can go', async () => {
    const me: Any = await hub.api('GET', '/api/v1/users/me');
    const mine = `/api/v1/users/${me.id}/roles/SUPER_ADMIN`;
    expect(refusal(await hub.call('DELETE', mine))).toEqual([403, 'E0000006']);
    const other = `/api/v1/users/${people.NONE!.id}/roles`;
    await hub.api('POST', other, { type: 'SUPER_ADMIN' });
    expect((await hub.call('DELETE', `${other}/SUPER_ADMIN`)).status).toBe(204);
    expect((await hub.api<Any>('GET', '/api/v1/users/me')).id).toBe(me.id);
  });

  it('are not changed by administrators of a lesser role, who change everybody else', async () => {
    const me: Any = await hub.api('GET', '/api/v1/users/me');
    for (const target of [me.id, me.profile.login, people.ORG_ADMIN!.id, people.READ_ONLY_ADMIN!.id, 'me']) {
      const password = { credentials: { password: { value: 'another long password' } } };
      expect(refusal(await as('ORG_ADMIN', 'POST', `/api/v1/users/${target}`, password))).toEqual([403, 'E0000006']);
      const links = `/api/v1/idps/0oaNONE/users/${target}`;
      expect(refusal(await as('ORG_ADMIN', 'POST', links, { externalId: 'x' }))).toEqual([403, 'E0000006']);
      const sessions = `/api/v1/users/${target}/sessions`;
      expect(refusal(await as('HELP_DESK_ADMIN', 'DELETE', sessions))).toEqual([403, 'E0000006']);
    }
    const user = `/api/v1/users/${people.NONE!.id}`;
    expect((await as('ORG_ADMIN', 'POST', user, { profile: { nickName: 'Ada' } })).status).toBe(200);
    expect((await as('HELP_DESK_ADMIN', 'DELETE', `${user}/sessions`)).status).toBe(204);
  });

  it('are not reached through a provider that one of them signs in with', async () => {
    const me: Any = await hub.api('GET', '/api/v1/users/me');
    const endpoint = (path: string) => ({ url: `https://id.example.com/${path}`, binding: 'HTTP-POST' });
    const body = (name: string) => ({
      type: 'OIDC',
      name,
      protocol: {
        type: 'OIDC',
        scopes: ['openid'],
        issuer: { url: 'https://id.example.com' },
        endpoints: { authorization: endpoint('authorize'), token: endpoint('token'), jwks: endpoint('keys') },
        credentials: { client: { client_id: 'client', client_secret: 'secret' } },
      },
      policy: {
        accountLink: { action: 'AUTO' },
        provisioning: { action: 'AUTO', groups: { action: 'NONE' } },
        subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
      },
    });
    const [guarded, open]: Any[] = [
      await hub.api('POST', '/api/v1/idps', body('Of the boss')),
      await hub.api('POST', '/api/v1/idps', body('Of everybody')),
    ];
    await hub.api('POST', `/api/v1/idps/${guarded.id}/users/${me.id}`, { externalId: 'boss' });
    for (const [idp, refused] of [
      [guarded, true],
      [open, false],
    ] as const) {
      const [mapping]: Any[] = await hub.api('GET', `/api/v1/mappings?sourceId=${idp.id}`);
      const answers = [
        await as('ORG_ADMIN', 'PUT', `/api/v1/idps/${idp.id}`, body(idp.name)),
        await as('ORG_ADMIN', 'POST', `/api/v1/mappings/${mapping.id}`, { properties: {} }),
        await as('ORG_ADMIN', 'POST', `/api/v1/meta/schemas/apps/${idp.id}/default`, {}),
        await as('ORG_ADMIN', 'POST', `/api/v1/idps/${idp.id}/lifecycle/deactivate`),
      ];
      expect(answers.map((answer) => answer.status)).toEqual(Array(4).fill(refused ? 403 : 200));
    }
    expect((await hub.call('PUT', `/api/v1/idps/${guarded.id}`, body(guarded.name))).status).toBe(200);
  });

  it('are linked automatically only by the will of a super administrator', async () => {
    const idp = (excludeAdmins: unknown) => ({ policy: { accountLink: { filter: { users: { excludeAdmins } } } } });
    for (const value of [false, null, 'false'])
      expect(refusal(await as('ORG_ADMIN', 'POST', '/api/v1/idps', idp(value)))).toEqual([403, 'E0000006']);
    expect(refusal(await as('ORG_ADMIN', 'POST', '/api/v1/idps', idp(true)))).toEqual([400, 'E0000001']);
    expect(refusal(await hub.call('POST', '/api/v1/idps', idp(false)))).toEqual([400, 'E0000001']);
  });
});
