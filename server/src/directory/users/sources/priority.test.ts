import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Master } from '../../profile-schemas/index.ts';
import { HUB, resolveSources, type Say } from './priority.ts';

const IDS = [HUB, '0oaNorth', '0oaSouth', '0oaEast', '0oaGone'];
const PROFILE_SOURCES = new Set(['0oaNorth', '0oaSouth', '0oaEast']);

const say = fc.record({
  sourceId: fc.constantFrom(...IDS),
  value: fc.constantFrom<string | null>('Oslo', 'Rome', '', null),
  at: fc.integer({ min: 0, max: 5 }).map((minute) => new Date(minute * 60_000)),
});
/** Each source speaks once. */
const says = fc.uniqueArray(say, { selector: ({ sourceId }) => sourceId, maxLength: IDS.length });
const entry = fc
  .constantFrom(...IDS)
  .map((id) => (id === HUB ? { type: 'OKTA' as const } : { type: 'APP' as const, value: id }));
const master: fc.Arbitrary<Master> = fc.oneof(
  fc.constant<Master>({ type: 'PROFILE_MASTER' }),
  fc.constant<Master>({ type: 'OKTA' }),
  fc
    .uniqueArray(entry, { selector: (row) => JSON.stringify(row) })
    .map((priority) => ({ type: 'OVERRIDE' as const, priority })),
);

const resolve = (rule: Master, list: readonly Say[]) => resolveSources(rule, list, PROFILE_SOURCES);

describe('whose value an attribute takes', () => {
  test('is one of the sources or nobody, and every other source is told why not', () => {
    fc.assert(
      fc.property(master, says, (rule, list) => {
        const { winner, lost } = resolve(rule, list);
        const named = [...(winner === null ? [] : [winner]), ...lost].map(({ sourceId }) => sourceId);
        expect(named.sort()).toEqual(list.map(({ sourceId }) => sourceId).sort());
        if (winner !== null) expect(list).toContain(winner);
      }),
    );
  });

  test('does not change when a loser falls silent', () => {
    fc.assert(
      fc.property(master, says, (rule, list) => {
        const { winner, lost } = resolve(rule, list);
        for (const loser of lost)
          expect(
            resolve(
              rule,
              list.filter(({ sourceId }) => sourceId !== loser.sourceId),
            ).winner,
          ).toBe(winner);
      }),
    );
  });

  test('does not depend on the order in which the sources are read', () => {
    fc.assert(
      fc.property(
        master,
        says.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        (rule, [list, shuffled]) => {
          expect(resolve(rule, shuffled).winner).toBe(resolve(rule, list).winner);
        },
      ),
    );
  });

  test('is never that of a source without a right to it', () => {
    fc.assert(
      fc.property(master, says, (rule, list) => {
        const id = resolve(rule, list).winner?.sourceId ?? HUB;
        if (rule.type === 'OKTA') expect(id).toBe(HUB);
        expect(id === HUB || PROFILE_SOURCES.has(id)).toBe(true);
        if (rule.type === 'OVERRIDE' && id !== HUB) expect(rule.priority!.map(({ value }) => value)).toContain(id);
      }),
    );
  });

  test('follows the order of priority past sources that have no value', () => {
    const at = new Date(0);
    const priority: Master['priority'] = [
      { type: 'APP', value: '0oaSouth' },
      { type: 'OKTA' },
      { type: 'APP', value: '0oaNorth' },
    ];
    const list = [
      { sourceId: '0oaNorth', value: 'Oslo', at },
      { sourceId: '0oaSouth', value: '', at },
      { sourceId: HUB, value: 'Paris', at },
    ];
    expect(resolve({ type: 'OVERRIDE', priority }, list)).toMatchObject({
      winner: { value: 'Paris' },
      lost: [
        { sourceId: '0oaSouth', reason: 'no_value' },
        { sourceId: '0oaNorth', reason: 'lower_priority' },
      ],
    });
  });
});
