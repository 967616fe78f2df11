import type { ResponseMode, ResponseType } from '../protocol/oauth/index.ts';

/** A checked authorization request: plain data, so that it can travel sealed in a transaction. */
export interface AuthorizationRequest {
  /** {B} or {B}/oauth2/default. */
  issuer: string;
  appId: string;
  clientId: string;
  redirectUri: string;
  responseType: ResponseType;
  responseMode: ResponseMode;
  scopes: string[];
  state?: string;
  nonce?: string;
  /** S256 only. */
  codeChallenge?: string;
  prompt?: string[];
  /** Seconds. */
  maxAge?: number;
  loginHint?: string;
  acrValues?: string;
  uiLocales?: string;
  /** The `idp` parameter: skips the choice, not the checks afterwards. */
  idpId?: string;
  /** The user that `id_token_hint` names: nobody else may be answered for. */
  subject?: string;
  /** Epoch seconds at which the request was checked; `prompt=login` and `max_age` are measured from it. */
  requestedAt?: number;
}
