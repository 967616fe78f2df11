/** From the body of POST and PUT to what is stored. Every fault of the body is named at once. */
import { apiErrors, type Egress } from '../../http/index.ts';
import { isObject } from '../../shared/json.ts';
import * as schema from '../schema.ts';
import { createFieldReader, type FieldReader } from './field-reader.ts';
import { readPolicy } from './read-policy.ts';
import { readProtocol } from './read-protocol.ts';
import { readSamlProtocol, type SamlDefaults } from './read-saml-protocol.ts';

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

/** Throws E0000001 with a cause per fault. `presets`: those that `preset` may name, by type; `samlDefaults`: for a SAML body that is silent about them. */
export function readBody(
  body: unknown,
  previous: Previous | null,
  admits: Egress['admits'],
  presets: readonly { id: string; type: 'OIDC' | 'SAML2' }[],
  samlDefaults: SamlDefaults,
): ReadIdentityProvider {
  if (!isObject(body)) throw apiErrors.malformed('The body must be a JSON object.');
  const reader = createFieldReader(body);
  const type = readType(reader, previous);
  const name = reader.text('name', { max: 100, required: true })?.trim() ?? '';
  const status = reader.choice('status', schema.STATUSES, 'ACTIVE');
  const issuerMode = reader.choice('issuerMode', schema.ISSUER_MODES, 'ORG_URL');
  const presetIds = presets.filter((preset) => preset.type === type).map(({ id }) => id);
  const preset = reader.choice('preset', presetIds, previous?.config.preset ?? null);
  const { protocol, clientSecret } =
    type === 'OIDC'
      ? readProtocol(reader, oidcOf(previous), previous?.hasClientSecret ?? false, admits)
      : { protocol: readSamlProtocol(reader, samlOf(previous), admits, samlDefaults), clientSecret: null };
  const policy = readPolicy(reader, previous?.config.policy ?? null);
  const displayName = readDisplayName(reader, previous);
  refuseFaults(reader);
  return { name, displayName, status, config: { issuerMode, preset, protocol, policy }, clientSecret };
}

/** The type of the body, which a stored provider keeps for ever. */
export function typeOf(body: unknown): unknown {
  return isObject(body) ? body.type : undefined;
}

function readType(reader: FieldReader, previous: Previous | null): 'OIDC' | 'SAML2' {
  const type = reader.at('type');
  const known = schema.PROVIDER_TYPES.find((name) => name === type);
  if (known === undefined) {
    const found = type === undefined ? 'is required' : `${JSON.stringify(type).slice(0, 40)} is not available`;
    reader.refuse('type', `${found}: the type can be "OIDC" or "SAML2"`);
  } else if ((reader.at('protocol.type') ?? known) !== known) {
    reader.refuse('protocol.type', `must be "${known}", as the type`);
  } else if (previous !== null && previous.config.protocol.type !== known) {
    reader.refuse('type', `must stay "${previous.config.protocol.type}": the type of a provider cannot be changed`);
  }
  refuseFaults(reader);
  return known!;
}

function oidcOf(previous: Previous | null): schema.ProtocolConfig | null {
  return previous?.config.protocol.type === 'OIDC' ? previous.config.protocol : null;
}

function samlOf(previous: Previous | null) {
  return previous?.config.protocol.type === 'SAML2' ? previous.config.protocol : null;
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
