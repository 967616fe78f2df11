import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupChange } from './groups.ts';

const group = (name: string, type = 'OKTA_GROUP') => ({ id: `id:${name}`, name, type, ruleIds: [] as string[] });
const ENTERPRISE = group('Enterprise IdP Users');
const WEST = group('West Coast Users');
const CLOUD = group('Cloud Users');
const DOMAIN = group('Domain Users', 'APP_GROUP');
const MFA = group('MFA Users');

/** The worked example of contract §2.3. */
describe('a person in Domain Users (an application’s group) and Cloud Users, asserted: Enterprise IdP Users, West Coast Users, Cloud Users', () => {
  const example = (action: 'NONE' | 'ASSIGN' | 'APPEND' | 'SYNC') =>
    groupChange({
      action: { action, assignments: [MFA.id], sourceAttributeName: 'Groups', filter: [ENTERPRISE.id] },
      asserted: [ENTERPRISE.name, WEST.name, CLOUD.name],
      known: action === 'ASSIGN' ? [MFA] : [ENTERPRISE],
      memberOf: [DOMAIN, CLOUD],
    });

  test('APPEND with the filter Enterprise IdP Users adds that group', () =>
    expect(example('APPEND')).toEqual({ add: [ENTERPRISE.id], remove: [] }));
  test('SYNC also removes Cloud Users, and leaves the application’s group alone', () =>
    expect(example('SYNC')).toEqual({ add: [ENTERPRISE.id], remove: [CLOUD.id] }));
  test('ASSIGN adds MFA Users', () => expect(example('ASSIGN')).toEqual({ add: [MFA.id], remove: [] }));
  test('NONE changes nothing', () => expect(example('NONE')).toEqual({ add: [], remove: [] }));
});

describe('group changes', () => {
  const rule = (action: 'ASSIGN' | 'APPEND' | 'SYNC') => ({
    action,
    assignments: [],
    sourceAttributeName: 'Groups',
    filter: [],
  });

  test('a group that is not an OKTA_GROUP is never joined, though asserted and in the filter', () => {
    expect(groupChange({ action: rule('SYNC'), asserted: [DOMAIN.name], known: [DOMAIN], memberOf: [] })).toEqual({
      add: [],
      remove: [],
    });
    expect(groupChange({ action: rule('ASSIGN'), asserted: [], known: [DOMAIN], memberOf: [] })).toEqual({
      add: [],
      remove: [],
    });
  });

  test('asserted and filtered membership stays', () => {
    expect(groupChange({ action: rule('SYNC'), asserted: [CLOUD.name], known: [CLOUD], memberOf: [CLOUD] })).toEqual({
      add: [],
      remove: [],
    });
  });

  test('nothing asserted means every OKTA_GROUP is left with SYNC, none with APPEND', () => {
    expect(groupChange({ action: rule('SYNC'), asserted: [], known: [CLOUD], memberOf: [CLOUD, DOMAIN] })).toEqual({
      add: [],
      remove: [CLOUD.id],
    });
    expect(groupChange({ action: rule('APPEND'), asserted: [], known: [CLOUD], memberOf: [CLOUD, DOMAIN] })).toEqual({
      add: [],
      remove: [],
    });
  });

  test('SYNC leaves what a group rule gives', () => {
    const ruled = { ...CLOUD, ruleIds: ['0prRule'] };
    expect(groupChange({ action: rule('SYNC'), asserted: [], known: [], memberOf: [ruled, WEST] })).toEqual({
      add: [],
      remove: [WEST.id],
    });
  });

  test('only OKTA_GROUPs are touched, nobody joins twice, and a second sign-in changes nothing', () => {
    const all = [ENTERPRISE, WEST, CLOUD, DOMAIN, MFA];
    fc.assert(
      fc.property(
        fc.constantFrom('ASSIGN', 'APPEND', 'SYNC'),
        fc.subarray(all),
        fc.subarray(all),
        fc.subarray(all),
        (action, known, memberOf, asserted) => {
          const facts = { action: rule(action), asserted: asserted.map(({ name }) => name), known };
          const change = groupChange({ ...facts, memberOf });
          for (const id of [...change.add, ...change.remove])
            expect(all.find((one) => one.id === id)?.type).toBe('OKTA_GROUP');
          for (const id of change.add) expect(memberOf.some((one) => one.id === id)).toBe(false);
          const after = all.filter(
            (one) => change.add.includes(one.id) || (memberOf.includes(one) && !change.remove.includes(one.id)),
          );
          expect(groupChange({ ...facts, memberOf: after })).toEqual({ add: [], remove: [] });
        },
      ),
    );
  });
});
