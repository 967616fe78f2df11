/** Profiles at an application on their way in: what a change touches must fit the application's schema (contract §5). */
import { isDeepStrictEqual } from 'node:util';
import { apiErrors } from '../../http/index.ts';
import type { Json } from '../../shared/json.ts';
import type { CompiledApplication } from '../compile.ts';
import type { ApplicationPorts } from '../ports.ts';

/** The user name is kept with the credentials, and every person has one. */
const USER_NAME = 'userName';

export interface ProfileChange {
  before: Readonly<Record<string, Json>>;
  after: Readonly<Record<string, Json>>;
  /** Of a person who begins here all that the schema requires; later what is taken away; of a group nothing: it is no person. */
  required: 'all' | 'touched' | 'none';
  /** What the error names where an attribute does not exist. */
  object: string;
}

/** What nobody touches may stay as it is, whatever became of the schema meanwhile. Throws E0000001. */
export function checkProfileChange(
  { validate }: ApplicationPorts['schemas'],
  { schema }: CompiledApplication,
  { before, after, required, object }: ProfileChange,
): void {
  if (schema === null) return;
  const kept = (name: string) =>
    isDeepStrictEqual(before[name] ?? null, after[name] ?? null) &&
    (schema.attributes.has(name) || Object.hasOwn(before, name));
  const problems = validate(schema, after).filter(({ attribute, rule }) => {
    if (rule !== 'required' || required === 'touched') return !kept(attribute);
    return required === 'all' && attribute !== USER_NAME;
  });
  if (problems.length > 0) throw apiErrors.invalidProfile(object, problems);
}
