/** What a mapping would make of somebody's profile, target by target, without writing anything (contract §6). Pure. */
import type { CompiledSchema } from '../../directory/profile-schemas/index.ts';
import type { SourceRow } from '../../directory/users/index.ts';
import { compileToSave } from '../../expressions/index.ts';
import type { Json } from '../../shared/json.ts';
import { compileMapping } from '../compile.ts';
import type { PushStatus, StoredProperties } from '../schema.ts';
import type { Profile, ProfileRules, ProfileSources } from './ports.ts';
import { profileUpdate, refusalOf } from './profile-update.ts';

export const REFUSALS = {
  schema: 'The value cannot be stored.',
  master: 'Another source goes before.',
  not_pushed: 'Applied when a person is created only.',
  not_a_profile_source: 'The provider is no profile source: it is heard when a person is created only.',
} as const;

export interface PreviewLine {
  target: string;
  expression: string;
  pushStatus: PushStatus;
  /** What the expression gives; null where it gives nothing. Dots stand for what is sensitive. */
  value: Json;
  /** Why there is no value. `line` and `column` from 1, of an expression that cannot be read. */
  problem: { code: string; message: string; line?: number; column?: number } | null;
  from: Json;
  /** The same as `from` where nothing would change. */
  to: Json;
  refused: { code: keyof typeof REFUSALS; message: string } | null;
}

export interface PreviewInput {
  properties: StoredProperties;
  schema: CompiledSchema;
  source: Profile;
  userName: string | null;
  /** Null: a person whom this very profile creates. */
  person: { profile: Profile; sources: readonly SourceRow[] } | null;
  sourceId: string;
  profileSources: ProfileSources;
  now: Date;
}

export function previewOf(rules: ProfileRules, input: PreviewInput): PreviewLine[] {
  const { properties, schema, source, userName, person, now } = input;
  const mapping = compileMapping(properties);
  const all = mapping.evaluate({ appuser: source, userName, user: person?.profile ?? null, now }, 'create');
  const { values, violations } = rules.coerce(schema, all.values);
  const update = person === null ? null : updateOf(rules, input, person);
  const created = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''));
  return Object.entries(properties).map(([target, { expression, pushStatus }]) => {
    const value = values[target] ?? all.values[target] ?? null;
    const from = person?.profile[target] ?? null;
    const problem = problemOf(expression) ?? all.problems.find((line) => line.target === target) ?? null;
    const unfit = violations.find(({ attribute }) => attribute === target)?.message;
    const refused =
      problem !== null
        ? null
        : update === null
          ? refusal(
              'schema',
              unfit ?? (isOptional(value, schema, target) ? null : refusalOf(rules, schema, target, created)),
            )
          : refusedAt(input, update, target, pushStatus, unfit);
    const next = update === null ? (created[target] ?? null) : (update.profile[target] ?? null);
    const hidden = (shown: Json) =>
      schema.attributes.get(target)?.sensitive === true && shown !== null && shown !== '' ? '••••••••' : shown;
    const to = refused === null || refused.code === 'master' ? next : from;
    return {
      target,
      expression,
      pushStatus,
      value: hidden(value),
      problem: problem === null ? null : withoutTarget(problem),
      from: hidden(from),
      to: hidden(problem === null || update !== null ? to : null),
      refused,
    };
  });
}

/** Nothing for an attribute that may be without a value. */
const isOptional = (value: Json, schema: CompiledSchema, target: string) =>
  value === null && schema.attributes.get(target)?.required !== true;

function updateOf(rules: ProfileRules, input: PreviewInput, person: NonNullable<PreviewInput['person']>) {
  const { properties, schema, source, userName, sourceId, profileSources, now } = input;
  const pushed = profileSources.has(sourceId) ? properties : {};
  return profileUpdate(
    rules,
    { userSchema: schema, mapping: compileMapping(pushed) },
    {
      ...{ source, userName, sourceId, now, profileSources },
      current: person.profile,
      sources: person.sources,
      excluded: new Map(),
    },
  );
}

function refusedAt(
  { profileSources, sourceId }: PreviewInput,
  update: ReturnType<typeof profileUpdate>,
  target: string,
  pushStatus: PushStatus,
  unfit: string | undefined,
): PreviewLine['refused'] {
  if (!profileSources.has(sourceId)) return refusal('not_a_profile_source', REFUSALS.not_a_profile_source);
  if (pushStatus === 'DONT_PUSH') return refusal('not_pushed', REFUSALS.not_pushed);
  const why = unfit ?? update.rejected.find(({ attribute }) => attribute === target)?.why ?? null;
  if (why !== null) return refusal('schema', why);
  return refusal('master', update.lost.some(({ attribute }) => attribute === target) ? REFUSALS.master : null);
}

const refusal = (code: keyof typeof REFUSALS, message: string | null): PreviewLine['refused'] =>
  message === null ? null : { code, message };

/** An expression that cannot be read, with its place. */
function problemOf(expression: string): PreviewLine['problem'] {
  const compiled = compileToSave(expression, 'idpToUser');
  if (compiled.ok) return null;
  const [error] = compiled.error;
  return error === undefined
    ? null
    : { code: error.code, message: error.message, line: error.at.line, column: error.at.column };
}

const withoutTarget = ({ code, message, line, column }: NonNullable<PreviewLine['problem']>) => ({
  code,
  message,
  ...(line === undefined ? {} : { line, column }),
});
