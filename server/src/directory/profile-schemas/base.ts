/**
 * The base attributes of each kind of profile, one row each: users in the contract's order (§5), then identity providers with the
 * external names of their claims (§2.5; `address.x` reads a member of the claim `address`), then applications, then groups.
 */
import type { Definition } from './attribute.ts';

export interface BaseAttribute {
  name: string;
  definition: Definition;
  /** Checked, but not shown on the wire. */
  impliedFormat?: string;
}

const OWN = [{ principal: 'SELF', action: 'READ_WRITE' }] as const;

type Extra = Omit<Partial<Definition>, 'permissions'> & { own?: boolean; impliedFormat?: string };

function text(name: string, title: string, { own, impliedFormat, description, ...extra }: Extra = {}): BaseAttribute {
  const described = description === undefined ? {} : { description };
  return {
    name,
    impliedFormat,
    definition: { title, ...described, type: 'string', ...extra, ...(own ? { permissions: [...OWN] } : {}) },
  };
}

/** Every user type has these. */
export const BASE_USER: readonly BaseAttribute[] = [
  text('login', 'Username', { required: true, minLength: 5, maxLength: 100, impliedFormat: 'email' }),
  text('firstName', 'First name', { required: true, minLength: 1, maxLength: 50, own: true }),
  text('lastName', 'Last name', { required: true, minLength: 1, maxLength: 50, own: true }),
  text('middleName', 'Middle name'),
  text('honorificPrefix', 'Honorific prefix'),
  text('honorificSuffix', 'Honorific suffix'),
  text('email', 'Primary email', { required: true, format: 'email', minLength: 5, maxLength: 100, own: true }),
  text('title', 'Title'),
  text('displayName', 'Display name'),
  text('nickName', 'Nickname'),
  text('profileUrl', 'Profile Url', { format: 'uri' }),
  text('secondEmail', 'Secondary email', { format: 'email', minLength: 5, maxLength: 100, own: true }),
  text('mobilePhone', 'Mobile phone', { maxLength: 100, own: true }),
  text('primaryPhone', 'Primary phone', { maxLength: 100 }),
  text('streetAddress', 'Street address'),
  text('city', 'City'),
  text('state', 'State'),
  text('zipCode', 'Zip code'),
  text('countryCode', 'Country code', { format: 'country-code' }),
  text('postalAddress', 'Postal Address'),
  text('preferredLanguage', 'Preferred language', { format: 'language-code' }),
  text('locale', 'Locale', { format: 'locale' }),
  text('timezone', 'Time zone', { format: 'timezone' }),
  text('userType', 'User type'),
  text('employeeNumber', 'Employee number'),
  text('costCenter', 'Cost center'),
  text('organization', 'Organization'),
  text('division', 'Division'),
  text('department', 'Department'),
  text('managerId', 'ManagerId'),
  text('manager', 'Manager'),
];

/** Attributes whose "required" may be switched off (rulings 56). */
export const OPTIONAL_REQUIRED: ReadonlySet<string> = new Set(['firstName', 'lastName']);

/** Names that a custom attribute of a user may not take: they would read like the user's own fields (security.md L5). */
export const RESERVED_USER_NAMES: ReadonlySet<string> = new Set([
  'id',
  'status',
  'roles',
  'groups',
  'credentials',
  'type',
  'provider',
]);

const claim = (name: string, title: string, externalName?: string): BaseAttribute => ({
  name,
  definition: { title, type: 'string', ...(externalName === undefined ? {} : { externalName }) },
});

const OIDC: readonly BaseAttribute[] = [
  claim('externalId', 'External Id', 'sub'),
  claim('email', 'Email', 'email'),
  claim('displayName', 'Display name', 'name'),
  claim('nickname', 'Nickname', 'nickname'),
  claim('firstName', 'First name', 'given_name'),
  claim('middleName', 'Middle name', 'middle_name'),
  claim('lastName', 'Last name', 'family_name'),
  claim('profile', 'Profile', 'profile'),
  claim('zoneinfo', 'Time zone', 'zoneinfo'),
  claim('locale', 'Locale', 'locale'),
  claim('phoneNumber', 'Phone number', 'phone_number'),
  claim('street_address', 'Street address', 'address.street_address'),
  claim('locality', 'Locality', 'address.locality'),
  claim('region', 'Region', 'address.region'),
  claim('postalCode', 'Postal code', 'address.postal_code'),
  claim('country', 'Country', 'address.country'),
];

/** What comes from the assertion itself has no external name: the connector fills it in. */
const SAML: readonly BaseAttribute[] = [
  claim('firstName', 'First name', 'firstName'),
  claim('lastName', 'Last name', 'lastName'),
  claim('displayName', 'Display name', 'displayName'),
  claim('email', 'Email', 'email'),
  claim('mobilePhone', 'Mobile phone', 'mobilePhone'),
  claim('subjectNameId', 'Subject NameID'),
  claim('subjectNameFormat', 'Subject NameID format'),
  claim('subjectNameQualifier', 'Subject NameID qualifier'),
  claim('subjectSpNameQualifier', 'Subject NameID SP name qualifier'),
  claim('subjectSpProvidedId', 'Subject NameID SP provided id'),
  claim('subjectConfirmationMethod', 'Subject confirmation method'),
  claim('subjectConfirmationAddress', 'Subject confirmation address'),
  claim('authnContextClassRef', 'Authentication context class'),
];

const APPLICATION: readonly BaseAttribute[] = [
  { name: 'userName', definition: { title: 'Username', type: 'string', required: true, maxLength: 100 } },
];

const BY_NAME: Readonly<Record<string, readonly BaseAttribute[]>> = { oidc_idp: OIDC, saml_idp: SAML };

/** Every group has these. */
export const BASE_GROUP: readonly BaseAttribute[] = [
  text('name', 'Name', { description: 'Name of the group', required: true, minLength: 1, maxLength: 255 }),
  text('description', 'Description', { description: 'Description of the group', maxLength: 1024 }),
];

/** The base of an owned schema by its name: `oidc_idp`, `saml_idp`, or an application's name. */
export function baseOf(schemaName: string): readonly BaseAttribute[] {
  return Object.hasOwn(BY_NAME, schemaName) ? BY_NAME[schemaName]! : APPLICATION;
}
