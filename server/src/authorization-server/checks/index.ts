/**
 * The checks of authorize, read from top to bottom. First the two that decide whether the answer may leave the hub at all; each check
 * after them stops the list with an error that goes to the application.
 */
import { authorizeErrors, matchesRedirectUri, type OAuthError, type Parameters } from '../../protocol/oauth/index.ts';
import { type Clock, epochSeconds } from '../../shared/clock.ts';
import type { Client, Clients } from '../client.ts';
import type { AuthorizationRequest } from '../request.ts';
import type { AnswerTo } from '../respond.ts';
import type { Check, CheckContext, Reading } from './check.ts';
import { readResponseMode, readResponseType } from './response.ts';
import {
  chooseProvider,
  readHints,
  readMaxAge,
  readPrompt,
  readScopes,
  readState,
  readSubject,
  refuseRepeated,
  refuseRequestObjects,
  requireChallenge,
  requireNonce,
  usableState,
} from './values.ts';

/** The mode comes first: the errors of all others travel by it. */
const CHECKS: readonly Check[] = [
  readResponseMode,
  readResponseType,
  readState,
  refuseRepeated,
  refuseRequestObjects,
  readScopes,
  requireNonce,
  requireChallenge,
  readPrompt,
  readMaxAge,
  chooseProvider,
  readHints,
  readSubject,
];

export type Checked =
  | { kind: 'checked'; request: AuthorizationRequest; client: Client }
  /** Goes to the application. */
  | { kind: 'refused'; error: OAuthError; answerTo: AnswerTo; client: Client }
  /** Must not leave the hub. */
  | { kind: 'untrusted'; error: OAuthError; status: number; client: Client | null };

type Asked = Omit<CheckContext, 'client' | 'apiScopes'> & {
  applications: Clients;
  clock: Clock;
  apiScopes(orgId: string, appId: string): Promise<ReadonlySet<string>>;
};

export async function checkRequest(asked: Asked): Promise<Checked> {
  const { issuer, parameters, clock } = asked;
  const client = await findClient(asked);
  if (client === null) return { kind: 'untrusted', error: authorizeErrors.clientUnknown(), status: 401, client };
  const redirectUri = trustedRedirectUri(parameters, client);
  if (redirectUri === null)
    return { kind: 'untrusted', error: authorizeErrors.redirectUriInvalid(), status: 400, client };

  const reading: Reading = {};
  const context: CheckContext = { ...asked, client, apiScopes: await asked.apiScopes(asked.orgId, client.id) };
  for (const check of CHECKS) {
    const error = await check(reading, context);
    if (error === null) continue;
    const { responseMode = 'query' } = reading;
    const state = usableState(parameters);
    return {
      kind: 'refused',
      error,
      answerTo: { issuer, redirectUri, responseMode, ...(state === undefined ? {} : { state }) },
      client,
    };
  }
  const { responseType, responseMode, scopes } = reading as Pick<
    AuthorizationRequest,
    'responseType' | 'responseMode' | 'scopes'
  >;
  const known = {
    issuer,
    appId: client.id,
    clientId: client.clientId,
    redirectUri,
    requestedAt: epochSeconds(clock.now()),
  };
  return { kind: 'checked', request: { ...known, ...reading, responseType, responseMode, scopes }, client };
}

/** The two checks that decide whether an answer may leave the hub, for a request that travelled since. */
export function accepts(client: Client | null, { redirectUri }: AuthorizationRequest): boolean {
  return client?.status === 'ACTIVE' && matchesRedirectUri(redirectUri, client.redirectUris, client.applicationType);
}

async function findClient({ applications, orgId, parameters }: Asked): Promise<Client | null> {
  const id = parameters.single('client_id');
  if (id === undefined || id.length > 255) return null;
  const client = await applications.byClientId(orgId, id);
  return client?.status === 'ACTIVE' ? client : null;
}

function trustedRedirectUri(parameters: Parameters, client: Client): string | null {
  const requested = parameters.single('redirect_uri');
  if (requested === undefined) return null;
  return matchesRedirectUri(requested, client.redirectUris, client.applicationType) ? requested : null;
}
