import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configurationPage, PAGE } from '../../scripts/configuration-page.ts';
import { readConfig, unknownVariables, VARIABLES } from './config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gatehouse-config-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (env: Record<string, string>) => readConfig({ GATEHOUSE_SECRET_KEY: KEY, ...env }, root);

describe('defaults', () => {
  test('an empty environment gives a hub on loopback with the embedded database', () => {
    expect(read({})).toEqual({
      url: 'http://localhost:3000',
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: null,
      dataDir: join(root, '.gatehouse'),
      secretKey: new Uint8Array(32).fill(7),
      previousSecretKeys: [],
      adminEmail: 'admin@example.com',
      adminPassword: null,
      apiToken: null,
      smtpUrl: null,
      mailFrom: null,
      workers: 1,
      allowEgress: [],
      trustedProxies: [],
    });
  });

  test('an empty variable counts as unset', () => {
    expect(read({ GATEHOUSE_PORT: '', GATEHOUSE_WORKERS: ' ' })).toMatchObject({ port: 3000, workers: 1 });
  });

  test.each([
    ['http://localhost:4000', '127.0.0.1', 4000],
    ['http://hub.localhost:4000/', '127.0.0.1', 4000],
    ['http://127.0.0.1', '127.0.0.1', 80],
    ['http://[::1]:4000', '::1', 4000],
    ['https://id.example.com', '0.0.0.0', 3000],
    ['https://id.example.com:8443', '0.0.0.0', 3000],
  ])('%s listens on %s, port %i', (url, host, port) => {
    expect(read({ GATEHOUSE_URL: url })).toMatchObject({ url: new URL(url).origin, host, port });
  });

  test('GATEHOUSE_PORT and GATEHOUSE_HOST win over the URL', () => {
    const found = read({ GATEHOUSE_URL: 'https://id.example.com', GATEHOUSE_PORT: '8080', GATEHOUSE_HOST: '10.0.0.5' });
    expect(found).toMatchObject({ host: '10.0.0.5', port: 8080 });
  });

  test('the result is frozen', () => {
    expect(Object.isFrozen(read({}))).toBe(true);
  });
});

describe('lists', () => {
  test('egress takes hosts, hosts with port, addresses and CIDRs', () => {
    const list = 'localhost:3030, idp.internal,10.0.0.0/8,[::1]:3030,::1,192.0.2.7';
    expect(read({ GATEHOUSE_ALLOW_EGRESS: list }).allowEgress).toEqual(list.split(/, ?/));
  });

  test('several previous keys are accepted, in base64 and base64url', () => {
    const other = Buffer.alloc(32, 251).toString('base64url');
    expect(read({ GATEHOUSE_SECRET_KEY_PREVIOUS: `${KEY},${other}` }).previousSecretKeys).toEqual([
      new Uint8Array(32).fill(7),
      new Uint8Array(32).fill(251),
    ]);
  });
});

describe('a wrong value stops the start with one sentence', () => {
  test.each([
    ['GATEHOUSE_URL', 'http://id.example.com'],
    ['GATEHOUSE_URL', 'https://id.example.com/hub'],
    ['GATEHOUSE_URL', 'id.example.com'],
    ['GATEHOUSE_PORT', '70000'],
    ['GATEHOUSE_PORT', '1e3'],
    ['GATEHOUSE_HOST', 'not a host'],
    ['GATEHOUSE_WORKERS', '0'],
    ['GATEHOUSE_WORKERS', '33'],
    ['GATEHOUSE_ADMIN_EMAIL', 'admin'],
    ['GATEHOUSE_ALLOW_EGRESS', 'http://localhost:3030'],
    ['GATEHOUSE_ALLOW_EGRESS', 'localhost:99999'],
    ['GATEHOUSE_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['GATEHOUSE_TRUSTED_PROXIES', 'proxy.internal'],
  ])('%s=%s: it names the variable, the value and the remedy', (name, text) => {
    expect(() => read({ [name]: text })).toThrowError(
      expect.objectContaining({ code: 'start_refused', message: expect.stringMatching(oneSentence(name, text)) }),
    );
  });

  test.each([
    ['GATEHOUSE_DATABASE_URL', 'mysql://user:hunter22@db/hub'],
    ['GATEHOUSE_SECRET_KEY', 'hunter22'],
    ['GATEHOUSE_SECRET_KEY_PREVIOUS', `${KEY},hunter22`],
    ['GATEHOUSE_ADMIN_PASSWORD', 'hunter2'],
    ['GATEHOUSE_API_TOKEN', 'hunter22 hunter22'],
    ['GATEHOUSE_SMTP_URL', 'http://user:hunter22@mail'],
  ])('%s: a secret is never repeated', (name, text) => {
    expect(() => read({ [name]: text })).toThrowError(
      expect.objectContaining({ message: expect.stringMatching(`^${name} is `) }),
    );
    expect(() => read({ [name]: text })).not.toThrowError(/hunter2/);
  });

  test('an external database requires the secret key', () => {
    const env = { GATEHOUSE_DATABASE_URL: 'postgresql://db.example.com/hub' };
    expect(() => readConfig(env, root)).toThrowError(
      /^GATEHOUSE_SECRET_KEY is unset, .* required: set it to .*openssl.*\.$/,
    );
    expect(read(env).databaseUrl).toBe(env.GATEHOUSE_DATABASE_URL);
  });
});

describe('the generated secret key', () => {
  const file = () => join(root, '.gatehouse', 'secret-key');

  test('is written once, readable by its owner alone, and used again', () => {
    const first = readConfig({}, root);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readConfig({}, root).secretKey).toEqual(first.secretKey);
    expect(Buffer.from(readFileSync(file(), 'utf8'), 'base64')).toHaveLength(32);
  });

  test('nothing is written for a configuration that is refused', () => {
    expect(() => readConfig({ GATEHOUSE_WORKERS: 'many' }, root)).toThrowError();
    expect(() => statSync(file())).toThrowError(/ENOENT/);
  });

  test('a damaged file stops the start', () => {
    readConfig({}, root);
    writeFileSync(file(), 'damaged');
    expect(() => readConfig({}, root)).toThrowError(/secret-key does not hold a key/);
  });
});

test('misspelt variables are found', () => {
  expect(unknownVariables({ GATEHOUSE_DATABSE_URL: 'x', GATEHOUSE_URL: 'y', PATH: 'z' })).toEqual([
    'GATEHOUSE_DATABSE_URL',
  ]);
});

test('any text gives a value or a refusal, never another error', () => {
  const names = Object.values(VARIABLES).map((variable) => variable.name);
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.string(), (name, text) => {
      try {
        read({ [name]: text });
      } catch (error) {
        expect(error).toMatchObject({ code: 'start_refused' });
      }
    }),
  );
});

test('the reference page is current (node scripts/configuration-page.ts writes it)', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toBe(configurationPage());
});

function oneSentence(name: string, text: string): RegExp {
  const escaped = JSON.stringify(text).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${name} is ${escaped}: set it to [^\\n]+, for example [^\\n]+\\.$`);
}
