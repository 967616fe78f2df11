/** The mappings that exist from the start, one row per property (contract §6). */
import type { PushStatus, StoredProperties } from './schema.ts';

/** What an identity provider's profile is called, by the provider's type. */
export const SOURCE_NAMES = { OIDC: 'oidc_idp', SAML2: 'saml_idp' } as const;
export type ProviderType = keyof typeof SOURCE_NAMES;

const OIDC: Readonly<Record<string, string>> = {
  login: 'appuser.email',
  email: 'appuser.email',
  firstName: 'appuser.firstName',
  middleName: 'appuser.middleName',
  lastName: 'appuser.lastName',
  displayName: 'appuser.displayName',
  nickName: 'appuser.nickname',
  profileUrl: 'appuser.profile',
  timezone: 'appuser.zoneinfo == null ? "America/Los_Angeles" : appuser.zoneinfo',
  primaryPhone: 'appuser.phoneNumber',
  streetAddress: 'appuser.street_address',
  city: 'appuser.locality',
  state: 'appuser.region',
  zipCode: 'appuser.postalCode',
  countryCode: 'appuser.country',
};

const SAML2: Readonly<Record<string, string>> = {
  firstName: 'source.firstName',
  lastName: 'source.lastName',
  email: 'source.email',
  mobilePhone: 'source.mobilePhone',
  login: 'source.userName',
};

const DEFAULTS: Readonly<Record<ProviderType, Readonly<Record<string, string>>>> = { OIDC, SAML2 };

/** A provider that is a profile source pushes at every sign-in, another one at creation only. */
export function defaultProperties(type: ProviderType, profileMaster: boolean): StoredProperties {
  const pushStatus: PushStatus = profileMaster ? 'PUSH' : 'DONT_PUSH';
  return Object.fromEntries(
    Object.entries(DEFAULTS[type]).map(([target, expression]) => [target, { expression, pushStatus }]),
  );
}
