import { describe, expect, it } from 'vitest';
import type { ApiToken } from '../contract.ts';
import { EMPTY, fromWire, networkInWords, toWire, validate } from './values.ts';

const token = (network: ApiToken['network']) => ({ name: 'Script', network }) as ApiToken;
const both: ApiToken['network'] = { connection: 'ZONE', include: ['a'], exclude: ['b'] };

describe('the form of an API token', () => {
  it.each<ApiToken['network']>([
    { connection: 'ANYWHERE' },
    { connection: 'ZONE', include: ['a'], exclude: [] },
    { connection: 'ZONE', include: [], exclude: ['b'] },
    both,
  ])('gives back what it got: %j', (network) => {
    expect(toWire(fromWire(token(network)), token(network))).toEqual({ name: 'Script', network });
  });
  it('asks for a name, and for a zone where it is bound', () => {
    expect(Object.keys(validate(EMPTY))).toEqual(['name']);
    expect(Object.keys(validate({ name: 'x', where: 'IN', zones: [] }))).toEqual(['zones']);
    expect(validate({ name: 'x', where: 'NOT_IN', zones: ['a'] })).toEqual({});
  });
  it('says in words where a token may be used', () => {
    const name = (id: string) => ({ a: 'Office', b: 'Lobby' })[id] ?? id;
    expect(networkInWords({ connection: 'ANYWHERE' }, name)).toBe('Anywhere');
    expect(networkInWords(both, name)).toBe('In Office; Not in Lobby');
  });
});
