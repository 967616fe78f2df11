/** What a sign-in changes in the profile of a known user: mapped values that the attribute's source allows and the schema accepts. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../shared/json.ts';
import type { SignInPorts } from '../ports.ts';
import type { Compiled, Profile } from './prepare.ts';
import type { StoredUser } from './read.ts';

export interface ProfileUpdate {
  profile: Profile;
  /** Names of the attributes whose value changes. */
  changed: string[];
  /** What this provider has said up to now, whether or not it counted: another source may give way later. */
  said: Profile;
  /** What of it this sign-in said anew. */
  news: string[];
  /** Values that were refused; the old ones stay (rulings 20). */
  rejected: { attribute: string; why: string }[];
}

/** A claim that did not come is no failure: the value stays. */
const ABSENT = 'null_in_text';

type Ports = Pick<SignInPorts, 'schemas' | 'canonicalLogin'> & { sources: Pick<SignInPorts['sources'], 'resolve'> };

export interface UpdateInput {
  source: Profile;
  userName: string | null;
  current: Profile;
  idpId: string;
  now: Date;
  /** What the sources said before, this one included. */
  sources: StoredUser['sources'];
  profileSources: { has(sourceId: string): boolean };
  /** Attributes that must keep their value although mapped (a login or unique value that somebody else has), and why. */
  excluded: ReadonlyMap<string, string>;
}

export function profileUpdate(ports: Ports, { userSchema, mapping }: Compiled, input: UpdateInput): ProfileUpdate {
  const { source: appuser, userName, current: user, now } = input;
  const mapped = mapping.evaluate({ appuser, userName, user, now }, 'update');
  const { values, violations } = ports.schemas.coerce(userSchema, mapped.values);
  const earlier = input.sources.find(({ sourceId }) => sourceId === input.idpId)?.values ?? {};
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
  };
  for (const [name, value] of Object.entries(values)) {
    const attribute = userSchema.attributes.get(name);
    if (attribute === undefined || value === null) continue;
    const winner = ports.sources.resolve(attribute.master, saysNow(input, name, value), mastersNow(input)).winner;
    const taken = winner === null ? null : take(ports, userSchema, update.profile, input, name, winner.value);
    if (taken !== null && 'why' in taken) {
      update.rejected.push({ attribute: name, why: taken.why });
      continue;
    }
    const own = winner?.sourceId === input.idpId;
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

/**
 * Everybody else's word, and this provider's as of now. How old the others' are does not matter: nothing is younger than now. A value
 * that no source has said is the hub's.
 */
function saysNow({ sources, idpId, now, current }: UpdateInput, name: string, value: Json) {
  const before = new Date(0);
  const said = sources.filter((row) => Object.hasOwn(row.values, name));
  const hubs =
    said.length === 0 && current[name] !== undefined ? [{ sourceId: 'hub', value: current[name], at: before }] : [];
  return [
    ...hubs,
    ...said
      .filter((row) => row.sourceId !== idpId)
      .map((row) => ({ sourceId: row.sourceId, value: row.values[name] as Json, at: before })),
    { sourceId: idpId, value, at: now },
  ];
}

/** Whoever signs in is linked again. */
function mastersNow({ sources, profileSources, idpId }: UpdateInput) {
  const released = new Set(sources.filter((row) => row.released).map((row) => row.sourceId));
  return { has: (id: string) => id === idpId || (profileSources.has(id) && !released.has(id)) };
}

function take(
  ports: Ports,
  schema: Compiled['userSchema'],
  profile: Profile,
  { current, excluded }: UpdateInput,
  name: string,
  value: Json,
): { profile: Profile; changed: boolean } | { why: string } {
  const wanted = { ...profile, [name]: value ?? '' };
  const unchanged = isDeepStrictEqual(current[name] ?? '', wanted[name]);
  const why = excluded.get(name) ?? (unchanged ? null : refusalOf(ports, schema, name, wanted));
  if (why !== null) return { why };
  if (wanted[name] === '') delete wanted[name];
  return { profile: wanted, changed: !unchanged };
}

function refusalOf(ports: Ports, schema: Compiled['userSchema'], name: string, profile: Profile): string | null {
  const value = profile[name];
  if (name === 'login' && (typeof value !== 'string' || !value.includes('@') || !ports.canonicalLogin(value).ok))
    return 'the login is not an address or holds forbidden characters';
  const candidate = { ...profile };
  if (value === '') delete candidate[name];
  return ports.schemas.validate(schema, candidate).find((violation) => violation.attribute === name)?.message ?? null;
}
