/** What a sign-in changes in the profile of a known user: mapped values that the attribute's source allows and the schema accepts. Pure. */

import type { SignInPorts } from '../ports.ts';
import type { Compiled, Profile } from './prepare.ts';

export interface ProfileUpdate {
  profile: Profile;
  /** Names of the attributes whose value changes. */
  changed: string[];
  /** What this provider says now, to be kept with its provenance. */
  said: Profile;
  /** Values that were refused; the old ones stay (rulings 20). */
  rejected: { attribute: string; why: string }[];
}

/** A claim that did not come is no failure: the value stays. */
const ABSENT = 'null_in_text';

type Ports = Pick<SignInPorts, 'schemas' | 'canonicalLogin'>;

/** `excluded`: attributes that must keep their value although mapped (a login or unique value that somebody else has). */
export function profileUpdate(
  ports: Ports,
  { userSchema, mapping }: Compiled,
  input: {
    source: Profile;
    userName: string | null;
    current: Profile;
    idpId: string;
    now: Date;
    excluded: ReadonlyMap<string, string>;
  },
): ProfileUpdate {
  const { source: appuser, userName, current: user, now } = input;
  const mapped = mapping.evaluate({ appuser, userName, user, now }, 'update');
  const { values, violations } = ports.schemas.coerce(userSchema, mapped.values);
  const update: ProfileUpdate = {
    profile: { ...input.current },
    changed: [],
    said: {},
    rejected: [
      ...mapped.problems
        .filter(({ code }) => code !== ABSENT)
        .map(({ target, message }) => ({ attribute: target, why: message })),
      ...violations.map((violation) => ({ attribute: violation.attribute, why: violation.message })),
    ],
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === null || !mayWrite(userSchema.attributes.get(name)?.master, input.idpId)) continue;
    update.said[name] = value;
    const why = input.excluded.get(name) ?? refusalOf(ports, userSchema, name, { ...update.profile, [name]: value });
    if (why !== null) {
      update.rejected.push({ attribute: name, why });
      continue;
    }
    if (JSON.stringify(input.current[name] ?? '') === JSON.stringify(value)) continue;
    if (value === '') delete update.profile[name];
    else update.profile[name] = value;
    update.changed.push(name);
  }
  return update;
}

/** PROFILE_MASTER attributes follow the provider; OKTA ones never; OVERRIDE ones when this provider comes first (contract §5). */
function mayWrite(
  master: { type: string; priority?: readonly { type: string; value?: string }[] } | undefined,
  idpId: string,
): boolean {
  if (master === undefined || master.type === 'PROFILE_MASTER') return true;
  return master.type === 'OVERRIDE' && master.priority?.[0]?.value === idpId;
}

function refusalOf(ports: Ports, schema: Compiled['userSchema'], name: string, profile: Profile): string | null {
  const value = profile[name];
  if (name === 'login' && (typeof value !== 'string' || !value.includes('@') || !ports.canonicalLogin(value).ok))
    return 'the login is not an address or holds forbidden characters';
  const candidate = { ...profile };
  if (value === '') delete candidate[name];
  return ports.schemas.validate(schema, candidate).find((violation) => violation.attribute === name)?.message ?? null;
}
