import { describe, expect, test } from 'vitest';
import { InvalidConfiguration, readConfiguration } from './configuration.ts';

const SAMPLE = { SAMPLE_ISSUER: 'http://localhost:3000', SAMPLE_CLIENT_ID: 'id', SAMPLE_CLIENT_SECRET: 'secret' };

describe('the environment', () => {
  test('may be empty: the identity provider alone, on its port', () => {
    expect(readConfiguration({})).toEqual({ idme: { port: 3030, clients: [] }, sample: null });
  });

  test('names clients, addresses and the hub', () => {
    const clients = [{ client_id: 'a', redirect_uris: ['http://localhost/a'], policies: ['teacher'] }];
    const env = {
      ...SAMPLE,
      IDME_CLIENTS: JSON.stringify(clients),
      IDME_URL: 'http://localhost:4000',
      SAMPLE_PORT: '0',
    };
    expect(readConfiguration(env)).toEqual({
      idme: { port: 3030, clients, url: 'http://localhost:4000' },
      sample: { port: 0, issuer: 'http://localhost:3000', clientId: 'id', clientSecret: 'secret' },
    });
  });

  test.each([
    ['IDME_PORT', { IDME_PORT: 'http' }],
    ['IDME_PORT', { IDME_PORT: '70000' }],
    ['IDME_URL', { IDME_URL: 'localhost' }],
    ['IDME_CLIENTS', { IDME_CLIENTS: '{"client_secret":"hush"}' }],
    ['SAMPLE_ISSUER', { ...SAMPLE, SAMPLE_ISSUER: 'ftp://hub' }],
    ['SAMPLE_CLIENT_ID', { ...SAMPLE, SAMPLE_CLIENT_ID: '' }],
  ])('with a wrong %s is refused in one sentence that names it', (name, env) => {
    expect(() => readConfiguration(env)).toThrow(InvalidConfiguration);
    expect(() => readConfiguration(env)).toThrow(name);
    expect(() => readConfiguration(env)).not.toThrow('hush');
  });
});
