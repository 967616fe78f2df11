/** What every request carries once the server's first hook has run. */
import type { FastifyRequest } from 'fastify';

/** Who calls: decided by the authenticator that app.ts supplies; guards read it. */
export interface Principal {
  /** `oauth-user`: an application on behalf of a person; `oauth-client`: an application by itself. Both only as far as `scopes` reach. */
  kind: 'api-token' | 'session' | 'oauth-user' | 'oauth-client';
  /** The scopes of an access token; the other kinds have none and need none. */
  scopes?: readonly string[];
  /** The person; for an application by itself its client id. */
  userId: string;
  login: string;
  displayName: string;
  roles: readonly string[];
  /** The id of the API token, the session or the access token. */
  credentialId: string;
}

/** Where a request comes from and goes to, for logs and limits. `ip` is the real client's address (rulings 4: trusted proxies only). */
export interface ClientInfo {
  ip: string;
  userAgent: string;
  /** The path; outside the management API, where paths hold secrets of links, as the route writes it. */
  requestUri?: string;
  /** The same, with a question mark where a query followed, whose values nobody records (security.md §4.9). */
  url?: string;
}

export interface RequestOrg {
  id: string;
  /** {B}: public base URL without a trailing slash. */
  baseUrl: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    org: RequestOrg;
    principal: Principal | null;
  }
}

/** The management API: below /api, and the roles of clients, whose address is the authorization server's. */
export const isManagement = (path: string): boolean =>
  path.startsWith('/api/') || path.startsWith('/oauth2/v1/clients/');

const MAX_USER_AGENT = 512;
const MAX_PATH = 512;
/** What a socket for both kinds of addresses writes before one of IPv4. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

export function clientOf(request: FastifyRequest): ClientInfo {
  return {
    ip: request.ip.replace(MAPPED, ''),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
    ...goalOf(request),
  };
}

function goalOf({ url, routeOptions }: FastifyRequest): Pick<ClientInfo, 'requestUri' | 'url'> {
  const route = routeOptions.url;
  if (route === undefined) return {};
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  const requestUri = (isManagement(path) ? path : route).slice(0, MAX_PATH);
  return { requestUri, url: query === -1 ? requestUri : `${requestUri}?` };
}
