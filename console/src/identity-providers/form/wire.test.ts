import { describe, expect, test } from 'vitest';
import type { OidcProvider } from '../../contract.ts';
import { fromWire, toWire } from './wire.ts';

const provider: OidcProvider = {
  id: '0oa1',
  type: 'OIDC',
  name: 'ID.me IdP - OIDC',
  displayName: 'ID.me',
  preset: 'idme-oidc',
  status: 'ACTIVE',
  created: '2026-01-01T00:00:00.000Z',
  lastUpdated: '2026-01-01T00:00:00.000Z',
  issuerMode: 'ORG_URL',
  protocol: {
    type: 'OIDC',
    scopes: ['openid', 'teacher'],
    issuer: { url: 'https://id.example.com/oidc' },
    endpoints: {
      authorization: { url: 'https://id.example.com/authorize', binding: 'HTTP-REDIRECT' },
      token: { url: 'https://id.example.com/token', binding: 'HTTP-POST' },
      jwks: { url: 'https://id.example.com/keys', binding: 'HTTP-REDIRECT' },
    },
    algorithms: { request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } } },
    credentials: {
      client: { client_id: 'abc', client_secret: 'stored', token_endpoint_auth_method: 'client_secret_basic' },
    },
    settings: {
      nameFormat: null,
      participateSlo: false,
      sendApplicationContext: false,
      parseUserInfo: 'json',
      perIdpRedirectUri: false,
      requireIssParameter: true,
      responseMode: 'form_post',
      idTokenAlgorithms: ['RS256'],
    },
  },
  policy: {
    accountLink: { action: 'AUTO', filter: { users: { exclude: ['00u1'], excludeAdmins: true } } },
    provisioning: {
      action: 'AUTO',
      profileMaster: true,
      groups: { action: 'SYNC', sourceAttributeName: 'groups', filter: ['00g1'] },
      conditions: { deprovisioned: { action: 'NONE' }, suspended: { action: 'UNSUSPEND' } },
    },
    subject: {
      userNameTemplate: { template: 'idpuser.email' },
      filter: null,
      matchType: 'USERNAME_OR_EMAIL',
      matchAttribute: null,
    },
    maxClockSkew: 90_000,
    trustClaims: false,
    transformedUsernameMatchingEnabled: false,
    trustEmail: 'PROVIDER',
    trustedDomains: [],
    transactionLifetime: 3_600_000,
  },
  _links: {},
};

describe('the form of a provider', () => {
  test('saved without a change sends what was read', () => {
    const { id: _id, created: _created, lastUpdated: _lastUpdated, _links, ...rest } = provider;
    expect(toWire(fromWire(provider), provider)).toEqual(rest);
  });

  test('keeps what it does not show: settings, excluded people, rules by claim, conditions', () => {
    const sent = toWire({ ...fromWire(provider), name: 'Renamed' }, provider);
    expect(sent.protocol.settings?.responseMode).toBe('form_post');
    expect(sent.policy.accountLink.filter?.users?.exclude).toEqual(['00u1']);
    expect(sent.policy.provisioning.groups.action).toBe('SYNC');
    expect(sent.policy.provisioning.conditions?.suspended?.action).toBe('UNSUSPEND');
  });

  test('never shows the stored secret, and sends a new one only when one was entered', () => {
    const values = fromWire(provider);
    expect(JSON.stringify(values)).not.toContain('stored');
    expect(toWire({ ...values, clientSecret: 'entered' }, provider).protocol.credentials.client.client_secret).toBe(
      'entered',
    );
  });

  test('a private key takes the secret away', () => {
    const { client } = toWire({ ...fromWire(provider), authenticationType: 'PRIVATE_KEY' }, provider).protocol
      .credentials;
    expect(client).toEqual({ client_id: 'abc', token_endpoint_auth_method: 'private_key_jwt' });
  });

  test('names PKCE only where it is switched off or was named before', () => {
    const values = fromWire(provider);
    expect(toWire(values, provider).protocol.credentials.client).not.toHaveProperty('pkce_required');
    expect(toWire({ ...values, requirePkce: false }, provider).protocol.credentials.client.pkce_required).toBe(false);
  });

  test('seconds and minutes on the screen are milliseconds on the wire', () => {
    const values = fromWire(provider);
    expect([values.clockSkewSeconds, values.transactionMinutes]).toEqual([90, 60]);
    expect(toWire({ ...values, clockSkewSeconds: 30 }, provider).policy.maxClockSkew).toBe(30_000);
  });
});
