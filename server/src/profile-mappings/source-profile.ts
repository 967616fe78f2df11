/** What a provider said, under the names by which expressions ask for it. Pure. */
import type { CompiledSchema } from '../directory/profile-schemas/index.ts';
import { isObject, isUnsafeName, type Json } from '../shared/json.ts';

/**
 * Claims under their own names, and attributes of the provider's profile under their variable names, read by external name. An
 * attribute whose claim is absent leaves a claim of the same name untouched. `address.street_address` reads a member of `address`.
 */
export function sourceProfile(
  schema: Pick<CompiledSchema, 'attributes'>,
  claims: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const profile: Record<string, Json> = {};
  for (const [name, value] of Object.entries(claims)) {
    if (!isUnsafeName(name)) profile[name] = value;
  }
  for (const { name, externalName } of schema.attributes.values()) {
    const value = externalName === undefined ? undefined : claimOf(claims, externalName);
    if (value !== undefined && !isUnsafeName(name)) profile[name] = value;
  }
  return profile;
}

function claimOf(claims: Readonly<Record<string, Json>>, externalName: string): Json | undefined {
  if (Object.hasOwn(claims, externalName)) return claims[externalName];
  const [claim, member, ...rest] = externalName.split('.');
  if (claim === undefined || member === undefined || rest.length > 0 || !Object.hasOwn(claims, claim)) return undefined;
  const whole = claims[claim];
  return isObject(whole) && Object.hasOwn(whole, member) ? (whole[member] as Json) : undefined;
}
