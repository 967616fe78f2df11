/** A grant before it is written: the row, the code and the log events, for whoever commits them. Pure but for random numbers. */
import type { ClientInfo } from '../../http/index.ts';
import { after } from '../../shared/clock.ts';
import { newId, randomSecret } from '../../shared/ids.ts';
import { sha256 } from '../../shared/secrets.ts';
import type { EventInput, LogTarget } from '../../system-log/index.ts';
import type { Lifetimes } from '../issue/lifetimes.ts';
import type { AuthorizationRequest } from '../request.ts';

/** The authentication that a grant stands on. */
export interface GrantAuthentication {
  orgId: string;
  userId: string;
  sessionId: string;
  /** Null for a local sign-in. */
  idpId: string | null;
  amr: string[];
  authTime: Date;
  traceId: string;
  /** For the log events: who signed in to what, from where. */
  user?: LogTarget;
  applicationLabel?: string;
  client?: ClientInfo;
  requestId?: string;
}

/** One row of `grants`, ready for JSON (`insertGrantSql`). */
export interface GrantRow {
  org_id: string;
  id: string;
  app_id: string;
  user_id: string;
  session_id: string;
  idp_id: string | null;
  issuer: string;
  scopes: string[];
  amr: string[];
  auth_time: Date;
  trace_id: string;
  nonce: string | null;
  code_sha256: string | null;
  code_expires: Date | null;
  redirect_uri: string;
  code_challenge: string | null;
  created: Date;
  expires: Date;
}

export interface GrantDraft {
  row: GrantRow;
  /** To be sent to the application; only its SHA-256 is kept. Null where the response type has none. */
  code: string | null;
  events: EventInput[];
}

export function draftGrant(
  request: AuthorizationRequest,
  authentication: GrantAuthentication,
  { now, lifetimes }: { now: Date; lifetimes: Lifetimes },
): GrantDraft {
  const code = request.responseType === 'id_token' ? null : `hub_ac_${randomSecret()}`;
  const lasts = request.scopes.includes('offline_access')
    ? lifetimes.refreshToken
    : lifetimes.code + lifetimes.accessToken;
  const row: GrantRow = {
    org_id: authentication.orgId,
    id: newId('grant', now),
    app_id: request.appId,
    user_id: authentication.userId,
    session_id: authentication.sessionId,
    idp_id: authentication.idpId,
    issuer: request.issuer,
    scopes: request.scopes,
    amr: authentication.amr,
    auth_time: authentication.authTime,
    trace_id: authentication.traceId,
    nonce: request.nonce ?? null,
    code_sha256: code === null ? null : `\\x${sha256(code).toString('hex')}`,
    code_expires: code === null ? null : after(now, lifetimes.code),
    redirect_uri: request.redirectUri,
    code_challenge: request.codeChallenge ?? null,
    created: now,
    expires: after(now, lasts),
  };
  return { row, code, events: eventsOf(request, authentication, now) };
}

function eventsOf(request: AuthorizationRequest, authentication: GrantAuthentication, at: Date): EventInput[] {
  const { userId, user = { id: userId, type: 'User', alternateId: userId, displayName: userId } } = authentication;
  const label = authentication.applicationLabel ?? request.clientId;
  const application = { id: request.appId, type: 'AppInstance', alternateId: label, displayName: label };
  const common = {
    orgId: authentication.orgId,
    at,
    actor: user,
    targets: [application, user],
    ...(authentication.client === undefined ? {} : { client: authentication.client }),
    ...(authentication.requestId === undefined ? {} : { requestId: authentication.requestId }),
    transactionId: authentication.traceId,
    authentication: { sessionId: authentication.sessionId },
  };
  const debugData = { clientId: request.clientId, scopes: request.scopes, responseMode: request.responseMode };
  const events: EventInput[] = [{ ...common, type: 'user.authentication.sso' }];
  if (request.responseType !== 'id_token') events.push({ ...common, type: 'app.oauth2.authorize.code', debugData });
  if (request.responseType !== 'code')
    events.push({ ...common, type: 'app.oauth2.authorize.implicit.id_token', debugData });
  return events;
}
