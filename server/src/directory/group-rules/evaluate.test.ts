import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Standing } from '../groups/index.ts';
import { compileRules, evaluateRules } from './evaluate.ts';
import type { GroupRule } from './schema.ts';

const EVERYONE = { id: '00gEveryone', name: 'Everyone' };
const NAMES = new Map(['A', 'B', 'C', 'D'].map((name) => [`00g${name}`, name]));
const AT = new Date(0);

const rule = (id: string, expression: string, groupIds: string[], more: Partial<GroupRule> = {}): GroupRule => ({
  ...{ id, orgId: '00o', name: `Rule ${id}`, status: 'ACTIVE', expression, excludedUsers: [], excludedGroups: [] },
  ...{ groupIds, created: AT, lastUpdated: AT, version: 1 },
  ...more,
});
const member = (groupId: string, more: Partial<Standing> = {}): Standing => ({
  ...{
    userId: '00uAda',
    groupId,
    name: NAMES.get(groupId) ?? groupId,
    type: 'OKTA_GROUP',
    source: 'DIRECT',
    ruleIds: [],
  },
  ...more,
});
const ada = { id: '00uAda', profile: { department: 'Engines', login: 'ada@example.com' } };
const outcome = (rules: GroupRule[], standing: Standing[] = [], person = ada) =>
  evaluateRules(compileRules(rules, NAMES, EVERYONE), person, standing);

describe('group rules', () => {
  it('give what is missing, and take back what no longer matches', () => {
    const engines = rule('r1', 'user.department == "Engines"', ['00gA', '00gB']);
    const poets = rule('r2', 'user.department == "Poetry"', ['00gC']);
    const standing = [
      member('00gA', { source: 'RULE', ruleIds: ['r1'] }),
      member('00gC', { source: 'RULE', ruleIds: ['r2'] }),
      member('00gD'),
    ];
    expect(outcome([engines, poets], standing)).toEqual({
      matched: ['r1'],
      give: [{ ruleId: 'r1', groupId: '00gB' }],
      withdraw: [{ ruleId: 'r2', groupId: '00gC' }],
      failures: [],
    });
  });

  it('leave the gifts of rules that are not active alone', () => {
    const standing = [member('00gC', { source: 'RULE', ruleIds: ['switched off'] })];
    expect(outcome([rule('r1', 'true', ['00gA'])], standing).withdraw).toEqual([]);
  });

  it('except people, and the members of groups', () => {
    const rules = [
      rule('r1', 'true', ['00gA'], { excludedUsers: ['00uAda'] }),
      rule('r2', 'true', ['00gB'], { excludedGroups: ['00gD'] }),
    ];
    expect(outcome(rules, [member('00gD')]).matched).toEqual([]);
    expect(outcome(rules).matched).toEqual(['r2']);
  });

  it('take nothing back for a group that does not exist, and give none', () => {
    expect(outcome([rule('r1', 'true', ['00gGone'])])).toMatchObject({ matched: ['r1'], give: [], withdraw: [] });
  });

  it('know Everyone and build on the groups of each other, in whatever order they stand', () => {
    const rules = [
      rule('r1', 'isMemberOfGroupName("B")', ['00gC']),
      rule('r2', 'isMemberOfGroup("00gA")', ['00gB']),
      rule('r3', 'isMemberOfGroupName("Everyone")', ['00gA']),
    ];
    expect(outcome(rules).give.map((gift) => gift.groupId)).toEqual(['00gC', '00gB', '00gA']);
  });

  it('do not hold themselves up: what only they gave is no reason to give it', () => {
    const rules = [rule('r1', 'isMemberOfGroup("00gB")', ['00gA']), rule('r2', 'isMemberOfGroup("00gA")', ['00gB'])];
    const standing = [
      member('00gA', { source: 'RULE', ruleIds: ['r1'] }),
      member('00gB', { source: 'RULE', ruleIds: ['r2'] }),
    ];
    expect(outcome(rules, standing)).toMatchObject({
      matched: [],
      withdraw: [{ groupId: '00gA' }, { groupId: '00gB' }],
    });
  });

  it('that fail on a person, or say something else than true or false, count as not matched and say why', () => {
    const { matched, failures } = outcome([
      rule('r1', 'user.department > 3', ['00gA']),
      rule('r2', 'user.login', ['00gB']),
      rule('r3', 'user.absent', ['00gC']),
    ]);
    expect([matched, failures.map(({ ruleId, code }) => [ruleId, code])]).toEqual([
      [],
      [
        ['r1', 'type_mismatch'],
        ['r2', 'type_mismatch'],
      ],
    ]);
  });

  it('come to rest: applied to their own outcome they change nothing, whatever they are', () => {
    const condition = fc.constantFrom(
      ...['true', 'false', 'isMemberOfGroup("00gA")', '!isMemberOfGroup("00gB")', 'isMemberOfAnyGroup("00gC", "00gD")'],
      ...['!isMemberOfGroupName("D")', 'user.department == "Engines"', 'user.login > 1'],
    );
    const groupIds = fc.subarray([...NAMES.keys()], { minLength: 1 });
    const anyRule = fc.tuple(condition, groupIds, fc.subarray([...NAMES.keys()]));
    const standing = fc.subarray([...NAMES.keys()]).map((ids) => ids.map((id) => member(id)));
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), standing, (made, before) => {
        const rules = made.map(([expression, ids, excludedGroups], index) =>
          rule(`r${index}`, expression, ids, { excludedGroups }),
        );
        const first = outcome(rules, before);
        const after = [...NAMES.keys()].flatMap((groupId) => {
          const ruleIds = first.give.filter((gift) => gift.groupId === groupId).map((gift) => gift.ruleId);
          const was = before.find((membership) => membership.groupId === groupId);
          if (was === undefined && ruleIds.length === 0) return [];
          return [{ ...(was ?? member(groupId, { source: 'RULE' })), ruleIds }];
        });
        expect(outcome(rules, after)).toMatchObject({ matched: first.matched, give: [], withdraw: [] });
      }),
    );
  });
});
