import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestClock } from '../../../test/support/clock.ts';
import { fixedClock } from '../../../test/support/oidc-connector.ts';
import type { Egress, EgressResponse } from '../../http/index.ts';
import { err, ok } from '../../shared/result.ts';
import { createKeySets, type KeySets } from './key-sets.ts';

const URL = 'https://idp.example.com/keys';
const MINUTE = 60_000;
const jwks: Record<string, unknown>[] = [];

let clock: TestClock;
let keySets: KeySets;
let published: unknown[];
let cacheControl: string | undefined;
let reachable: boolean;
let fetches: number;

beforeAll(async () => {
  for (const kid of ['a', 'b', 'c']) {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    jwks.push({ ...(await exportJWK(publicKey)), kid });
  }
});
beforeEach(() => {
  clock = fixedClock();
  published = [jwks[0]];
  cacheControl = undefined;
  reachable = true;
  fetches = 0;
  const egress = {
    async request() {
      fetches++;
      await new Promise((done) => setImmediate(done));
      if (!reachable) return err({ code: 'egress_unreachable', peer: 'idp.example.com', message: 'unreachable' });
      const response: EgressResponse = {
        status: 200,
        text: JSON.stringify({ keys: published }),
        header: () => cacheControl,
      };
      return ok(response);
    },
  } as unknown as Egress;
  keySets = createKeySets({ egress, clock });
});

const find = async (kid: string) => {
  const found = await keySets.keysFor(URL, { alg: 'RS256', kid });
  return found.ok
    ? found.value.map((key) => key.kid).join()
    : found.error.unavailable
      ? 'unavailable'
      : found.error.failure.code;
};

describe('a key set', () => {
  it('is fetched once for many sign-ins, also at the very first', async () => {
    expect(await Promise.all(Array.from({ length: 100 }, () => find('a')))).toEqual(Array(100).fill('a'));
    clock.advance(9 * MINUTE);
    expect(await find('a')).toBe('a');
    expect(fetches).toBe(1);
  });

  it('is fetched once at once for a storm of an unknown key, and all of it finds the new key', async () => {
    await find('a');
    published = [jwks[0], jwks[1]];
    expect(await Promise.all(Array.from({ length: 100 }, () => find('b')))).toEqual(Array(100).fill('b'));
    expect(fetches).toBe(2);
  });

  it('is fetched at most once a minute for keys that nobody publishes', async () => {
    await find('a');
    for (let i = 0; i < 50; i++) expect(await find(`unpublished-${i}`)).toBe('jws_key_unknown');
    expect(fetches).toBe(2);
    clock.advance(MINUTE);
    expect(await find('unpublished')).toBe('jws_key_unknown');
    expect(fetches).toBe(3);
    expect(await find('a')).toBe('a');
  });

  it.each([
    [undefined, 10],
    ['no-store', 10],
    ['max-age=60', 10],
    ['public, max-age=3600', 60],
    ['max-age=999999999', 24 * 60],
  ])('with Cache-Control %s is kept %i minutes', async (value, minutes) => {
    cacheControl = value;
    await find('a');
    clock.advance(minutes * MINUTE - 1);
    await find('a');
    expect(fetches).toBe(1);
    clock.advance(1);
    await find('a');
    expect(fetches).toBe(2);
  });

  it('that shows another subset at each fetch is joined, until a key was not seen for its time', async () => {
    await find('a');
    published = [jwks[1]];
    expect(await find('b')).toBe('b');
    expect(await find('a')).toBe('a');
    expect(fetches).toBe(2);
    clock.advance(10 * MINUTE);
    expect(await find('b')).toBe('b');
    expect(await find('a')).toBe('jws_key_unknown');
  });

  it('with a new key under a known id forgets the old one', async () => {
    await find('a');
    published = [{ ...jwks[2], kid: 'a' }];
    clock.advance(10 * MINUTE);
    const found = await keySets.keysFor(URL, { alg: 'RS256', kid: 'a' });
    expect(found.ok && found.value[0]!.key.export({ format: 'jwk' }).n).toBe(jwks[2]!.n);
  });

  it('goes on being used for a day while it cannot be fetched', async () => {
    await find('a');
    reachable = false;
    clock.advance(12 * 60 * MINUTE);
    expect(await find('a')).toBe('a');
    clock.advance(12 * 60 * MINUTE);
    expect(await find('a')).toBe('unavailable');
    reachable = true;
    clock.advance(5_000);
    expect(await find('a')).toBe('a');
  });

  it('that cannot be fetched is not asked for more than every five seconds', async () => {
    reachable = false;
    for (let i = 0; i < 20; i++) expect(await find('a')).toBe('unavailable');
    expect(fetches).toBe(1);
    clock.advance(5_000);
    expect(await find('a')).toBe('unavailable');
    expect(fetches).toBe(2);
  });

  it('is read with the quirks of providers: "algorithm" for "alg", broken certificates, keys of no use', async () => {
    published = [{ ...jwks[0], algorithm: 'RS256', x5c: ['MII\nC'] }, { kty: 'oct', k: 'AAAA', kid: 'a' }, null, 'key'];
    expect(await find('a')).toBe('a');
  });
});
