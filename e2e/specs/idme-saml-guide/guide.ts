/** The SAML guide's own values, and what its steps hand on to each other. Only host names are the sandbox's. */
import type { Stage, Visitor } from '../../stage/index.ts';
import type { Person } from '../../stage/sandbox.ts';

export const IDP_NAME = 'ID.me IdP - SAML';
export const ISSUER = 'api.idmelabs.com';
export const CONTEXT = 'http://idmanagement.gov/ns/assurance/ial/2/aal/2';
export const RULE_NAME = 'ID.me IdP - Okta App Portal (SAML)';

export const ATTRIBUTES: readonly [name: string, title: string][] = [
  ['idme_uuid', 'ID.me UUID'],
  ['identity_subgroups', 'Identity subgroups'],
];

/** The picture of the guide's mappings. */
export const MAPPINGS: readonly [source: string, attribute: string][] = [
  ['appuser.email', 'login'],
  ['appuser.firstName', 'firstName'],
  ['appuser.lastName', 'lastName'],
  ['source.email', 'email'],
  ['appuser.subjectNameId', 'idme_uuid'],
  ['appuser.identity_subgroups', 'identity_subgroups'],
];

export const MARY: Omit<Person, 'uuid'> = {
  fname: 'Mary',
  mname: 'Ann',
  lname: 'Somerville',
  email: 'mary.somerville@example.com',
  phone: '12025550133',
  birth_date: '1979-03-04',
  street: '5 Main St',
  city: 'McLean',
  state: 'VA',
  zip: '22102',
};

/** Filled in on the way. */
export interface Guide {
  stage: Stage;
  admin: Visitor;
  idpId: string;
  person: Person;
}

export const ssoUrl = ({ stage }: Guide) => `${stage.sandbox.url}/saml/SingleSignOnService?AuthnContext=${CONTEXT}`;
