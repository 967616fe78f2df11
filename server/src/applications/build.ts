/** The row of a new application, or of one that is replaced, with the secret that is shown this once. Pure but for randomness. */
import { apiErrors } from '../http/index.ts';
import { newId } from '../shared/ids.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import { APPLICATION_NAME, type ApplicationBody } from './schema.ts';
import { generateSecret, NO_SECRET, needsSecret, sealSecret, suppliedSecretProblem } from './secrets.ts';
import { readApplication } from './settings/read-body.ts';
import type { StoredApplication } from './store.ts';

const CLIENT_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{5,99}$/;

/** A row that is not stored yet, and its secret in clear; null where it has none. Throws E0000001. */
export function newApplication(
  box: SecretBox,
  body: ApplicationBody,
  activate: boolean,
  at: Date,
): { row: StoredApplication; secret: string | null } {
  const config = readApplication(body, null);
  const id = newId('application', at);
  const clientId = body.credentials?.oauthClient?.client_id || id;
  if (!CLIENT_ID.test(clientId))
    throw apiErrors.validation('client_id', 'client_id: expected 6 to 100 letters, digits and . _ ~ -');
  const secret = needsSecret(config) ? (suppliedSecret(body) ?? generateSecret()) : null;
  const row: StoredApplication = {
    id,
    clientId,
    name: APPLICATION_NAME,
    label: body.label,
    status: activate ? 'ACTIVE' : 'INACTIVE',
    config: { ...config, secretCreated: secret === null ? null : at.toISOString() },
    ...(secret === null ? NO_SECRET : sealSecret(box, id, secret)),
    created: at,
    lastUpdated: at,
    version: 1,
  };
  return { row, secret };
}

function suppliedSecret(body: ApplicationBody): string | null {
  const supplied = body.credentials?.oauthClient?.client_secret || null;
  const problem = supplied === null ? null : suppliedSecretProblem(supplied);
  if (problem !== null) throw apiErrors.validation('client_secret', problem);
  return supplied;
}

/** `secret`: the one that was made because the client needs one from now on; null when nothing new is to be shown. */
export function replaceApplication(box: SecretBox, before: StoredApplication, body: ApplicationBody, at: Date) {
  const config = readApplication(body, before.config);
  const clientId = body.credentials?.oauthClient?.client_id || before.clientId;
  if (clientId !== before.clientId) throw apiErrors.validation('client_id', 'client_id: cannot be changed');
  if (!needsSecret(config))
    return {
      row: { ...before, label: body.label, config: { ...config, secretCreated: null }, ...NO_SECRET },
      secret: null,
    };
  const supplied = suppliedSecret(body);
  const made = supplied === null && before.secretSealed === null ? generateSecret() : null;
  const secret = supplied ?? made;
  const kept = { ...before, label: body.label, config };
  if (secret === null) return { row: kept, secret: null };
  return {
    row: { ...kept, ...sealSecret(box, before.id, secret), config: { ...config, secretCreated: at.toISOString() } },
    secret: made,
  };
}
