/**
 * What a source's profile changes in the profile of a known user: mapped values that the attribute's source allows and the schema
 * accepts. The same for a sign-in, for a preview, and when a mapping is applied to everybody. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import type { CompiledSchema } from '../../directory/profile-schemas/index.ts';
import type { Origin } from '../../directory/users/index.ts';
import type { Json } from '../../shared/json.ts';
import type { CompiledMapping } from '../compile.ts';
import type { Profile, ProfileRules, ProfileSources } from './ports.ts';

export interface ProfileUpdate {
  profile: Profile;
  /** Names of the attributes whose value changes. */
  changed: string[];
  /** What this source has said up to now, whether or not it counted: another source may give way later. */
  said: Profile;
  /** What of it was said anew. */
  news: string[];
  /** Values that were refused; the old ones stay (rulings 20). */
  rejected: { attribute: string; why: string }[];
  /** Values that do not count because another source goes before; `winner` null: nobody with a right to it has said anything. */
  lost: { attribute: string; winner: string | null }[];
}

/** A claim that did not come is no failure: the value stays. */
const ABSENT = 'null_in_text';

export interface UpdateInput {
  source: Profile;
  userName: string | null;
  current: Profile;
  sourceId: string;
  now: Date;
  /** What the sources said before, this one included. Their times matter only where `asserted` is given. */
  sources: readonly { sourceId: string; values: Profile; origins?: Record<string, Origin>; released?: unknown }[];
  profileSources: ProfileSources;
  /** When the source said all this, where that is not now: an earlier word must not become the last one. */
  asserted?: Date;
  /** Attributes that must keep their value although mapped (a login or unique value that somebody else has), and why. */
  excluded: ReadonlyMap<string, string>;
}

export function profileUpdate(
  rules: ProfileRules,
  { userSchema, mapping }: { userSchema: CompiledSchema; mapping: CompiledMapping },
  input: UpdateInput,
): ProfileUpdate {
  const { source: appuser, userName, current: user, now } = input;
  const mapped = mapping.evaluate({ appuser, userName, user, now }, 'update');
  const { values, violations } = rules.coerce(userSchema, mapped.values);
  const earlier = input.sources.find(({ sourceId }) => sourceId === input.sourceId)?.values ?? {};
  const update: ProfileUpdate = {
    profile: { ...input.current },
    changed: [],
    said: { ...earlier },
    news: [],
    rejected: [
      ...mapped.problems
        .filter(({ code }) => code !== ABSENT)
        .map(({ target, message }) => ({ attribute: target, why: message })),
      ...violations.map((violation) => ({ attribute: violation.attribute, why: violation.message })),
    ],
    lost: [],
  };
  for (const [name, value] of Object.entries(values)) {
    const attribute = userSchema.attributes.get(name);
    if (attribute === undefined || value === null) continue;
    const { winner } = rules.resolve(attribute.master, saysNow(input, name, value), mastersNow(input));
    const own = winner?.sourceId === input.sourceId;
    if (!own) update.lost.push({ attribute: name, winner: winner?.sourceId ?? null });
    const taken = winner === null ? null : take(rules, userSchema, update.profile, input, name, winner.value);
    if (taken !== null && 'why' in taken) {
      update.rejected.push({ attribute: name, why: taken.why });
      continue;
    }
    if (taken?.changed === true) {
      update.profile = taken.profile;
      update.changed.push(name);
    }
    // A value without a right to the attribute is remembered, but not in place of the one that the profile was created with.
    const keeps = winner === null && isDeepStrictEqual(earlier[name], input.current[name]);
    if (keeps || (isDeepStrictEqual(earlier[name], value) && !(own && taken?.changed === true))) continue;
    update.said[name] = value;
    update.news.push(name);
  }
  return update;
}

/** Everybody's word; a value that no source has said is the hub's. */
function saysNow(input: UpdateInput, name: string, value: Json) {
  const { sources, sourceId, current } = input;
  const said = sources.filter((row) => Object.hasOwn(row.values, name));
  const hubs = said.length === 0 && current[name] !== undefined;
  return [
    ...(hubs ? [{ sourceId: 'hub', value: current[name] as Json, at: BEFORE }] : []),
    ...said
      .filter((row) => row.sourceId !== sourceId)
      .map((row) => ({ sourceId: row.sourceId, value: row.values[name] as Json, at: timeOf(row, name) ?? BEFORE })),
    { sourceId, value, at: ownTime(input, name, value) },
  ];
}

const BEFORE = new Date(0);

function timeOf({ origins }: UpdateInput['sources'][number], name: string): Date | undefined {
  const at = origins?.[name]?.at;
  return at === undefined ? undefined : new Date(at);
}

/** What a source repeats it has said since it first said it. */
function ownTime({ sources, sourceId, asserted, now }: UpdateInput, name: string, value: Json): Date {
  if (asserted === undefined) return now;
  const own = sources.find((row) => row.sourceId === sourceId);
  const repeated = own !== undefined && isDeepStrictEqual(own.values[name], value);
  return (repeated ? timeOf(own, name) : undefined) ?? asserted;
}

/** Whoever comes through a source is linked to it. */
function mastersNow({ sources, profileSources, sourceId }: UpdateInput): ProfileSources {
  const released = new Set(sources.filter((row) => Boolean(row.released)).map((row) => row.sourceId));
  return { has: (id) => id === sourceId || (profileSources.has(id) && !released.has(id)) };
}

function take(
  rules: ProfileRules,
  schema: CompiledSchema,
  profile: Profile,
  { current, excluded }: UpdateInput,
  name: string,
  value: Json,
): { profile: Profile; changed: boolean } | { why: string } {
  const wanted = { ...profile, [name]: value ?? '' };
  const unchanged = isDeepStrictEqual(current[name] ?? '', wanted[name]);
  const why = excluded.get(name) ?? (unchanged ? null : refusalOf(rules, schema, name, wanted));
  if (why !== null) return { why };
  if (wanted[name] === '') delete wanted[name];
  return { profile: wanted, changed: !unchanged };
}

/** Why a profile with this value of an attribute cannot be stored; null where it can. */
export function refusalOf(rules: ProfileRules, schema: CompiledSchema, name: string, profile: Profile): string | null {
  const value = profile[name];
  if (name === 'login' && (typeof value !== 'string' || !value.includes('@') || !rules.canonicalLogin(value).ok))
    return 'the login is not an address or holds forbidden characters';
  const candidate = { ...profile };
  if (value === '') delete candidate[name];
  return rules.validate(schema, candidate).find((violation) => violation.attribute === name)?.message ?? null;
}
