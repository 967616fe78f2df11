/** From what a client sent to what is stored of a sign-on policy and its rules; what this hub cannot do is refused by name (contract §7). Pure. */
import { readNetwork } from '../read-rule.ts';
import type { AnyRuleBody } from '../schema.ts';
import {
  DEFAULT_SESSION,
  type PolicyConditions,
  type SentPeople,
  type SentPolicyConditions,
  type SentSignOn,
  type SignOnActions,
  type SignOnConditions,
} from './schema.ts';

/** Problems are `field: sentence`. */
export type Read<T> = T | { problems: string[] };

export function readPolicyConditions(sent: SentPolicyConditions | null | undefined): Read<PolicyConditions> {
  const problems = unknownConditions(sent, ['people']);
  const { people } = sent ?? {};
  problems.push(...refusedPeople(people, ['groups.exclude', 'users.include', 'users.exclude'], 'a policy'));
  const groups = [...new Set(people?.groups?.include ?? [])];
  return problems.length > 0 ? { problems } : { groups };
}

export function readSignOnConditions(body: AnyRuleBody): Read<SignOnConditions> {
  const { conditions } = body;
  const problems = unknownConditions(conditions, ['network', 'people', 'authContext']);
  problems.push(...refusedPeople(conditions?.people, ['groups.include', 'groups.exclude', 'users.include'], 'a rule'));
  const authType = conditions?.authContext?.authType ?? 'ANY';
  if (authType !== 'ANY') problems.push(`conditions.authContext: "${authType}" is not supported; use ANY`);
  const network = readNetwork(body, problems);
  const except = [...new Set(conditions?.people?.users?.exclude ?? [])];
  return problems.length > 0 ? { problems } : { ...(network === null ? {} : { network }), except };
}

export function readSignOnActions({ actions }: AnyRuleBody): Read<SignOnActions> {
  const { signon } = actions;
  if (signon === undefined) return { problems: ['actions: expected "signon" in a rule of a sign-on policy'] };
  const problems: string[] = [];
  if (signon.requireFactor === true)
    problems.push('actions.signon.requireFactor: there is no second factor here; only false is possible');
  const { session } = signon;
  if (session?.usePersistentCookie === true)
    problems.push(
      'actions.signon.session.usePersistentCookie: the cookie of a session ends with the browser here; only false is possible',
    );
  if (problems.length > 0) return { problems };
  return {
    access: signon.access,
    session: {
      maxSessionIdleMinutes: session?.maxSessionIdleMinutes ?? DEFAULT_SESSION.maxSessionIdleMinutes,
      maxSessionLifetimeMinutes: session?.maxSessionLifetimeMinutes ?? DEFAULT_SESSION.maxSessionLifetimeMinutes,
    },
    factors: factorsOf(signon),
  };
}

function factorsOf(sent: SentSignOn): SignOnActions['factors'] {
  const { factorPromptMode, factorLifetime, rememberDeviceByDefault, primaryFactor } = sent;
  const kept = { factorPromptMode, factorLifetime, rememberDeviceByDefault, primaryFactor };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined && value !== null));
}

/** A condition that is not understood would make a rule hold for more people than its author meant. */
function unknownConditions(sent: object | null | undefined, known: readonly string[]): string[] {
  return Object.entries(sent ?? {})
    .filter(([name, value]) => !known.includes(name) && value !== null && !HARMLESS[name]?.(value))
    .map(([name]) => `conditions: "${name.slice(0, 50)}" is not supported; use ${known.join(', ')}`);
}

type Condition = Readonly<Record<string, unknown>>;

/** What clients send of conditions that are not set. */
const HARMLESS: Readonly<Record<string, (value: Condition) => boolean>> = {
  identityProvider: ({ provider }) => provider === 'ANY',
  riskScore: ({ level }) => level === 'ANY',
  risk: ({ behaviors }) => Array.isArray(behaviors) && behaviors.length === 0,
};

function refusedPeople(people: SentPeople | null | undefined, places: readonly string[], whose: string): string[] {
  return places.flatMap((place) => {
    const [kind, side] = place.split('.') as ['groups' | 'users', 'include' | 'exclude'];
    const named = people?.[kind]?.[side] ?? [];
    return named.length === 0 ? [] : [`conditions.people.${place}: is not supported in ${whose} of this kind`];
  });
}
