/** From what a client sent to the conditions and actions that are stored; what this hub cannot do is refused by name (contract §7). Pure. */
import { compileToSave } from '../expressions/index.ts';
import { readIdentifier, readPlatform } from './conditions/index.ts';
import {
  type AppCondition,
  MAX_PROVIDERS,
  PRESENTATIONS,
  PROVIDER_TYPES,
  type RuleActions,
  type RuleBody,
  type RuleConditions,
  type StoredApp,
} from './schema.ts';

/** What exists, for what a rule may name. */
export interface Known {
  /** By id: the type of each identity provider. */
  providerTypes: ReadonlyMap<string, string>;
  applicationIds: ReadonlySet<string>;
  /** Of people of the default type. */
  attributes: { has(name: string): boolean };
}

export type ReadRule = { conditions: RuleConditions; actions: RuleActions } | { problems: string[] };

const ALL_ZONES = 'ALL_ZONES';

/** Problems are `field: sentence`. */
export function readRule(body: RuleBody, known: Known): ReadRule {
  const problems: string[] = [];
  const { include, exclude } = body.conditions?.app ?? {};
  const network = readNetwork(body, problems);
  const platform = readPlatform(body, problems);
  const userIdentifier = readIdentifier(body, known.attributes, problems);
  const conditions = {
    ...(network === null ? {} : { network }),
    ...(platform === null ? {} : { platform }),
    ...(userIdentifier === null ? {} : { userIdentifier }),
    app: { include: readApps(include ?? [], known, problems), exclude: readApps(exclude ?? [], known, problems) },
  };
  const { idp } = body.actions;
  const presentation = PRESENTATIONS.find((item) => item === idp.presentation) ?? null;
  if ((idp.presentation ?? null) !== presentation)
    problems.push(`presentation: expected ${PRESENTATIONS.join(' or ')}`);
  const actions = { ...readChoice(body, known, problems), presentation, enforce: idp.enforce ?? false };
  return problems.length > 0 ? { problems } : { conditions, actions };
}

/** Null: anywhere. Whether the zones are there is asked of them when the rule is stored. */
export function readNetwork(
  { conditions }: Pick<RuleBody, 'conditions'>,
  problems: string[],
): RuleConditions['network'] | null {
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

/** Which providers: named, or found by an expression over the login. */
function readChoice(
  body: RuleBody,
  known: Known,
  problems: string[],
): Pick<RuleActions, 'providers'> | Pick<RuleActions, 'providers' | 'dynamic'> {
  const { idp } = body.actions;
  const type = idp.idpSelectionType ?? 'SPECIFIC';
  const criteria = idp.matchCriteria ?? [];
  if (type !== 'DYNAMIC') {
    if (type !== 'SPECIFIC') problems.push(`idpSelectionType: "${type}" is not known; use SPECIFIC or DYNAMIC`);
    if (criteria.length > 0) problems.push('matchCriteria: only DYNAMIC takes them');
    return { providers: readProviders(body, known, problems) };
  }
  if ((idp.providers ?? []).length > 0) problems.push('providers: DYNAMIC finds the provider itself; leave them out');
  if (criteria.length !== 1) problems.push('matchCriteria: DYNAMIC takes exactly one');
  const { providerExpression, propertyName } = criteria[0] ?? {};
  if ((propertyName ?? 'name') !== 'name') problems.push('matchCriteria: propertyName can only be "name"');
  const compiled = compileToSave(providerExpression ?? '', 'routing');
  if (!compiled.ok)
    problems.push(
      ...compiled.error.map(({ message, at, hint = '' }) =>
        `matchCriteria: providerExpression: ${message} (line ${at.line}, column ${at.column}) ${hint}`.trimEnd(),
      ),
    );
  return {
    providers: [],
    dynamic: { providerExpression: providerExpression ?? '', fallBack: idp.shouldFallBackToOkta ?? false },
  };
}

function readApps(conditions: readonly AppCondition[], known: Known, problems: string[]): StoredApp[] {
  return conditions.flatMap(({ type, id, name }): StoredApp[] => {
    if (type === 'APP_TYPE' && typeof name === 'string' && name !== '') return [{ type, name }];
    if (type === 'APP' && typeof id === 'string' && known.applicationIds.has(id)) return [{ type, id }];
    if (type === 'APP') problems.push(`conditions.app: there is no application ${String(id).slice(0, 50)}`);
    else if (type === 'APP_TYPE') problems.push('conditions.app: APP_TYPE needs a name, for example "oidc_client"');
    else
      problems.push(
        `conditions.app: "${type}" is not known; use {"type":"APP","id":"…"} or {"type":"APP_TYPE","name":"…"}`,
      );
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
