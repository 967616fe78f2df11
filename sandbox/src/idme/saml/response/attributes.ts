import { PERSON_FIELDS, type Person } from '../../people/persons.ts';
import { type Claims, releasedClaims } from '../../people/policies.ts';

/** An attribute of an assertion: every value is text, as at ID.me; null is sent as an element without a value. */
export interface SamlAttribute {
  name: string;
  friendlyName: string;
  values: string[] | null;
}

const IDENTITY_GROUPS = { identity_group: ['identity'], identity_subgroups: ['IAL2', 'AAL2'] };

/** What a policy releases by SAML: the same as by OpenID Connect, and the identity groups of the identity policies (rulings 57). */
export function samlClaims(person: Person, policy: string): Claims {
  const released = releasedClaims(person, policy);
  return 'transaction_ial' in released ? { ...released, ...IDENTITY_GROUPS } : released;
}

export function samlAttributes(claims: Claims): SamlAttribute[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    friendlyName: PERSON_FIELDS.find((field) => field.name === name)?.label ?? name,
    values: value === null ? null : [value].flat().map(String),
  }));
}
