import { describe, expect, test } from 'vitest';
import { compileSchema } from '../../directory/profile-schemas/index.ts';
import { ownProfile } from './profile.ts';

const self = (action: 'HIDE' | 'READ_ONLY' | 'READ_WRITE') => [{ principal: 'SELF' as const, action }];
const schema = compileSchema({
  id: 'osc1',
  ownerKind: 'user_type',
  ownerId: 'oty1',
  name: 'user',
  version: 1,
  base: { division: { permissions: self('HIDE') } },
  custom: {
    birth_date: { type: 'string', title: 'Date of birth', format: 'date' },
    verified_at: { type: 'string', title: 'Verified', format: 'date-time', permissions: self('READ_ONLY') },
    risk: { type: 'string', title: 'Risk', permissions: self('HIDE') },
    badge: { type: 'string', title: 'Badge', permissions: self('READ_WRITE') },
    ssn: { type: 'string', title: 'Social security number', sensitive: true },
    born: { type: 'string', title: 'Born', format: 'date', sensitive: true },
    groups: { type: 'array', title: 'Groups', items: { type: 'string' } },
  },
});
const shown = (profile: Parameters<typeof ownProfile>[1]) => ownProfile(schema, profile);

describe('what a person sees of the own profile', () => {
  test('attributes come with the titles and the form of the schema', () => {
    expect(shown({ birth_date: '1990-02-01', verified_at: '2026-11-20T10:00:00Z', groups: ['a'] })).toEqual([
      { name: 'birth_date', title: 'Date of birth', value: '1990-02-01', form: 'date' },
      { name: 'verified_at', title: 'Verified', value: '2026-11-20T10:00:00Z', form: 'date-time' },
      { name: 'groups', title: 'Groups', value: ['a'], form: 'text' },
    ]);
  });

  test.each(['risk', 'division'])('%s is hidden from the person: not shown, not even by name', (name) => {
    expect(shown({ [name]: 'high', badge: 'B-1' })).toEqual([
      { name: 'badge', title: 'Badge', value: 'B-1', form: 'text' },
    ]);
  });

  test.each(['badge', 'department', 'verified_at'])('%s may be read and is shown', (name) => {
    expect(shown({ [name]: 'x' }).map((attribute) => attribute.name)).toEqual([name]);
  });

  test('a sensitive value is dots, whatever its form', () => {
    expect(shown({ ssn: '123-45-6789', born: '1990-02-01' })).toEqual([
      { name: 'ssn', title: 'Social security number', value: '••••••••', form: 'text' },
      { name: 'born', title: 'Born', value: '••••••••', form: 'text' },
    ]);
  });

  test('what has no value, or is no attribute of the schema, is left out', () => {
    expect(shown({ badge: '', ssn: null, unknown: 'x', constructor: 'x' })).toEqual([]);
  });
});
