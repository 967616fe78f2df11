/** Profiles on their way in: checked against the schema, in their canonical keys, with the rows that stand beside them. */
import type { Executor } from '../../database/index.ts';
import { apiErrors } from '../../http/index.ts';
import type { Json } from '../../shared/json.ts';
import type { CompiledSchema, Duplicates, Schemas, ValueRow, ViolationRule } from '../profile-schemas/index.ts';
import { canonicalEmail, canonicalLogin } from './canonical.ts';
import { deleteValueRows, insertValueRows, profilesAfter } from './store.ts';

export interface CheckedProfile {
  profile: Record<string, Json>;
  loginKey: string;
  emailKey: string | null;
}

export interface ProfileProblem {
  attribute: string;
  rule: ViolationRule;
  /** A whole sentence. */
  message: string;
}

/** A profile as it would be stored, nulls gone, with everything that stands against it. Its keys are empty where they cannot be made. */
export function readProfile(
  schemas: Pick<Schemas, 'validate'>,
  schema: CompiledSchema,
  sent: Record<string, unknown>,
): CheckedProfile & { problems: ProfileProblem[] } {
  const given = Object.entries(sent).filter(([name, value]) => value !== null || !schema.attributes.has(name));
  const profile = Object.fromEntries(given) as Record<string, Json>;
  const problems: ProfileProblem[] = [...schemas.validate(schema, profile)];
  const clean = (attribute: string) => !problems.some((problem) => problem.attribute === attribute);
  const login = canonicalLogin(typeof profile.login === 'string' ? profile.login : '');
  if (!login.ok && clean('login')) problems.push(problem('login', LOGIN_FORM));
  const email = canonicalEmail(typeof profile.email === 'string' ? profile.email : '');
  if (!email.ok && clean('email')) problems.push(problem('email', 'must be in the form of an email address'));
  return { profile, loginKey: login.ok ? login.value : '', emailKey: email.ok ? email.value : null, problems };
}

const LOGIN_FORM = 'Username is not an email address or contains invalid characters.';
const problem = (attribute: string, what: string): ProfileProblem => ({
  attribute,
  rule: 'format',
  message: `${attribute}: ${what}`,
});

/**
 * A profile that may be stored: nulls gone, valid, with its keys. `object` is the name in "Api validation failed: {object}" for names
 * that the schema does not know. Throws E0000001.
 */
export function checkProfile(
  schemas: Pick<Schemas, 'validate'>,
  schema: CompiledSchema,
  sent: Record<string, unknown>,
  object: string,
): CheckedProfile {
  const { problems, ...checked } = readProfile(schemas, schema, sent);
  if (problems.length === 0) return checked;
  throw apiErrors.invalidProfile(object, problems);
}

/** Replaces a user's value rows. Throws E0000001 for a unique value that somebody else has. */
export async function keepValues(
  tx: Executor,
  user: { orgId: string; id: string },
  schemaId: string,
  rows: readonly ValueRow[],
): Promise<void> {
  await deleteValueRows(tx, user.orgId, { userId: user.id });
  const [taken] = await insertValueRows(tx, user.orgId, schemaId, owned(rows, user.id));
  if (taken !== undefined) throw apiErrors.duplicate(taken.attribute);
}

const owned = (rows: readonly ValueRow[], userId: string) => rows.map((row) => ({ ...row, userId }));
const BATCH = 500;

/** Writes the value rows of every user of a type anew; returns the unique attributes of which two users have the same value. */
export async function reindexValues(
  tx: Executor,
  orgId: string,
  schema: CompiledSchema,
  schemas: Pick<Schemas, 'valueRows'>,
): Promise<Duplicates[]> {
  const duplicates = new Map<string, Duplicates>();
  await deleteValueRows(tx, orgId, { schemaId: schema.id });
  for (let after = ''; ; ) {
    const users = await profilesAfter(tx, orgId, schema.ownerId, after, BATCH);
    const rows = users.flatMap((user) => owned(schemas.valueRows(schema, user.profile), user.id));
    for (const { attribute, userId } of await insertValueRows(tx, orgId, schema.id, rows)) {
      const example = String(users.find(({ id }) => id === userId)?.profile.login ?? userId);
      const { users: known } = duplicates.get(attribute) ?? { users: 0 };
      duplicates.set(attribute, {
        attribute,
        users: known + 1,
        example: duplicates.get(attribute)?.example ?? example,
      });
    }
    const last = users.at(-1);
    if (last === undefined || users.length < BATCH) return [...duplicates.values()];
    after = last.id;
  }
}

/** Names whose values differ between two profiles, in both directions. */
export function changedNames(before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
