import type { Person } from './persons.ts';

/** A claim's value as it is put into a token. */
export type Claims = Record<string, unknown>;

type Attribute =
  | keyof Person
  | 'transaction_ial'
  | 'level_of_assurance'
  | 'multifactor'
  | 'credential_ial'
  | 'credential_aal';

interface Policy {
  handle: string;
  description: string;
  attributes: readonly Attribute[];
  /** Community policies say which group was verified. */
  group?: { name: string; subgroups: readonly string[] };
}

const IDENTITY: readonly Attribute[] = [
  'uuid',
  'email',
  'fname',
  'mname',
  'lname',
  'birth_date',
  'phone',
  'street',
  'city',
  'state',
  'zip',
  'social',
  'transaction_ial',
];
const ASSURANCE: readonly Attribute[] = ['level_of_assurance', 'multifactor', 'credential_ial', 'credential_aal'];
const COMMUNITY: readonly Attribute[] = ['uuid', 'email', 'fname', 'lname', 'zip'];

const COMMUNITIES: readonly (readonly [handle: string, subgroup: string])[] = [
  ['teacher', 'K-12 Teacher'],
  ['military', 'Veteran'],
  ['responder', 'Firefighter'],
  ['student', 'College Student'],
  ['government', 'Federal'],
  ['employee', 'Employee'],
  ['hospital_employee', 'Hospital Employee'],
  ['alumni', 'Alumni'],
  ['nurse', 'Registered Nurse'],
  ['medical', 'Physician'],
];

/** Which attributes a policy handle releases. ID.me configures it per consumer; these are the sandbox's presets (contract: providers §2.2). */
export const POLICIES: readonly Policy[] = [
  { handle: 'nist_aal2_ial2', description: 'Identity verified to NIST IAL2, AAL2', attributes: IDENTITY },
  {
    handle: 'http://idmanagement.gov/ns/assurance/ial/2/aal/2',
    description: 'Identity verified to NIST IAL2, AAL2 (URI)',
    attributes: IDENTITY,
  },
  {
    handle: 'http://idmanagement.gov/ns/assurance/loa/3',
    description: 'Level of assurance 3 (URI)',
    attributes: [...IDENTITY, ...ASSURANCE],
  },
  ...COMMUNITIES.map(([handle, subgroup]) => ({
    handle,
    description: `Community: ${subgroup}`,
    attributes: COMMUNITY,
    group: { name: handle, subgroups: [subgroup] },
  })),
];

export const policyOf = (handle: string) => POLICIES.find((policy) => policy.handle === handle);

const FIXED: Partial<Record<Attribute, unknown>> = {
  transaction_ial: 2,
  level_of_assurance: 3,
  multifactor: true,
  credential_ial: 'classic_loa3',
  credential_aal: 2,
};

/** The attributes of one person under one policy. An attribute without a value is null, as ID.me sends it. */
export function releasedClaims(person: Person, handle: string): Claims {
  const policy = policyOf(handle);
  if (policy === undefined) return {};
  const claims = Object.fromEntries(
    policy.attributes.map((name) => [name, FIXED[name] ?? (person[name as keyof Person] || null)]),
  );
  const { group } = policy;
  return group === undefined
    ? claims
    : { ...claims, group: group.name, subgroups: [...group.subgroups], verified: true };
}
