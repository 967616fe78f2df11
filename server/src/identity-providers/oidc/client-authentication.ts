/** How the hub proves itself at a provider's token endpoint. */
import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  modifyAssertion,
  None,
  PrivateKeyJwt,
} from 'oauth4webapi';
import { epochSeconds } from '../../shared/clock.ts';
import type { OidcSettings } from './settings.ts';

const ASSERTION_LIFETIME_SECONDS = 60;

/** The hub's own key of purpose "client"; its public half is published at {B}/oauth2/v1/keys. */
export interface ClientKey {
  kid: string;
  key: CryptoKey;
}

export type ClientKeys = (orgId: string) => Promise<ClientKey>;

/** Adds the proof to a token request: to its parameters, or as the Authorization header that is returned. */
export async function authenticateClient(
  settings: OidcSettings,
  keys: ClientKeys,
  parameters: URLSearchParams,
  now: Date,
): Promise<string | null> {
  const headers = new Headers();
  const authenticate = await methodOf(settings, keys, now);
  await authenticate({ issuer: settings.issuer }, { client_id: settings.clientId }, parameters, headers);
  return headers.get('authorization');
}

async function methodOf(settings: OidcSettings, keys: ClientKeys, now: Date): Promise<ClientAuth> {
  switch (settings.clientAuthentication) {
    case 'client_secret_post':
      return ClientSecretPost(settings.clientSecret ?? '');
    case 'client_secret_basic':
      return ClientSecretBasic(settings.clientSecret ?? '');
    case 'none':
      return None();
    case 'private_key_jwt':
      return PrivateKeyJwt(await keys(settings.orgId), {
        // The audience is the issuer and nothing else: an endpoint there could be somebody else's (security.md O11).
        [modifyAssertion]: (_header, payload) => {
          const issuedAt = epochSeconds(now);
          Object.assign(payload, {
            aud: settings.issuer,
            iat: issuedAt,
            nbf: issuedAt,
            exp: issuedAt + ASSERTION_LIFETIME_SECONDS,
          });
        },
      });
  }
}
