/** The two issuers of an org (contract §11.1): the org's own, and the alias that most samples use. */
export interface Issuer {
  /** After {B}. */
  path: string;
  /** Where its endpoints stand, after {B}. */
  endpoints: string;
  /** Opaque tokens mean something to the hub alone; the alias issues JWTs for the audience of an API. */
  accessToken: 'opaque' | 'jwt';
  audience: string | null;
  /** Whether its tokens may open the management API. */
  apiScopes: boolean;
}

export const ISSUERS: readonly Issuer[] = [
  { path: '', endpoints: '/oauth2/v1', accessToken: 'opaque', audience: null, apiScopes: true },
  {
    path: '/oauth2/default',
    endpoints: '/oauth2/default/v1',
    accessToken: 'jwt',
    audience: 'api://default',
    apiScopes: false,
  },
];

export const audienceOf = (issuer: Issuer, baseUrl: string): string => issuer.audience ?? baseUrl;
