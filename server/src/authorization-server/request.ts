/** A checked authorization request: plain data, so that it can travel sealed in a transaction. */
export interface AuthorizationRequest {
  /** {B} or {B}/oauth2/default. */
  issuer: string;
  appId: string;
  clientId: string;
  redirectUri: string;
  responseType: 'code' | 'id_token' | 'code id_token';
  responseMode: 'query' | 'fragment' | 'form_post';
  scopes: string[];
  state?: string;
  nonce?: string;
  /** S256 only. */
  codeChallenge?: string;
  prompt?: string[];
  maxAge?: number;
  loginHint?: string;
  acrValues?: string;
  uiLocales?: string;
  /** The `idp` parameter: skips the choice, not the checks afterwards. */
  idpId?: string;
}
