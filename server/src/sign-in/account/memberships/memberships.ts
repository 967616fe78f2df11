/** What a sign-in changes of a person's memberships: first the provider's group action, then the group rules. Pure. */
import type { Standing } from '../../../directory/groups/index.ts';
import type { SignInPorts } from '../../ports.ts';
import type { Settled } from '../account.ts';
import type { Part } from '../commit.ts';
import type { Profile } from '../prepare.ts';
import type { StoredUser } from '../read.ts';
import { type GroupChange, groupChange } from './groups.ts';

/** A group that was joined or left, and the rules by which. */
export interface Movement {
  id: string;
  name: string;
  rules: { id: string; name: string }[];
}

export interface Memberships extends GroupChange {
  parts: Part[];
  /** Ids of the groups that the person has afterwards, Everyone left out. */
  groupIds: string[];
  joined: Movement[];
  left: Movement[];
}

export interface MembershipInput {
  ports: Pick<SignInPorts, 'groupRules'>;
  settled: Settled;
  person: { id: string; profile: Profile };
  stored: StoredUser | null;
  /** What the provider said. */
  claims: Profile;
  now: Date;
}

export function membershipsOf({ ports, settled, person, stored, claims, now }: MembershipInput): Memberships {
  const action = settled.idp.policy.provisioning.groups;
  const before = stored?.memberships ?? [];
  const asserted = assertedGroups(claims, action.sourceAttributeName);
  const { add, remove } = groupChange({ action, asserted, known: settled.facts.groups, memberOf: before });
  const joined = settled.facts.groups.filter((group) => add.includes(group.id));
  const standing = [
    ...before.filter((group) => !remove.includes(group.id)),
    ...joined.map((group) => ({ ...group, source: 'IDP' as const, ruleIds: [] })),
  ];
  const ruled = byRules(ports, settled, person, standing);
  const change = {
    add: [...add, ...ruled.joined.map((group) => group.id)],
    remove: [...remove, ...ruled.left.map((group) => group.id)],
  };
  return {
    ...change,
    groupIds: [...before.map(({ id }) => id).filter((id) => !change.remove.includes(id)), ...change.add],
    joined: [...joined.map(({ id, name }) => ({ id, name, rules: [] })), ...ruled.joined],
    left: [
      ...before.filter((group) => remove.includes(group.id)).map(({ id, name }) => ({ id, name, rules: [] })),
      ...ruled.left,
    ],
    parts: partsOf({ userId: person.id, at: now }, { add, remove }, ruled),
  };
}

type Held = Pick<Standing, 'source' | 'ruleIds'> & { id: string; name: string; type: string };
type Gift = { ruleId: string; groupId: string };

interface Ruled {
  give: Gift[];
  withdraw: Gift[];
  joined: Movement[];
  left: Movement[];
}

function byRules(
  ports: MembershipInput['ports'],
  { compiled: { groupRules: compiled } }: Settled,
  person: MembershipInput['person'],
  standing: readonly Held[],
): Ruled {
  if (compiled.rules.length === 0) return { give: [], withdraw: [], joined: [], left: [] };
  const { give, withdraw } = ports.groupRules.outcome(
    compiled,
    person,
    standing.map((group) => ({ ...group, groupId: group.id, userId: person.id, type: group.type as Standing['type'] })),
  );
  const names = new Map(compiled.rules.flatMap((rule) => rule.groups.map((group) => [group.id, group.name])));
  const rulesOf = (gifts: readonly Gift[], groupId: string) =>
    compiled.rules.filter((rule) => gifts.some((gift) => gift.ruleId === rule.id && gift.groupId === groupId));
  const movement = (gifts: readonly Gift[], id: string, name: string): Movement => ({
    id,
    name,
    rules: rulesOf(gifts, id).map((rule) => ({ id: rule.id, name: rule.name })),
  });
  const ends = (group: Held) =>
    group.source === 'RULE' &&
    group.ruleIds.every((id) => withdraw.some((gift) => gift.ruleId === id && gift.groupId === group.id)) &&
    !give.some((gift) => gift.groupId === group.id);
  const fresh = [...new Set(give.map((gift) => gift.groupId))].filter(
    (id) => !standing.some((group) => group.id === id),
  );
  return {
    give,
    withdraw,
    joined: fresh.map((id) => movement(give, id, names.get(id) ?? id)),
    left: standing.filter(ends).map((group) => movement(withdraw, group.id, group.name)),
  };
}

function partsOf({ userId, at }: { userId: string; at: Date }, { add, remove }: GroupChange, ruled: Ruled): Part[] {
  const parts: Part[] = [];
  if (add.length > 0 || ruled.give.length > 0)
    parts.push({ part: 'join-groups', userId, groupIds: add, gifts: ruled.give, at });
  if (remove.length > 0 || ruled.withdraw.length > 0)
    parts.push({ part: 'leave-groups', userId, groupIds: remove, gifts: ruled.withdraw, at });
  return parts;
}

function assertedGroups(claims: Profile, attribute: string | null): string[] {
  if (attribute === null) return [];
  const name = Object.keys(claims).find((claim) => claim.toLowerCase() === attribute.toLowerCase());
  const value = name === undefined ? [] : claims[name];
  return (Array.isArray(value) ? value : [value]).filter((group) => typeof group === 'string');
}
