import { expect, test } from 'vitest';
import { fromMetadata } from './values.ts';

const CERTIFICATE = {
  subject: 'CN=idp',
  notBefore: '',
  notAfter: '2030-01-01T00:00:00.000Z',
  thumbprint: 't',
  x5c: 'MII',
};
const metadata = (url: string) => ({
  entityId: 'api.idmelabs.com',
  sso: [{ binding: 'HTTP-POST' as const, url }],
  certificates: [CERTIFICATE],
});
const SSO = 'https://api.idmelabs.com/saml/SingleSignOnService';
const WITH_CONTEXT = `${SSO}?AuthnContext=http://idmanagement.gov/ns/assurance/ial/2/aal/2`;

test('metadata fills in issuer, address, destination, binding and certificates', () => {
  expect(fromMetadata({ ssoUrl: '' }, metadata(SSO), 'https://idp.example/metadata')).toEqual({
    issuer: 'api.idmelabs.com',
    ssoUrl: SSO,
    destination: SSO,
    binding: 'HTTP-POST',
    metadataUrl: 'https://idp.example/metadata',
    certificates: [{ kid: null, x5c: 'MII', subject: 'CN=idp', notAfter: CERTIFICATE.notAfter }],
  });
});

test('the level that is asked for in the address stays when metadata names the same address without it', () => {
  expect(fromMetadata({ ssoUrl: WITH_CONTEXT }, metadata(SSO), null)).toMatchObject({
    ssoUrl: WITH_CONTEXT,
    destination: WITH_CONTEXT,
  });
});

test.each(['https://other.example/saml/SingleSignOnService', `${SSO}?AuthnContext=mfa`])(
  'another address, or one with a query of its own, takes its place: %s',
  (url) => {
    expect(fromMetadata({ ssoUrl: WITH_CONTEXT }, metadata(url), null)).toMatchObject({
      ssoUrl: url,
      destination: url,
    });
  },
);

test('metadata without an address leaves the one that stands', () => {
  expect(fromMetadata({ ssoUrl: SSO }, { ...metadata(SSO), sso: [] }, null)).not.toHaveProperty('ssoUrl');
});
