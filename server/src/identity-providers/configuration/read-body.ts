/** From the body of POST and PUT to what is stored. Every fault of the body is named at once. */
import { apiErrors, type Egress } from '../../http/index.ts';
import { isObject } from '../../shared/json.ts';
import * as schema from '../schema.ts';
import { createFieldReader, type FieldReader } from './field-reader.ts';
import { readPolicy } from './read-policy.ts';
import { readProtocol } from './read-protocol.ts';

export interface ReadIdentityProvider {
  name: string;
  displayName: string | null;
  /** Counts when a provider is created; afterwards only the lifecycle calls change it. */
  status: (typeof schema.STATUSES)[number];
  config: schema.IdentityProviderConfig;
  /** null: none is wanted; undefined: a kept one stays. */
  clientSecret: string | null | undefined;
}

/** What is stored of the provider that a PUT replaces. */
export interface Previous {
  displayName: string | null;
  config: schema.IdentityProviderConfig;
  hasClientSecret: boolean;
}

/** Throws E0000001 with a cause per fault. `presets` are the names that `preset` may have. */
export function readBody(
  body: unknown,
  previous: Previous | null,
  admits: Egress['admits'],
  presets: readonly string[],
): ReadIdentityProvider {
  if (!isObject(body)) throw apiErrors.malformed('The body must be a JSON object.');
  const reader = createFieldReader(body);
  requireType(reader);
  const name = reader.text('name', { max: 100, required: true })?.trim() ?? '';
  const status = reader.choice('status', schema.STATUSES, 'ACTIVE');
  const issuerMode = reader.choice('issuerMode', schema.ISSUER_MODES, 'ORG_URL');
  const preset = reader.choice('preset', presets, previous?.config.preset ?? null);
  const { protocol, clientSecret } = readProtocol(
    reader,
    previous?.config.protocol ?? null,
    previous?.hasClientSecret ?? false,
    admits,
  );
  const policy = readPolicy(reader, previous?.config.policy ?? null);
  const displayName = readDisplayName(reader, previous);
  refuseFaults(reader);
  return { name, displayName, status, config: { issuerMode, preset, protocol, policy }, clientSecret };
}

function requireType(reader: FieldReader): void {
  const type = reader.at('type');
  if (type !== 'OIDC') {
    const found = type === undefined ? 'is required' : `${JSON.stringify(type).slice(0, 40)} is not available`;
    reader.refuse('type', `${found}: the type can be "OIDC"`);
  } else if ((reader.at('protocol.type') ?? 'OIDC') !== 'OIDC') {
    reader.refuse('protocol.type', 'must be "OIDC", as the type');
  }
  refuseFaults(reader);
}

/** An empty text removes the display name; a body without the field keeps it. */
function readDisplayName(reader: FieldReader, previous: Previous | null): string | null {
  const sent = reader.text('displayName', { max: 100 });
  return sent ?? (reader.at('displayName') === '' ? null : (previous?.displayName ?? null));
}

function refuseFaults(reader: FieldReader): void {
  const [first] = reader.causes;
  if (first !== undefined) throw apiErrors.validation(first.slice(0, first.indexOf(':')), ...reader.causes);
}
