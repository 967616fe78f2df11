/**
 * Which way a sign-in goes: the first active rule, by priority, whose conditions hold and whose provider can be used (contract §12).
 * Pure; it says of every rule why it was chosen or not, for the sign-in's trace.
 */
export type Presentation = 'PAGE' | 'REDIRECT';

export interface RouteProvider {
  type: 'OIDC' | 'SAML2' | 'OKTA';
  /** Absent for OKTA, the hub's own sign-in. */
  id?: string;
}

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
  /** Null: anywhere. Empty `include`: everywhere but in `exclude`; `namesZones` tells a rule whose zones are all gone from it. */
  network: { include: readonly RuleZone[]; exclude: readonly RuleZone[]; namesZones: boolean } | null;
  /** Empty `include`: every application and the portal. */
  apps: { include: readonly string[]; exclude: readonly string[] };
  providers: readonly CompiledProvider[];
  /** Null: the default of rulings 7. */
  presentation: Presentation | null;
  /** Whether the rule also binds a person who came past it (security.md L11). */
  enforce: boolean;
}

export interface CompiledProvider extends RouteProvider {
  name: string;
  /** Why it cannot be used now; null when it can. */
  unusable: string | null;
}

export interface RouteContext {
  /** Null: the portal. */
  appId: string | null;
  ip: string;
  userAgent: string;
}

export interface ConsideredRule {
  ruleId: string;
  name: string;
  matched: boolean;
  why: string;
}

export interface RouteDecision {
  rule: { id: string; name: string; system: boolean };
  providers: RouteProvider[];
  presentation: Presentation;
  enforce: boolean;
  /** Every rule, by priority; the chosen one is `matched`. */
  considered: ConsideredRule[];
}

/** `rules` by ascending priority. Without any rule that fits, the hub's own sign-in. */
export function evaluate(rules: readonly CompiledRule[], context: RouteContext): RouteDecision {
  const considered: ConsideredRule[] = [];
  let winner: CompiledRule | null = null;
  for (const rule of rules) {
    const against = winner === null ? objection(rule, context) : `not reached: "${winner.name}" stands before it`;
    considered.push({
      ruleId: rule.id,
      name: rule.name,
      matched: against === null,
      why: against ?? reasonFor(rule, context),
    });
    if (against === null) winner = rule;
  }
  if (winner === null)
    return { rule: LOCAL, providers: [{ type: 'OKTA' }], presentation: 'PAGE', enforce: false, considered };
  const providers = usable(winner).map(({ type, id }) => (id === undefined ? { type } : { type, id }));
  const { id, name, system } = winner;
  return {
    rule: { id, name, system },
    providers,
    presentation: presentationOf(winner, providers, context),
    enforce: winner.enforce,
    considered,
  };
}

const LOCAL = { id: 'local', name: 'Local sign-in', system: true };

const usable = (rule: CompiledRule) => rule.providers.filter((provider) => provider.unusable === null);

/** Why a rule does not apply; null when it does. */
function objection(rule: CompiledRule, { appId, ip }: RouteContext): string | null {
  if (!rule.active) return 'inactive: the rule is saved, but not activated';
  const elsewhere = networkObjection(rule, ip);
  if (elsewhere !== null) return elsewhere;
  const { include, exclude } = rule.apps;
  if (appId === null && include.length > 0)
    return 'the sign-in is for the portal; the rule is for certain applications';
  if (appId !== null && include.length > 0 && !include.includes(appId))
    return 'the application is not among those that the rule is for';
  if (appId !== null && exclude.includes(appId)) return 'the application is excepted from the rule';
  if (usable(rule).length === 0) return `no provider of the rule can be used: ${unusableOf(rule)}`;
  return null;
}

function networkObjection({ network }: CompiledRule, ip: string): string | null {
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
  const skipped = unusableOf(rule);
  const left = skipped === '' ? '' : `; left out: ${skipped}`;
  return rule.system ? 'no rule before it applies' : `every condition holds${zoneOf(rule, ip)}${left}`;
}

const unusableOf = (rule: CompiledRule) =>
  rule.providers.flatMap(({ name, unusable }) => (unusable === null ? [] : [`${name} (${unusable})`])).join(', ');

/** Whether a rule that sent somebody to a provider is still there, active, and names that provider. */
export function stillOffers(rules: readonly CompiledRule[], ruleId: string, providerId: string): boolean {
  const rule = rules.find(({ id }) => id === ruleId);
  return rule?.active === true && rule.providers.some(({ id }) => id === providerId);
}

/** Leaving without a page needs exactly one place to go to (rulings 7). */
function presentationOf(
  rule: CompiledRule,
  providers: readonly RouteProvider[],
  { appId }: RouteContext,
): Presentation {
  if (providers.length !== 1 || providers[0]!.type === 'OKTA') return 'PAGE';
  return rule.presentation ?? (appId === null ? 'PAGE' : 'REDIRECT');
}
