/** Trusted origins: the body that clients send, read strictly, and the shape that they get. */
import Type, { type Static } from 'typebox';
import type { TrustedOrigin } from './store.ts';

const Scope = Type.Object({ type: Type.String() });
export const OriginBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255, pattern: '\\S' }),
  origin: Type.String({ minLength: 1, maxLength: 255 }),
  scopes: Type.Array(Scope, { minItems: 1, maxItems: 10 }),
});
export type OriginBody = Static<typeof OriginBody>;

/** CORS: pages that may call with a session. REDIRECT: where a session token's redirect may lead; a sign-out goes only where an application has registered. */
const SCOPES = ['CORS', 'REDIRECT'];
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export type ReadOrigin = { origin: string; scopes: string[] } | { field: string; problem: string };

/** An origin in the form in which browsers send it; a final slash is forgiven, a path, a wildcard or a password is not. */
export function readOrigin({ origin: sent, scopes }: Pick<OriginBody, 'origin' | 'scopes'>): ReadOrigin {
  const url = URL.canParse(sent) ? new URL(sent) : null;
  const bare = url !== null && [url.origin, `${url.origin}/`].includes(url.href) && !/[?#*\s\\]/.test(sent);
  if (!bare)
    return { field: 'origin', problem: 'origin: expected scheme, host and port, like https://app.example.com' };
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    return { field: 'origin', problem: 'origin: expected https; http only for this very computer' };
  const types = [...new Set(scopes.map(({ type }) => type))];
  const unknown = types.find((type) => !SCOPES.includes(type));
  if (unknown !== undefined)
    return { field: 'scopes', problem: `scopes: "${unknown}" is not supported; use ${SCOPES.join(', ')}` };
  return { origin: url.origin, scopes: types.sort() };
}

export function originToWire(stored: TrustedOrigin, baseUrl: string) {
  const self = `${baseUrl}/api/v1/trustedOrigins/${stored.id}`;
  const verb = stored.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    id: stored.id,
    name: stored.name,
    origin: stored.origin,
    scopes: stored.scopes.map((type) => ({ type })),
    status: stored.status,
    created: stored.created.toISOString(),
    createdBy: stored.createdBy,
    lastUpdated: stored.lastUpdated.toISOString(),
    lastUpdatedBy: stored.lastUpdatedBy,
    _links: {
      self: { href: self, hints: { allow: ['GET', 'PUT', 'DELETE'] } },
      [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } },
    },
  };
}
