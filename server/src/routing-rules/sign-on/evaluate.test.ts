import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledNetwork, RuleZone } from '../evaluate.ts';
import {
  type CompiledSignOnPolicy,
  type CompiledSignOnRule,
  evaluateSignOn,
  type SignOnContext,
  type SignOnDecision,
} from './evaluate.ts';

const rule = (name: string, more: Partial<CompiledSignOnRule> = {}): CompiledSignOnRule => ({
  id: `0pr${name}`,
  name,
  active: true,
  system: false,
  network: null,
  except: new Set(),
  access: 'ALLOW',
  session: { idleMinutes: 30, lifetimeMinutes: 60 },
  ...more,
});
const policy = (
  name: string,
  groups: string[] | null,
  rules: CompiledSignOnRule[],
  more: Partial<CompiledSignOnPolicy> = {},
): CompiledSignOnPolicy => ({
  id: `00p${name}`,
  name,
  active: true,
  groups: groups === null ? null : new Set(groups),
  rules,
  ...more,
});
const last = policy('Default Policy', null, [
  rule('Default Rule', { system: true, session: { idleMinutes: 120, lifetimeMinutes: null } }),
]);
const office: RuleZone = { name: 'Office', contains: (ip) => ip === '192.0.2.1' };
const inside = (zones: RuleZone[], exclude: RuleZone[] = []): CompiledNetwork => ({
  include: zones,
  exclude,
  namesZones: zones.length > 0,
});
const gary: SignOnContext = { userId: '00uGary', groupIds: ['staff', 'cloud'], ip: '192.0.2.1' };
const stranger = { ...gary, ip: '203.0.113.9' };
const decided = ({ access, policy: { name }, rule: { name: by } }: SignOnDecision) => `${access} ${name}: ${by}`;

describe('which rule decides about a session', () => {
  const deny = rule('No', { access: 'DENY' });
  const rows: [string, CompiledSignOnPolicy[], SignOnContext, string][] = [
    ['the default rule where there is no other', [last], gary, 'ALLOW Default Policy: Default Rule'],
    ['a policy of a group of the person', [policy('A', ['staff'], [deny]), last], gary, 'DENY A: No'],
    ['not one of other groups', [policy('A', ['guests'], [deny]), last], gary, 'ALLOW Default Policy: Default Rule'],
    ['not one of no groups', [policy('A', [], [deny]), last], gary, 'ALLOW Default Policy: Default Rule'],
    [
      'one for everybody, also without groups',
      [policy('A', null, [deny]), last],
      { ...gary, groupIds: [] },
      'DENY A: No',
    ],
    [
      'not an inactive policy',
      [policy('A', ['staff'], [deny], { active: false }), last],
      gary,
      'ALLOW Default Policy: Default Rule',
    ],
    [
      'the first policy that fits, not the strictest',
      [policy('A', ['staff'], [rule('Yes')]), policy('B', ['cloud'], [deny]), last],
      gary,
      'ALLOW A: Yes',
    ],
    [
      'the first rule that holds',
      [policy('A', ['staff'], [rule('Asleep', { active: false }), rule('Yes'), deny]), last],
      gary,
      'ALLOW A: Yes',
    ],
    [
      'not a rule that leaves the person out',
      [policy('A', ['staff'], [rule('No', { access: 'DENY', except: new Set(['00uGary']) }), rule('Yes')]), last],
      gary,
      'ALLOW A: Yes',
    ],
    [
      'a rule about a zone, inside of it',
      [policy('A', ['staff'], [rule('Office', { network: inside([office]) }), deny]), last],
      gary,
      'ALLOW A: Office',
    ],
    [
      'the next one outside of it',
      [policy('A', ['staff'], [rule('Office', { network: inside([office]) }), deny]), last],
      stranger,
      'DENY A: No',
    ],
    [
      'a rule for everywhere but a zone, outside of it only',
      [policy('A', ['staff'], [rule('Away', { access: 'DENY', network: inside([], [office]) })]), last],
      gary,
      'ALLOW Default Policy: Default Rule',
    ],
    [
      'a rule none of whose zones is active holds nowhere',
      [policy('A', ['staff'], [rule('Gone', { access: 'DENY', network: { ...inside([])!, namesZones: true } })]), last],
      gary,
      'ALLOW Default Policy: Default Rule',
    ],
    [
      'the next policy where no rule of the first holds',
      [policy('A', ['staff'], []), policy('B', ['cloud'], [deny]), last],
      gary,
      'DENY B: No',
    ],
  ];
  it.each(rows)('%s', (_name, policies, person, expected) => {
    expect(decided(evaluateSignOn(policies, person))).toBe(expected);
  });

  it('lets in with the hub’s own lengths where there is no policy at all', () => {
    expect(evaluateSignOn([], gary)).toMatchObject({ access: 'ALLOW', session: null, rule: { system: true } });
  });

  it('says of everything it looked at why', () => {
    const policies = [
      policy('Guests', ['guests'], [deny]),
      policy('Staff', ['staff'], [rule('Away', { network: inside([], [office]) }), rule('Yes')]),
      last,
    ];
    expect(evaluateSignOn(policies, gary).considered).toEqual([
      { name: 'Guests', matched: false, why: 'the person is in none of the groups of the policy' },
      { name: 'Staff: Away', matched: false, why: expect.stringContaining('which the rule leaves out') },
      { name: 'Staff: Yes', matched: true, why: 'every condition holds' },
    ]);
  });
});

