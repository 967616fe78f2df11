/** From what a client sent to the conditions and actions that are stored; what this hub cannot do is refused by name (contract §7). Pure. */
import {
  type AppCondition,
  MAX_PROVIDERS,
  PRESENTATIONS,
  PROVIDER_TYPES,
  type RuleActions,
  type RuleBody,
  type RuleConditions,
} from './schema.ts';

/** What exists, for what a rule may name. */
export interface Known {
  /** By id: the type of each identity provider. */
  providerTypes: ReadonlyMap<string, string>;
  applicationIds: ReadonlySet<string>;
}

export type ReadRule = { conditions: RuleConditions; actions: RuleActions } | { problems: string[] };

const SUPPORTED = 'supported are network, platform ANY, and app with applications';
const ALL_ZONES = 'ALL_ZONES';

/** Problems are `field: sentence`. */
export function readRule(body: RuleBody, known: Known): ReadRule {
  const problems = [...platformProblems(body), ...identifierProblems(body), ...selectionProblems(body)];
  const { include, exclude } = body.conditions?.app ?? {};
  const network = readNetwork(body, problems);
  const conditions = {
    ...(network === null ? {} : { network }),
    app: { include: readApps(include ?? [], known, problems), exclude: readApps(exclude ?? [], known, problems) },
  };
  const { idp } = body.actions;
  const presentation = PRESENTATIONS.find((item) => item === idp.presentation) ?? null;
  if ((idp.presentation ?? null) !== presentation)
    problems.push(`presentation: expected ${PRESENTATIONS.join(' or ')}`);
  const actions = { providers: readProviders(body, known, problems), presentation, enforce: idp.enforce ?? false };
  return problems.length > 0 ? { problems } : { conditions, actions };
}

/** Null: anywhere. Whether the zones are there is asked of them when the rule is stored. */
function readNetwork({ conditions }: RuleBody, problems: string[]): RuleConditions['network'] | null {
  const { connection, include, exclude } = conditions?.network ?? {};
  const network = { include: [...new Set(include ?? [])], exclude: [...new Set(exclude ?? [])] };
  const zones = [...network.include, ...network.exclude];
  if (connection === 'ZONE') {
    if (zones.length === 0) problems.push('conditions.network: name at least one zone, in include or in exclude');
    if (network.include.some((id) => network.exclude.includes(id)))
      problems.push('conditions.network: a zone is in include and in exclude');
    for (const side of [network.include, network.exclude])
      if (side.includes(ALL_ZONES) && side.length > 1) problems.push('conditions.network: ALL_ZONES stands alone');
    return network;
  }
  if ((connection ?? 'ANYWHERE') !== 'ANYWHERE')
    problems.push(`conditions.network: "${connection}" is not known; use ANYWHERE or ZONE`);
  else if (zones.length > 0) problems.push('conditions.network: zones are named, so connection has to be ZONE');
  return null;
}

function platformProblems({ conditions }: RuleBody): string[] {
  const platform = conditions?.platform;
  const narrow = (platform?.include ?? []).some(
    ({ type, os }) => (type ?? 'ANY') !== 'ANY' || (os?.type ?? 'ANY') !== 'ANY' || Boolean(os?.expression),
  );
  return narrow || (platform?.exclude ?? []).length > 0
    ? [`conditions.platform: only ANY is supported; ${SUPPORTED}`]
    : [];
}

function identifierProblems({ conditions }: RuleBody): string[] {
  const identifier = conditions?.userIdentifier;
  const used = (identifier?.patterns ?? []).length > 0 || Boolean(identifier?.attribute);
  return used ? [`conditions.userIdentifier: not supported; ${SUPPORTED}`] : [];
}

function selectionProblems({ actions: { idp } }: RuleBody): string[] {
  const type = idp.idpSelectionType ?? 'SPECIFIC';
  if (type !== 'SPECIFIC') return [`idpSelectionType: "${type}" is not supported; use SPECIFIC`];
  return (idp.matchCriteria ?? []).length > 0 ? ['matchCriteria: not supported with SPECIFIC'] : [];
}

function readApps(
  conditions: readonly AppCondition[],
  known: Known,
  problems: string[],
): RuleConditions['app']['include'] {
  return conditions.flatMap(({ type, id }) => {
    if (type !== 'APP') problems.push(`conditions.app: "${type}" is not supported; use {"type":"APP","id":"…"}`);
    else if (typeof id !== 'string' || !known.applicationIds.has(id))
      problems.push(`conditions.app: there is no application ${String(id).slice(0, 50)}`);
    else return [{ type: 'APP' as const, id }];
    return [];
  });
}

function readProviders({ actions }: RuleBody, known: Known, problems: string[]): RuleActions['providers'] {
  const sent = actions.idp.providers ?? [];
  if (sent.length === 0) problems.push('providers: at least one provider is required');
  if (sent.length > MAX_PROVIDERS) problems.push(`providers: at most ${MAX_PROVIDERS} are possible`);
  const seen = new Set<string>();
  return sent.flatMap(({ type: typed, id }) => {
    const type = PROVIDER_TYPES.find((item) => item === typed);
    if (type === undefined)
      problems.push(`providers: type "${typed}" is not supported; use ${PROVIDER_TYPES.join(', ')}`);
    else if (type !== 'OKTA' && known.providerTypes.get(id ?? '') !== type)
      problems.push(`providers: there is no ${type} identity provider ${String(id).slice(0, 50)}`);
    else if (seen.has(id ?? type)) problems.push(`providers: ${id ?? type} is there twice`);
    else {
      seen.add(type === 'OKTA' ? type : id!);
      return [type === 'OKTA' ? { type } : { type, id: id! }];
    }
    return [];
  });
}
