/** What every request carries once the server's first hook has run. */
import type { FastifyRequest } from 'fastify';

/** Who calls: decided by the authenticator that app.ts supplies; guards read it. */
export interface Principal {
  kind: 'api-token' | 'session';
  userId: string;
  login: string;
  displayName: string;
  roles: readonly string[];
  /** The API token's or the session's id. */
  credentialId: string;
}

/** Where a request comes from, for logs and limits. `ip` is the real client's address (rulings 4: trusted proxies only). */
export interface ClientInfo {
  ip: string;
  userAgent: string;
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

const MAX_USER_AGENT = 512;
/** What a socket for both kinds of addresses writes before one of IPv4. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

export function clientOf(request: FastifyRequest): ClientInfo {
  return {
    ip: request.ip.replace(MAPPED, ''),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
  };
}
