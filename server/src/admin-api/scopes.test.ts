import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, accessToken, bearer, createApiClient } from '../../test/support/api-client.ts';
import { startHub, type TestHub } from '../../test/support/app.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let hub: TestHub;
let scopes: string[];
let service: ApiClient;
let routes: { method: string; path: string }[];

beforeAll(async () => {
  hub = await startHub();
  await hub.api('PUT', '/api/gatehouse/v1/org/settings', { requestsPerMinute: 10_000 });
  scopes = await hub.api<string[]>('GET', '/api/gatehouse/v1/api-scopes');
  service = await createApiClient(hub, { scopes, roles: ['SUPER_ADMIN'] });
  const document: Any = await hub.api('GET', '/api/v1/openapi.json');
  routes = Object.entries<Any>(document.paths).flatMap(([path, item]) =>
    Object.entries<Any>(item)
      .filter(([, { security }]) => security?.length !== 0)
      .map(([method]) => ({ method: method.toUpperCase(), path })),
  );
});
afterAll(() => hub.close());

/** What the test expects, said in its own way: the resource of a path, or that no access token reaches it. */
function resourceOf(method: string, path: string): string | null {
  const inUsers = /^\/api\/v1\/users\/\{userId\}\/(roles|sessions|idps)\b/.exec(path)?.[1];
  if (inUsers !== undefined) return inUsers;
  if (path.startsWith('/api/v1/apps/') && (path.endsWith('/grants') || path.includes('/grants/'))) return 'appGrants';
  if (path === '/api/v1/api-tokens' && method === 'POST') return null;
  const first = /^\/api\/(?:internal\/)?v1\/(?:internal\/)?([\w-]+)/.exec(path)?.[1];
  const meta = /^\/api\/v1\/meta\/(\w+)/.exec(path)?.[1];
  if (meta !== undefined) return { schemas: 'schemas', types: 'userTypes' }[meta] ?? null;
  if (first !== undefined) {
    const own = ['users', 'groups', 'idps', 'apps', 'policies', 'logs', 'eventHooks', 'sessions', 'trustedOrigins'];
    const renamed = { mappings: 'profileMappings', 'api-tokens': 'apiTokens', org: 'orgs', zones: 'networkZones' };
    return own.includes(first) ? first : (renamed[first as keyof typeof renamed] ?? null);
  }
  if (path.startsWith('/oauth2/v1/clients/')) return 'roles';
  const ours = /^\/api\/gatehouse\/v1\/([\w-]+)/.exec(path)?.[1] ?? '';
  if (/^identity-provider/.test(ours)) return 'idps';
  if (/^group(s|-rules)$/.test(ours)) return 'groups';
  if (/^event-(types|hooks)$/.test(ours)) return 'eventHooks';
  if (path.endsWith('/provenance')) return 'users';
  if (ours === 'mappings') return path.endsWith('/preview') ? null : 'profileMappings';
  return (
    { 'user-types': 'userTypes', 'sign-ins': 'logs', 'signing-keys': 'orgs', org: 'orgs', 'api-scopes': 'appGrants' }[
      ours
    ] ?? null
  );
}

const open = async (token: string, { method, path }: { method: string; path: string }) => {
  const body = method === 'GET' || method === 'DELETE' ? undefined : [];
  const answer = await hub.call(method, path.replace(/\{\w+\}/g, 'x0oaNONE'), body, bearer(token));
  expect(answer.status, `${method} ${path}`).not.toBe(401);
  return answer.status !== 403;
};

describe('the table of scope and route (K7)', () => {
  it('opens every route to its scope, and to no other: also not to all others together', async () => {
    expect(routes.length).toBeGreaterThan(80);
    const wrong: string[] = [];
    const kept = new Map<string, string>();
    const tokenFor = async (wanted: string[]) => {
      const key = wanted.join();
      const token = kept.get(key) ?? (await accessToken(hub, service, wanted));
      kept.set(key, token);
      return token;
    };
    for (const route of routes) {
      const resource = resourceOf(route.method, route.path);
      const reads = route.method === 'GET';
      const opening = resource === null ? [] : [`okta.${resource}.manage`, ...(reads ? [`okta.${resource}.read`] : [])];
      const known = opening.filter((scope) => scopes.includes(scope));
      const name = `${route.method} ${route.path}`;
      for (const scope of known)
        if (!(await open(await tokenFor([scope]), route))) wrong.push(`${name} is closed to ${scope}`);
      const others = scopes.filter((scope) => !opening.includes(scope));
      if (await open(await tokenFor(others), route))
        wrong.push(`${name} is open without ${opening.join(' or ') || 'any row'}`);
    }
    expect(wrong).toEqual([]);
  });

  it('has a row for every scope that can be granted, but for the resources that come with their module', () => {
    const used = new Set(routes.map(({ method, path }) => resourceOf(method, path)));
    const idle = [...new Set(scopes.map((scope) => scope.split('.')[1]!))].filter((resource) => !used.has(resource));
    for (const resource of idle)
      expect(['clients', 'eventHooks', 'networkZones', 'sessions', 'userTypes']).toContain(resource);
  });
});
