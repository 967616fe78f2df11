/** The rows that unique and sensitive attributes leave beside a profile, so that they can be found and kept apart without a scan. */
import { isObject, type Json } from '../../shared/json.ts';
import { hmacSha256, sha256 } from '../../shared/secrets.ts';
import type { CompiledSchema } from './attribute.ts';

export interface ValueRow {
  attribute: string;
  /** The canonical value, or its digest where it is long; of a sensitive attribute its keyed hash. */
  valueKey: string;
  isUnique: boolean;
}

/** Texts compare without case and in one Unicode form. */
export function canonicalValue(value: Json): string {
  return typeof value === 'string' ? value.normalize('NFC').toLowerCase() : String(value);
}

/** One row per value of each unique or sensitive attribute. `blindKey` keys the hash of sensitive values. */
export function valueRows(
  schema: CompiledSchema,
  profile: Readonly<Record<string, Json>>,
  blindKey: Uint8Array,
): ValueRow[] {
  const rows: ValueRow[] = [];
  for (const attribute of schema.attributes.values()) {
    if (!attribute.unique && !attribute.sensitive) continue;
    const value = Object.hasOwn(profile, attribute.name) ? profile[attribute.name] : null;
    const values = (Array.isArray(value) ? value : [value]).filter(
      (item) => item !== null && item !== undefined && item !== '' && !isObject(item),
    );
    for (const key of new Set(values.map((item) => canonicalValue(item as Json)))) {
      rows.push({
        attribute: attribute.name,
        valueKey: attribute.sensitive ? blindValue(schema, attribute.name, key, blindKey) : shortKey(key),
        isUnique: attribute.unique,
      });
    }
  }
  return rows;
}

/** Bytes. An entry of an index has room for about 2,700, with what stands beside the key. */
const LONGEST_KEY = 1_000;

/** As migration 0039 made the keys that were there before. A canonical value has no capital letters, so none is taken for a digest. */
const shortKey = (key: string) =>
  Buffer.byteLength(key) > LONGEST_KEY ? `SHA-256 ${sha256(key).toString('hex')}` : key;

function blindValue(schema: CompiledSchema, attribute: string, key: string, blindKey: Uint8Array): string {
  return hmacSha256(blindKey, `${schema.id}\n${attribute}\n${key}`).toString('base64url');
}
