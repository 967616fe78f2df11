/**
 * Which way a sign-in goes: the first active rule, by priority, whose conditions hold and whose provider can be used (contract §12).
 * Pure; it says of every rule why it was chosen or not, for the sign-in's trace. Where the next rule asks for what is not known yet,
 * it says so and decides nothing: the caller asks the person, or looks the person up, and comes again.
 */
import type { Json } from '../shared/json.ts';
import type { CompiledIdentifier, CompiledPlatform } from './conditions/index.ts';

export type Presentation = 'PAGE' | 'REDIRECT';

export interface RouteProvider {
  type: 'OIDC' | 'SAML2' | 'OKTA';
  /** Absent for OKTA, the hub's own sign-in. */
  id?: string;
}

/** Null: anywhere. Empty `include`: everywhere but in `exclude`; `namesZones` tells a rule whose zones are all gone from it. */
export type CompiledNetwork = {
  include: readonly RuleZone[];
  exclude: readonly RuleZone[];
  namesZones: boolean;
} | null;

/** A network zone, as far as a rule asks it. */
export interface RuleZone {
  name: string;
  contains(ip: string): boolean;
}

export interface CompiledRule {
  id: string;
  name: string;
  active: boolean;
  system: boolean;
  network: CompiledNetwork;
  /** Null: every device. */
  platform: CompiledPlatform | null;
  /** Null: everybody. */
  identifier: CompiledIdentifier | null;
  /** Empty `include`: every application and the portal. An entry is an application's id, or `type` and its kind. */
  apps: { include: readonly string[]; exclude: readonly string[] };
  /** Null: `providers` are named. */
  dynamic: DynamicChoice | null;
  providers: readonly CompiledProvider[];
  /** Null: the default of rulings 7. */
  presentation: Presentation | null;
  /** Whether the rule also binds a person who came past it (security.md L11). */
  enforce: boolean;
}

export interface DynamicChoice {
  /** The provider that a login leads to, or why it leads to none. */
  choose(login: string): { provider: CompiledProvider } | { why: string };
  mayChoose(providerId: string): boolean;
  /** Whether a login that leads to none ends at the hub's own sign-in, instead of at the next rule. */
  fallBack: boolean;
}

export interface CompiledProvider extends RouteProvider {
  name: string;
  /** Why it cannot be used now; null when it can. */
  unusable: string | null;
}

export interface RouteContext {
  /** Null: the portal. */
  appId: string | null;
  /** The kind of application, for example `oidc_client`. */
  appType: string | null;
  ip: string;
  userAgent: string;
  /** The login that was typed or suggested; null: not known yet. */
  login: string | null;
  /** The profile of who has that login; null: nobody; undefined: nobody has looked. */
  person?: Readonly<Record<string, Json>> | null;
}

export interface ConsideredRule {
  ruleId: string;
  name: string;
  matched: boolean;
  why: string;
}

export interface RouteDecision {
  /** What has to be known before a rule can be chosen; null: one is. Meanwhile there are no providers. */
  needs: 'login' | 'person' | null;
  rule: { id: string; name: string; system: boolean };
  providers: RouteProvider[];
  presentation: Presentation;
  enforce: boolean;
  /** Every rule, by priority; the chosen one is `matched`. */
  considered: ConsideredRule[];
}

type Verdict =
  | { kind: 'no'; why: string }
  | { kind: 'yes'; why: string; providers: readonly CompiledProvider[] }
  | { kind: 'needs'; what: 'login' | 'person' };

const NEEDS = {
  login: 'a user name has to be known first',
  person: 'the person has to be looked up first',
} as const;

/** `rules` by ascending priority. Without any rule that fits, the hub's own sign-in. */
export function evaluate(rules: readonly CompiledRule[], context: RouteContext): RouteDecision {
  const considered: ConsideredRule[] = [];
  let end: { rule: CompiledRule; verdict: Exclude<Verdict, { kind: 'no' }> } | null = null;
  for (const rule of rules) {
    const place = { ruleId: rule.id, name: rule.name };
    if (end !== null) {
      considered.push({ ...place, matched: false, why: `not reached: "${end.rule.name}" stands before it` });
      continue;
    }
    const verdict = judge(rule, context);
    const why = verdict.kind === 'needs' ? NEEDS[verdict.what] : verdict.why;
    considered.push({ ...place, matched: verdict.kind === 'yes', why });
    if (verdict.kind !== 'no') end = { rule, verdict };
  }
  if (end === null || end.verdict.kind === 'needs') {
    const needs = end?.verdict.kind === 'needs' ? end.verdict.what : null;
    const providers: RouteProvider[] = needs === null ? [{ type: 'OKTA' }] : [];
    return { needs, rule: LOCAL, providers, presentation: 'PAGE', enforce: false, considered };
  }
  const providers = end.verdict.providers.map(({ type, id }) => (id === undefined ? { type } : { type, id }));
  const { id, name, system, enforce } = end.rule;
  const presentation = presentationOf(end.rule, providers, context);
  return { needs: null, rule: { id, name, system }, providers, presentation, enforce, considered };
}

const LOCAL = { id: 'local', name: 'Local sign-in', system: true };

const usable = (rule: CompiledRule) => rule.providers.filter((provider) => provider.unusable === null);

