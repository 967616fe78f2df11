/** What the connector knows of one OpenID provider; compiled once from the stored configuration. */
export interface OidcSettings {
  orgId: string;
  idpId: string;
  issuer: string;
  authorizationUrl: string;
  tokenUrl: string;
  /** null: everything comes in the ID token, no call is made. */
  userInfoUrl: string | null;
  /** null only where every accepted algorithm is keyed by the client secret. */
  jwksUrl: string | null;
  clientId: string;
  clientSecret: string | null;
  clientAuthentication: 'client_secret_post' | 'client_secret_basic' | 'private_key_jwt' | 'none';
  /** Sent as they stand, joined by blanks. */
  scopes: readonly string[];
  pkce: boolean;
  responseMode: 'query' | 'form_post';
  perIdpRedirectUri: boolean;
  requireIssParameter: boolean;
  /** Whether the provider is told which application the person wants. */
  sendApplicationContext: boolean;
  userInfoForm: 'json' | 'jwt' | 'quoted_jwt';
  idTokenAlgorithms: readonly string[];
  maxClockSkewSeconds: number;
  /** The claim that holds group names, its case not minded. */
  groupsClaim: string;
  hints: OidcHints;
}

/** What a preset advises when something fails. */
export interface OidcHints {
  userInfo?: string;
  scopes?: string;
}

/** Where the provider sends people back: one address for all providers, or one of the provider's own (rulings 14). */
export function redirectUri(baseUrl: string, settings: Pick<OidcSettings, 'idpId' | 'perIdpRedirectUri'>): string {
  return `${baseUrl}/oauth2/v1/authorize/callback${settings.perIdpRedirectUri ? `/${settings.idpId}` : ''}`;
}
