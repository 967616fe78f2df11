/** Personal values of a step: sealed together when written, masked when read (rulings 40). */
import type { Json } from '../../shared/json.ts';
import { redact } from '../../shared/log.ts';
import { decrypt, encrypt, type Key, SecretBoxError } from '../../shared/secret-box.ts';
import type { WrittenStep } from './store.ts';
import type { TraceLine, TraceStep } from './trace.ts';

export const TRACE_PURPOSE = 'sign-in-trace';

/** Where a sealed value belongs: it cannot be read as another sign-in's. */
const placeOf = (orgId: string, traceId: string) => `sign_in_traces/${orgId}/${traceId}`;

export interface TraceKey {
  orgId: string;
  traceId: string;
  key: Key;
}

/** Claims that say something of the message or the assurance, not of the person. */
const SHOWABLE = new Set([
  'iss',
  'aud',
  'azp',
  'exp',
  'iat',
  'nbf',
  'auth_time',
  'acr',
  'amr',
  'email_verified',
  'phone_number_verified',
  'transaction_ial',
  'level_of_assurance',
  'multifactor',
  'credential_aal',
  'credential_ial',
  'updated_at',
  'ver',
]);

interface PersonalValues {
  received?: Json;
  made?: Json;
}

export function writtenStep(step: TraceStep, at: Date, { orgId, traceId, key }: TraceKey): WrittenStep {
  const { detail, ...rest } = step;
  const written: WrittenStep = { ...rest, at: at.toISOString() };
  if (detail === undefined) return written;
  const hidden: Record<number, PersonalValues> = {};
  written.detail = detail.map((line, index) => {
    if (line.personal !== true || SHOWABLE.has(line.label))
      return redact({ ...line, personal: undefined }, '') as TraceLine;
    const { received, made } = line;
    hidden[index] = { ...(received === undefined ? {} : { received }), ...(made === undefined ? {} : { made }) };
    return { label: line.label, personal: true };
  });
  if (Object.keys(hidden).length > 0)
    written.sealed = encrypt(key, Buffer.from(JSON.stringify(hidden)), placeOf(orgId, traceId)).toString('base64');
  return written;
}

/** The lines of a step for a reader: personal values as a mask that tells their kind and length only. */
export function readableLines(step: WrittenStep, keys: readonly TraceKey[]): TraceLine[] {
  const hidden = step.sealed === undefined ? {} : unseal(step.sealed, keys);
  return (step.detail ?? []).map((line, index) => {
    const values = hidden[index];
    if (line.personal !== true) return line;
    return {
      label: line.label,
      personal: true,
      ...(values?.received === undefined ? {} : { received: mask(values.received) }),
      ...(values?.made === undefined ? {} : { made: mask(values.made) }),
    };
  });
}

function unseal(sealed: string, keys: readonly TraceKey[]): Record<number, PersonalValues> {
  for (const { orgId, traceId, key } of keys) {
    try {
      return JSON.parse(decrypt(key, Buffer.from(sealed, 'base64'), placeOf(orgId, traceId)).toString()) as Record<
        number,
        PersonalValues
      >;
    } catch (error) {
      if (!(error instanceof SecretBoxError)) throw error;
    }
  }
  return {};
}

/** 'gary@example.com' → 'g… (16 characters)': enough to see whether something came and changed. */
function mask(value: Json): Json {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value === '' ? '(empty)' : `${value.charAt(0)}… (${value.length} characters)`;
  if (typeof value === 'number') return '(a number)';
  return Array.isArray(value)
    ? `(a list of ${value.length})`
    : `(an object with ${Object.keys(value).join(', ').slice(0, 100)})`;
}
