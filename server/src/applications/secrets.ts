/** Client secrets: made, sealed, shown once, or again where the application says so (rulings 31). */
import { randomSecret } from '../shared/ids.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import { sha256 } from '../shared/secrets.ts';
import type { ApplicationConfig } from './schema.ts';
import type { StoredApplication } from './store.ts';

/** 256 bits. */
const SECRET_BYTES = 32;
const MIN_SUPPLIED = 14;
/** Visible ASCII, so that every way of sending it (RFC 6749 §2.3.1) carries it unchanged. */
const SUPPLIED = /^[\x21-\x7e]+$/;

export type SecretColumns = Pick<StoredApplication, 'secretSealed' | 'secretSha256'>;

export const NO_SECRET: SecretColumns = { secretSealed: null, secretSha256: null };

export const needsSecret = (config: ApplicationConfig) => config.authMethod.startsWith('client_secret_');

/** Why a secret that a client chose cannot be used; null when it can. */
export function suppliedSecretProblem(secret: string): string | null {
  if (secret.length < MIN_SUPPLIED) return `client_secret: must have at least ${MIN_SUPPLIED} characters`;
  return SUPPLIED.test(secret) ? null : 'client_secret: may hold visible ASCII characters only';
}

export const generateSecret = () => randomSecret(SECRET_BYTES);

const placeOf = (appId: string) => `applications/${appId}/client_secret`;

export function sealSecret(box: SecretBox, appId: string, secret: string): SecretColumns {
  return { secretSealed: box.seal(secret, placeOf(appId)), secretSha256: sha256(secret) };
}

const MASK = '*'.repeat(12);

/** The secret as `/credentials/secrets` shows it: in clear only where `clear` is given or the application's setting allows it. */
export function secretToWire(box: SecretBox, baseUrl: string, app: StoredApplication, clear?: string) {
  const { secretSealed, secretSha256, config } = app;
  if (secretSealed === null || secretSha256 === null) return null;
  const shown =
    clear ?? (config.oauthClient.client_secret_shown_again ? box.open(secretSealed, placeOf(app.id)) : null);
  const at = config.secretCreated ?? app.created.toISOString();
  return {
    id: `ocs${app.id.slice(3)}`,
    created: at,
    lastUpdated: at,
    status: 'ACTIVE' as const,
    client_secret: shown ?? MASK,
    secret_hash: secretSha256.toString('base64url').slice(0, 22),
    _links: { self: { href: `${baseUrl}/api/v1/apps/${app.id}/credentials/secrets` } },
  };
}
