/** A session as `/api/v1/sessions` shows it (contract §10.3). */
import { userTarget } from '../account/index.ts';
import type { StoredSession } from '../sessions/index.ts';

export type SessionWire = ReturnType<typeof sessionToWire>;

/** @param address `me` for the browser's own, else its id */
export function sessionToWire(session: StoredSession, org: { id: string; baseUrl: string }, address: string) {
  const self = `${org.baseUrl}/api/v1/sessions/${address}`;
  const expires = session.idleExpires < session.expires ? session.idleExpires : session.expires;
  const user = address === 'me' ? 'me' : session.userId;
  return {
    id: session.id,
    login: session.login,
    userId: session.userId,
    expiresAt: expires.toISOString(),
    status: 'ACTIVE',
    createdAt: session.created.toISOString(),
    lastPasswordVerification: session.amr.includes('pwd') ? session.authTime.toISOString() : null,
    lastFactorVerification: null,
    amr: session.amr,
    idp: { id: session.idpId ?? org.id, type: session.idpId === null ? 'OKTA' : 'FEDERATION' },
    mfaActive: false,
    _links: {
      self: { href: self, hints: { allow: ['GET', 'DELETE'] } },
      refresh: { href: `${self}/lifecycle/refresh`, hints: { allow: ['POST'] } },
      user: {
        name: userTarget(session.userId, session.profile).displayName,
        href: `${org.baseUrl}/api/v1/users/${user}`,
        hints: { allow: ['GET'] },
      },
    },
  };
}
