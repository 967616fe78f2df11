import { describe, expect, test } from 'vitest';
import type { Application } from '../../contract.ts';
import { emptyOf, fromWire, toWire, validate } from './values.ts';

const filledIn = { ...emptyOf('web'), label: 'Inspector', redirectUris: [' https://app.example.com/cb ', ''] };

describe('the form of an application', () => {
  test('asks for what nothing works without', () => {
    expect(Object.keys(validate(emptyOf('web')))).toEqual(['label', 'redirectUris']);
    expect(validate(filledIn)).toEqual({});
  });

  test('response types follow from the grants', () => {
    const client = toWire({ ...filledIn, grants: ['authorization_code', 'implicit'] }).settings?.oauthClient;
    expect(client?.response_types).toEqual(['code', 'id_token']);
    expect(client?.redirect_uris).toEqual(['https://app.example.com/cb']);
  });

  test('a browser or native application has no secret and needs PKCE', () => {
    for (const type of ['browser', 'native'] as const) {
      expect(emptyOf(type)).toMatchObject({ authentication: 'none', pkce: true });
    }
  });

  test('keys have to be a key set', () => {
    const values = { ...filledIn, authentication: 'private_key_jwt' as const };
    expect(validate({ ...values, keys: '[]' })).toHaveProperty('keys');
    expect(validate({ ...values, keys: '{"keys":[]}' })).toEqual({});
  });

  test('a change keeps claims and other settings that the form does not show', () => {
    const input = toWire(filledIn);
    const stored = { ...input, id: '0oa1', status: 'ACTIVE', created: '', lastUpdated: '' } as Application;
    const claims = [{ name: 'n', expression: 'user.login', location: 'ID_TOKEN' as const }];
    stored.settings.oauthClient.claims = claims;
    expect(toWire({ ...fromWire(stored), label: 'Other' }, stored).settings?.oauthClient?.claims).toEqual(claims);
  });
});
