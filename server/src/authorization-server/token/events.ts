/** Log events of the token endpoint; the user is filled in by the statement that finds them. */
import { clientOf } from '../../http/index.ts';
import type { EventInput, LogActor } from '../../system-log/index.ts';
import type { Client } from '../client.ts';
import type { GrantTypeInput } from './token.ts';

export const clientActor = (client: Client): LogActor => ({
  id: client.clientId,
  type: 'PublicClientApp',
  alternateId: client.clientId,
  displayName: client.label,
});

export const clientTarget = (client: Client): LogActor => ({
  id: client.id,
  type: 'AppInstance',
  alternateId: client.label,
  displayName: client.label,
});

export function grantEvent({ request, client, access }: GrantTypeInput, grantType: string, at: Date): EventInput {
  return {
    orgId: request.org.id,
    type: 'app.oauth2.token.grant',
    at,
    actor: clientActor(client),
    client: clientOf(request),
    requestId: request.id,
    targets: [
      { id: access.id, type: 'Access Token', alternateId: access.id, displayName: 'Access Token' },
      clientTarget(client),
    ],
    debugData: { grantType, clientId: client.clientId },
  };
}

export function reuseEvent({ request, client }: GrantTypeInput, code: string, at: Date): EventInput {
  return {
    orgId: request.org.id,
    type: 'app.oauth2.token.reuse',
    at,
    outcome: { result: 'FAILURE', reason: 'It was used before, so every token that came of it was revoked.' },
    actor: clientActor(client),
    client: clientOf(request),
    requestId: request.id,
    targets: [clientTarget(client)],
    debugData: { code, clientId: client.clientId },
  };
}
