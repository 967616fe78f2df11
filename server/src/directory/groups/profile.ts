/** Profiles of groups on their way in: checked against the schema that all groups share. */
import { apiErrors } from '../../http/index.ts';
import type { Json } from '../../shared/json.ts';
import type { CompiledSchema, Schemas } from '../profile-schemas/index.ts';
import type { Group, GroupBody } from './schema.ts';

/** What groups ask about their profiles. */
export type ProfilePort = Pick<Schemas, 'compiledGroupSchema' | 'hold' | 'validate'>;

/** The profile as it may be stored: the name trimmed, nulls gone, valid. Throws E0000001. */
export function profileOf(
  schemas: Pick<ProfilePort, 'validate'>,
  schema: CompiledSchema,
  { profile }: GroupBody,
): Group['profile'] {
  const given = Object.entries(profile).filter(([name, value]) => value !== null || !schema.attributes.has(name));
  const checked = { ...Object.fromEntries(given), name: profile.name.trim() } as Record<string, Json> & {
    name: string;
  };
  const violations = schemas.validate(schema, checked);
  if (violations.length === 0) return checked;
  throw apiErrors.invalidProfile('group', violations);
}
