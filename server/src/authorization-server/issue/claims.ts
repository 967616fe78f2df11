/** The content of ID tokens and of userinfo (contract §11.4), chosen by the application's claims profile. */
import { isProtocolClaim, scopeClaims } from '../../protocol/oauth/index.ts';
import { epochSeconds } from '../../shared/clock.ts';
import type { Json } from '../../shared/json.ts';
import type { Client, ClientClaim } from '../client.ts';
import type { TokenUser } from '../ports.ts';

/** What an ID token is made of; times in epoch seconds. */
export interface IdTokenInput {
  client: Client;
  user: TokenUser;
  issuer: string;
  orgId: string;
  idpId: string | null;
  scopes: readonly string[];
  amr: readonly string[];
  authTime: Date;
  nonce: string | null;
  jti: string;
  issuedAt: number;
  expiresAt: number;
  atHash?: string;
  cHash?: string;
  /** Whether an access token comes with it or with its code: then most claims are at userinfo. */
  withAccessToken: boolean;
}

export interface ClaimsProfile {
  idToken(input: IdTokenInput): Record<string, Json>;
  userinfo(client: Client, user: TokenUser, scopes: readonly string[], amr: readonly string[]): Record<string, Json>;
}

/** Which claims an application gets, and under which names. */
export const claimsProfileOf = (_client: Client): ClaimsProfile => CONTRACT_PROFILE;

const CONTRACT_PROFILE: ClaimsProfile = {
  idToken(input) {
    const { client, user } = input;
    return {
      ...ownClaims(client, user, input.amr, 'ID_TOKEN'),
      sub: user.id,
      ...scopeClaims(user, input.scopes, input.withAccessToken ? 'short' : 'all'),
      ver: 1,
      iss: input.issuer,
      aud: client.clientId,
      iat: input.issuedAt,
      exp: input.expiresAt,
      jti: input.jti,
      amr: [...input.amr],
      idp: input.idpId ?? input.orgId,
      ...(input.nonce === null ? {} : { nonce: input.nonce }),
      auth_time: epochSeconds(input.authTime),
      ...(input.atHash === undefined ? {} : { at_hash: input.atHash }),
      ...(input.cHash === undefined ? {} : { c_hash: input.cHash }),
    };
  },
  userinfo: (client, user, scopes, amr) => ({
    ...ownClaims(client, user, amr, 'USERINFO'),
    ...scopeClaims(user, scopes, 'all'),
    sub: user.id,
  }),
};

/** The application's own claims; one without a value, or whose expression fails on this user, is left out. */
function ownClaims(
  client: Client,
  user: TokenUser,
  amr: readonly string[],
  location: ClientClaim['location'],
): Record<string, Json> {
  const claims: Record<string, Json> = {};
  const appuser = readsAppProfile(client) ? client.profileOf(user, user.appProfile) : {};
  for (const claim of client.claims) {
    if (claim.location !== location || isProtocolClaim(claim.name)) continue;
    const evaluated = claim.program.evaluate({
      user: user.profile,
      appuser,
      app: { id: client.id, clientId: client.clientId, label: client.label },
      session: { amr: [...amr] },
      groups: user.groups ?? [],
    });
    if (evaluated.ok && evaluated.value.value !== null) claims[claim.name] = evaluated.value.value;
  }
  return claims;
}

/** Whether a claim of the application looks at the user's groups; at one place, or at any. */
export const readsGroups = (client: Client, location?: ClientClaim['location']): boolean =>
  client.claims.some(
    (claim) =>
      (location === undefined || claim.location === location) &&
      claim.program.needs.some((need) => need === 'groups' || need === 'groupLists'),
  );

/** Whether a claim of the application reads the user's profile at the application, which a sign-in has not at hand. */
export const readsAppProfile = (client: Client): boolean =>
  client.claims.some(({ program }) => program.references.some(({ root }) => root === 'appuser'));
