/**
 * Whose value an attribute takes: one rule for sign-ins, calls of the management API, imports and mappings that are applied again
 * (contract §5, §13; docs/decisions: source priority). Pure.
 */
import type { Json } from '../../../shared/json.ts';
import type { Master } from '../../profile-schemas/index.ts';

/** The hub's own administrators as a source; every other source is an identity provider or application (`0oa…`). */
export const HUB = 'hub';

/** What a source last said of an attribute. Null and '' say that there is no value. */
export interface Say {
  sourceId: string;
  value: Json;
  at: Date;
}

export const LOSS_REASONS = {
  older: 'another profile source has said a value since',
  hub_after_profile_source: 'a profile source goes before the hub here',
  not_a_profile_source: 'this source is no profile source: its value counted when the user was created',
  inherits_from_hub: 'the attribute takes its value from the hub alone',
  lower_priority: 'another source stands higher in the order of priority',
  not_in_priority: 'this source does not stand in the order of priority',
  no_value: 'this source says that there is no value',
  kept: 'the value could not be stored, or was said before the attribute changed: the one before it stayed',
} as const;
export type LossReason = keyof typeof LOSS_REASONS;

export interface Resolution {
  /** Null where no source with a right to it has said anything: the profile then keeps what it has. */
  winner: Say | null;
  lost: (Say & { reason: LossReason })[];
}

type ProfileSources = { has(sourceId: string): boolean };
type Ranking = { order: Say[]; refused: { say: Say; reason: LossReason }[]; behind(say: Say): LossReason };

/**
 * `PROFILE_MASTER`: the profile source that said it last, else the hub. `OKTA`: the hub alone. `OVERRIDE`: the first source of the
 * order that supplies a value, the hub last where it is not named. The order of `says` does not matter.
 * @param profileSources the ids of active providers that are profile sources
 */
export function resolveSources(master: Master, says: readonly Say[], profileSources: ProfileSources): Resolution {
  const { order, refused, behind } = RANKINGS[master.type](master, says, profileSources);
  const skipsEmpty = master.type === 'OVERRIDE';
  const winner = (skipsEmpty ? order.find(({ value }) => supplies(value)) : undefined) ?? order[0] ?? null;
  const beaten = order
    .filter((say) => say !== winner)
    .map((say) => ({ ...say, reason: skipsEmpty && !supplies(say.value) ? ('no_value' as const) : behind(say) }));
  return { winner, lost: [...beaten, ...refused.map(({ say, reason }) => ({ ...say, reason }))] };
}

export const supplies = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

const RANKINGS: Record<
  Master['type'],
  (master: Master, says: readonly Say[], profileSources: ProfileSources) => Ranking
> = {
  PROFILE_MASTER(_master, says, profileSources) {
    const masters = says.filter(({ sourceId }) => sourceId !== HUB && profileSources.has(sourceId)).sort(latestFirst);
    const hub = says.filter(({ sourceId }) => sourceId === HUB);
    const others = says.filter(({ sourceId }) => sourceId !== HUB && !profileSources.has(sourceId));
    return {
      order: [...masters, ...hub],
      refused: others.map((say) => ({ say, reason: 'not_a_profile_source' })),
      behind: ({ sourceId }) => (sourceId === HUB ? 'hub_after_profile_source' : 'older'),
    };
  },
  OKTA(_master, says) {
    const others = says.filter(({ sourceId }) => sourceId !== HUB);
    return {
      order: says.filter(({ sourceId }) => sourceId === HUB),
      refused: others.map((say) => ({ say, reason: 'inherits_from_hub' })),
      behind: () => 'older',
    };
  },
  OVERRIDE(master, says, profileSources) {
    const named = (master.priority ?? []).map((entry) => (entry.type === 'OKTA' ? HUB : (entry.value ?? '')));
    const rank = (sourceId: string) => [...named, HUB].indexOf(sourceId);
    const mayWin = ({ sourceId }: Say) => sourceId === HUB || (rank(sourceId) >= 0 && profileSources.has(sourceId));
    return {
      order: says.filter(mayWin).sort((a, b) => rank(a.sourceId) - rank(b.sourceId)),
      refused: says
        .filter((say) => !mayWin(say))
        .map((say) => ({ say, reason: rank(say.sourceId) < 0 ? 'not_in_priority' : 'not_a_profile_source' })),
      behind: () => 'lower_priority',
    };
  },
};

/** Of two at the same moment, the one with the smaller id: the same answer whatever the order of reading. */
const latestFirst = (a: Say, b: Say) =>
  b.at.getTime() - a.at.getTime() || (a.sourceId < b.sourceId ? -1 : a.sourceId > b.sourceId ? 1 : 0);
