/** Making tokens: what they say and how they are signed. What is kept of them is the token store's. */
import { halfHash } from '../../protocol/jose/index.ts';
import { after, type Clock, epochSeconds } from '../../shared/clock.ts';
import { randomSecret } from '../../shared/ids.ts';
import { sha256 } from '../../shared/secrets.ts';
import type { Client } from '../client.ts';
import { audienceOf, type Issuer } from '../issuers.ts';
import type { Keys } from '../keys/keys.ts';
import type { TokenUser } from '../ports.ts';
import { claimsProfileOf } from './claims.ts';
import type { Lifetimes } from './lifetimes.ts';

/** What tokens of one grant have in common. */
export interface Grant {
  orgId: string;
  issuer: string;
  client: Client;
  user: TokenUser;
  scopes: string[];
  amr: string[];
  authTime: Date;
  idpId: string | null;
  /** Null where it is not to be repeated. */
  nonce: string | null;
}

/** An access token whose row can be written before its owner is known. */
export interface AccessTokenDraft {
  id: string;
  /** Under which it is found: SHA-256 of an opaque token, or of a JWT's id. */
  secretSha256: Buffer;
  audience: string;
  created: Date;
  expires: Date;
  opaque: string | null;
}

export interface Issuing {
  draftAccessToken(issuer: Issuer, baseUrl: string): AccessTokenDraft;
  /** The token as the client gets it: the opaque one, or a signed JWT (contract §11.4; RFC 9068's type). */
  accessToken(draft: AccessTokenDraft, grant: Grant): Promise<string>;
  idToken(grant: Grant, related: { accessToken?: string; code?: string; withAccessToken: boolean }): Promise<string>;
}

export function createIssuing(deps: { keys: Keys; clock: Clock; lifetimes: Lifetimes }): Issuing {
  const { keys, clock, lifetimes } = deps;
  return {
    draftAccessToken(issuer, baseUrl) {
      const created = clock.now();
      const id = `AT.${randomSecret()}`;
      const opaque = issuer.accessToken === 'opaque' ? `hub_at_${randomSecret()}` : null;
      const expires = after(created, lifetimes.accessToken);
      return {
        id,
        secretSha256: sha256(opaque ?? id),
        audience: audienceOf(issuer, baseUrl),
        created,
        expires,
        opaque,
      };
    },
    accessToken: async (draft, { orgId, issuer, client, user, scopes, authTime }) =>
      draft.opaque ??
      keys.sign(
        orgId,
        'RS256',
        {
          ver: 1,
          jti: draft.id,
          iss: issuer,
          aud: draft.audience,
          iat: epochSeconds(draft.created),
          exp: epochSeconds(draft.expires),
          cid: client.clientId,
          uid: user.id,
          scp: scopes,
          auth_time: epochSeconds(authTime),
          sub: user.login,
        },
        'at+jwt',
      ),
    idToken(grant, { accessToken, code, withAccessToken }) {
      const now = clock.now();
      const alg = grant.client.idTokenAlg;
      const claims = claimsProfileOf(grant.client).idToken({
        ...grant,
        jti: `ID.${randomSecret()}`,
        issuedAt: epochSeconds(now),
        expiresAt: epochSeconds(after(now, lifetimes.idToken)),
        ...(accessToken === undefined ? {} : { atHash: halfHash(accessToken, alg) }),
        ...(code === undefined ? {} : { cHash: halfHash(code, alg) }),
        withAccessToken,
      });
      return keys.sign(grant.orgId, alg, claims);
    },
  };
}
