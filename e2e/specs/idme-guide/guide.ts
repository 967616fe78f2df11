/** The guide's own values, and what its steps hand on to each other. Only host names are the sandbox's. */

import type { Stage, Visitor } from '../../stage/index.ts';
import type { Person } from '../../stage/sandbox.ts';

export const IDP_NAME = 'ID.me IdP - OIDC';
export const DISPLAY_NAME = 'ID.me';
export const POLICY = 'nist_aal2_ial2';
export const RULE_NAME = 'ID.me IdP - Okta App Portal';
export const APPLICATION = 'Token inspector';

/** The guide's table, and the two attributes that it names as examples of further ones. */
export const MAPPINGS: readonly [claim: string, attribute: string][] = [
  ['email', 'email'],
  ['email', 'login'],
  ['fname', 'firstName'],
  ['lname', 'lastName'],
  ['mname', 'middleName'],
  ['phone', 'mobilePhone'],
  ['street', 'streetAddress'],
  ['city', 'city'],
  ['state', 'state'],
  ['zip', 'zipCode'],
  ['uuid', 'idme_uuid'],
  ['birth_date', 'birth_date'],
  ['transaction_ial', 'transaction_ial'],
];

export const ATTRIBUTES: readonly [name: string, title: string, type: string][] = [
  ['idme_uuid', 'ID.me UUID', 'string'],
  ['birth_date', 'Birth date', 'string'],
  ['transaction_ial', 'Identity assurance level', 'integer'],
];

export const GARY: Omit<Person, 'uuid'> = {
  fname: 'Gary',
  mname: 'Lee',
  lname: 'Twinkle',
  email: 'gary.twinkle@example.com',
  phone: '12025550177',
  birth_date: '1980-05-06',
  street: '123 Main St',
  city: 'McLean',
  state: 'VA',
  zip: '22102',
};

export interface User {
  id: string;
  status: string;
  profile: Record<string, unknown>;
}

/** Filled in on the way. */
export interface Guide {
  stage: Stage;
  admin: Visitor;
  credentials: { id: string; secret: string };
  idpId: string;
  clientId: string;
  person: Person;
}

export const users = ({ stage }: Guide) => stage.api.get<User[]>('/users?limit=200');

/** Who has the uuid of the guide's person. */
export async function foundUser(guide: Guide): Promise<User> {
  const found = (await users(guide)).filter(({ profile }) => profile.idme_uuid === guide.person.uuid);
  const [user] = found;
  if (user === undefined || found.length > 1) throw new Error(`${found.length} users have the uuid of the person.`);
  return user;
}