const GROUPS = ['a', 'b', 'c'];
const PEOPLE = ['00uGary', '00uAda'];
const network = fc.constantFrom<CompiledNetwork>(null, inside([office]), inside([], [office]), {
  ...inside([])!,
  namesZones: true,
});
const rules = fc.array(
  fc
    .record({
      active: fc.boolean(),
      except: fc.subarray(PEOPLE),
      network,
      access: fc.constantFrom('ALLOW' as const, 'DENY' as const),
    })
    .map((more) => ({ ...more, except: new Set(more.except) })),
  { maxLength: 4 },
);
const policies = fc
  .array(fc.record({ active: fc.boolean(), groups: fc.option(fc.subarray(GROUPS)), rules }), { maxLength: 4 })
  .map((list) => [
    ...list.map(({ active, groups, rules: made }, at) =>
      policy(
        `${at}`,
        groups,
        made.map((more, place) => rule(`${at}.${place}`, more)),
        { active },
      ),
    ),
    last,
  ]);
const person = fc.record({
  userId: fc.constantFrom(...PEOPLE),
  groupIds: fc.subarray(GROUPS),
  ip: fc.constantFrom('192.0.2.1', '203.0.113.9'),
});

/** The same said another way: everything that holds, in order. */
const holding = (list: readonly CompiledSignOnPolicy[], { userId, groupIds, ip }: SignOnContext): string[] =>
  list
    .filter(({ active, groups }) => active && (groups === null || [...groups].some((id) => groupIds.includes(id))))
    .flatMap((item) => item.rules)
    .filter(({ active, except }) => active && !except.has(userId))
    .filter(({ network: at }) => {
      if (at === null) return true;
      const within = !at.namesZones || at.include.some((zone) => zone.contains(ip));
      return within && !at.exclude.some((zone) => zone.contains(ip));
    })
    .map(({ id }) => id);

describe('whatever the policies are', () => {
  it('the first rule that holds in the first policy for the person decides', () => {
    fc.assert(
      fc.property(policies, person, (list, who) => {
        const decision = evaluateSignOn(list, who);
        expect(decision.rule.id).toBe(holding(list, who)[0]);
        expect(decision.considered.filter(({ matched }) => matched)).toHaveLength(1);
        expect(decision.considered.at(-1)?.matched).toBe(true);
      }),
    );
  });

  it('what stands behind the deciding rule changes nothing, and neither does what is inactive', () => {
    fc.assert(
      fc.property(policies, policies, person, (list, more, who) => {
        const { rule: by, access } = evaluateSignOn(list, who);
        const awake = list
          .filter(({ active }) => active)
          .map((item) => ({ ...item, rules: item.rules.filter(({ active }) => active) }));
        expect(evaluateSignOn([...awake, ...more], who)).toMatchObject({ rule: by, access });
      }),
    );
  });
});