/** What costs nothing is asked first, and nobody is asked for a user name on behalf of a rule that does not apply anyway. */
function judge(rule: CompiledRule, context: RouteContext): Verdict {
  const against = objection(rule, context);
  if (against !== null) return { kind: 'no', why: against };
  if (rule.dynamic === null && usable(rule).length === 0)
    return { kind: 'no', why: `no provider of the rule can be used: ${unusableOf(rule)}` };
  const { login } = context;
  if (dependsOnLogin(rule) && login === null) return { kind: 'needs', what: 'login' };
  if (rule.identifier !== null && login !== null) {
    const { attribute, words } = rule.identifier;
    if (attribute !== null && context.person === undefined) return { kind: 'needs', what: 'person' };
    const value = attribute === null ? login : ownValue(context.person, attribute);
    if (!rule.identifier.fits(value)) return { kind: 'no', why: `the person does not fit: ${words}` };
  }
  if (rule.dynamic !== null && login !== null) return dynamicVerdict(rule.dynamic, login);
  return { kind: 'yes', why: reasonFor(rule, context), providers: usable(rule) };
}

export const dependsOnLogin = (rule: Pick<CompiledRule, 'identifier' | 'dynamic'>) =>
  rule.identifier !== null || rule.dynamic !== null;

const ownValue = (person: RouteContext['person'], attribute: string) =>
  person != null && Object.hasOwn(person, attribute) ? person[attribute] : null;

function dynamicVerdict({ choose, fallBack }: DynamicChoice, login: string): Verdict {
  const chosen = choose(login);
  if ('provider' in chosen)
    return { kind: 'yes', why: `the user name leads to "${chosen.provider.name}"`, providers: [chosen.provider] };
  if (!fallBack) return { kind: 'no', why: chosen.why };
  const local: CompiledProvider = { type: 'OKTA', name: LOCAL.name, unusable: null };
  return { kind: 'yes', why: `${chosen.why}; the rule falls back to the local sign-in`, providers: [local] };
}

/** Why a rule does not apply, whoever it is; null when it may. */
function objection(rule: CompiledRule, { appId, appType, ip, userAgent }: RouteContext): string | null {
  if (!rule.active) return 'inactive: the rule is saved, but not activated';
  const elsewhere = networkObjection(rule, ip) ?? rule.platform?.objection(userAgent) ?? null;
  if (elsewhere !== null) return elsewhere;
  const { include, exclude } = rule.apps;
  const named = (list: readonly string[]) =>
    list.some((entry) => entry === appId || (appType !== null && entry === appTypeEntry(appType)));
  if (appId === null && include.length > 0)
    return 'the sign-in is for the portal; the rule is for certain applications';
  if (appId !== null && include.length > 0 && !named(include))
    return 'the application is not among those that the rule is for';
  return appId !== null && named(exclude) ? 'the application is excepted from the rule' : null;
}

/** How a kind of application stands in `apps`. */
export const appTypeEntry = (name: string) => `type ${name}`;

/** Why a rule does not hold at an address; null where it does. */
export function networkObjection({ network }: { network: CompiledNetwork }, ip: string): string | null {
  if (network === null) return null;
  const names = network.include.map(({ name }) => `"${name}"`).join(', ');
  if (network.namesZones && !network.include.some((zone) => zone.contains(ip)))
    return `the address ${ip} is in none of the rule's zones: ${names === '' ? 'none of them is active' : names}`;
  const excluding = network.exclude.find((zone) => zone.contains(ip));
  return excluding === undefined
    ? null
    : `the address ${ip} is in the zone "${excluding.name}", which the rule leaves out`;
}

/** Which zone let the rule apply; empty where it asks for none. */
function zoneOf({ network }: CompiledRule, ip: string): string {
  const zone = network?.include.find(({ contains }) => contains(ip));
  if (zone !== undefined) return `; the address ${ip} is in the zone "${zone.name}"`;
  return network === null ? '' : `; the address ${ip} is in none of the zones that the rule leaves out`;
}

function reasonFor(rule: CompiledRule, { ip }: RouteContext): string {
  if (rule.system) return 'no rule before it applies';
  const skipped = unusableOf(rule);
  const left = skipped === '' ? '' : `; left out: ${skipped}`;
  const person = rule.identifier === null ? '' : `; ${rule.identifier.words}`;
  return `every condition holds${zoneOf(rule, ip)}${person}${left}`;
}

const unusableOf = (rule: CompiledRule) =>
  rule.providers.flatMap(({ name, unusable }) => (unusable === null ? [] : [`${name} (${unusable})`])).join(', ');

/** Whether a rule that sent somebody to a provider is still there, active, and names that provider. */
export function stillOffers(rules: readonly CompiledRule[], ruleId: string, providerId: string): boolean {
  const rule = rules.find(({ id }) => id === ruleId);
  if (rule?.active !== true) return false;
  return rule.dynamic?.mayChoose(providerId) ?? rule.providers.some(({ id }) => id === providerId);
}

/** Leaving without a page needs exactly one place to go to (rulings 7); who has just typed a user name is not asked to press a button too. */
function presentationOf(
  rule: CompiledRule,
  providers: readonly RouteProvider[],
  { appId }: RouteContext,
): Presentation {
  if (providers.length !== 1 || providers[0]!.type === 'OKTA') return 'PAGE';
  return rule.presentation ?? (appId === null && !dependsOnLogin(rule) ? 'PAGE' : 'REDIRECT');
}
