/** The form of a routing rule to and from the wire. Conditions that the form does not show are kept as they are. */
import type { RoutingRule, RoutingRuleInput, RuleConditions } from '../contract.ts';
import type { FieldWords } from '../interface/form/changes.ts';
import { check, missing } from '../interface/form/checks.ts';
import { labels } from '../labels.ts';
import {
  type DeviceValues,
  devicesOf,
  devicesToWire,
  EVERY_DEVICE,
  filled,
  NOBODY_IN_PARTICULAR,
  type PersonValues,
  personOf,
  personToWire,
} from './conditions.ts';
import { texts } from './texts.ts';

export type RuleValues = PersonValues &
  DeviceValues & {
    name: string;
    /** KEPT: zones on both sides, which only the API can set; they stay. */
    network: 'ANYWHERE' | 'IN' | 'NOT_IN' | 'KEPT';
    zones: string[];
    scope: 'ANY' | 'SOME' | 'KEPT';
    applications: string[];
    /** A provider's id, LOCAL, or DYNAMIC. */
    provider: string;
    expression: string;
    fallBack: boolean;
    presentation: 'DEFAULT' | 'PAGE' | 'REDIRECT';
    enforce: boolean;
  };

export const EMPTY: RuleValues = {
  name: '',
  network: 'ANYWHERE',
  zones: [],
  ...EVERY_DEVICE,
  scope: 'ANY',
  applications: [],
  ...NOBODY_IN_PARTICULAR,
  provider: '',
  expression: '',
  fallBack: false,
  presentation: 'DEFAULT',
  enforce: false,
};

/** The value of the choice that stands for signing in here, without another provider. */
export const LOCAL = 'OKTA';
/** The one that stands for finding the provider by an expression. */
export const DYNAMIC = 'DYNAMIC';
/** Stands for every zone in a rule's condition. */
export const ALL_ZONES = 'ALL_ZONES';

export const WORDS: FieldWords<RuleValues> = {
  labels: {
    name: labels.name,
    network: labels.userIp,
    zones: texts.whichZones,
    devices: labels.devicePlatform,
    platforms: texts.whichDevices,
    scope: labels.userAccessing,
    person: labels.userMatches,
    regex: texts.regex,
    domains: texts.domains,
    attribute: texts.attribute,
    attributeMatch: texts.comparison,
    attributeValue: texts.attributeValue,
    expression: texts.expression,
    fallBack: texts.fallBack,
    applications: texts.whichApplications,
    provider: labels.useThisProvider,
    presentation: texts.presentation,
    enforce: texts.enforce,
  },
  choices: {
    network: texts.networks,
    devices: texts.devices,
    person: texts.people,
    attributeMatch: texts.comparisons,
    scope: texts.scopes,
    presentation: texts.presentations,
  },
};

export function validate(values: RuleValues) {
  return check(
    ['name', missing(values.name, labels.name)],
    ['zones', wantsZones(values) && values.zones.length === 0 ? texts.chooseZones : null],
    ['applications', values.scope === 'SOME' && values.applications.length === 0 ? texts.chooseApplications : null],
    ['platforms', values.devices === 'SOME' && values.platforms.length === 0 ? texts.chooseDevices : null],
    ...personProblems(values),
    ['provider', values.provider === '' ? texts.chooseProvider : null],
    ['expression', values.provider === DYNAMIC && values.expression.trim() === '' ? texts.missingExpression : null],
  );
}

type Problem = [field: string, problem: string | null];

function personProblems({ person, regex, domains, attribute, attributeValue }: RuleValues): Problem[] {
  if (person === 'REGEX') return [['regex', regex.trim() === '' ? texts.missingValue : null]];
  if (person === 'DOMAINS') {
    const named = filled(domains);
    const problem =
      named.length === 0 ? texts.missingDomain : named.some((name) => name.includes('@')) ? texts.domainWithAt : null;
    return [['domains', problem]];
  }
  if (person !== 'ATTRIBUTE') return [];
  return [
    ['attribute', attribute === '' ? texts.chooseAttribute : null],
    ['attributeValue', attributeValue === '' ? texts.missingValue : null],
  ];
}

/** Whether the form asks which zones. */
export const wantsZones = ({ network }: Pick<RuleValues, 'network'>) => network === 'IN' || network === 'NOT_IN';

export function fromWire(rule: RoutingRule): RuleValues {
  const { app, platform, userIdentifier } = rule.conditions;
  const kinds = app.include.some(({ type }) => type === 'APP_TYPE');
  const included = app.include.flatMap((row) => (row.type === 'APP' ? [row.id] : []));
  const { providers, idpSelectionType, matchCriteria, shouldFallBackToOkta, presentation, enforce } = rule.actions.idp;
  const [provider] = providers;
  const named = provider?.id ?? (provider === undefined ? '' : LOCAL);
  return {
    name: rule.name,
    ...networkOf(rule),
    ...devicesOf(platform),
    scope: kinds ? 'KEPT' : included.length === 0 ? 'ANY' : 'SOME',
    applications: included,
    ...personOf(userIdentifier),
    provider: idpSelectionType === 'DYNAMIC' ? DYNAMIC : named,
    expression: matchCriteria?.[0]?.providerExpression ?? '',
    fallBack: shouldFallBackToOkta ?? false,
    presentation: presentation ?? 'DEFAULT',
    enforce: enforce ?? false,
  };
}

function networkOf({ conditions }: RoutingRule): Pick<RuleValues, 'network' | 'zones'> {
  const { connection, include = [], exclude = [] } = conditions?.network ?? {};
  if (connection !== 'ZONE') return { network: 'ANYWHERE', zones: [] };
  if (include.length > 0 && exclude.length > 0) return { network: 'KEPT', zones: [] };
  return include.length > 0 ? { network: 'IN', zones: include } : { network: 'NOT_IN', zones: exclude };
}

function networkToWire({ network, zones }: RuleValues, kept: RuleConditions['network']): RuleConditions['network'] {
  if (network === 'KEPT') return kept;
  if (network === 'ANYWHERE') return { connection: 'ANYWHERE' };
  const [include, exclude] = network === 'IN' ? [zones, []] : [[], zones];
  return { connection: 'ZONE', include, exclude };
}

export function toWire(values: RuleValues, providerType: string, existing?: RoutingRule): RoutingRuleInput {
  const kept = existing?.conditions;
  const named = values.scope === 'SOME' ? values.applications.map((id) => ({ type: 'APP', id })) : [];
  const include = values.scope === 'KEPT' ? (kept?.app.include ?? []) : named;
  return {
    type: 'IDP_DISCOVERY',
    name: values.name.trim(),
    priority: existing?.priority ?? 1,
    conditions: {
      network: networkToWire(values, kept?.network),
      platform: devicesToWire(values, kept?.platform),
      userIdentifier: personToWire(values, kept?.userIdentifier),
      app: { include, exclude: kept?.app.exclude ?? [] },
    },
    actions: {
      idp: {
        ...choiceToWire(values, providerType),
        enforce: values.enforce,
        ...(values.presentation === 'DEFAULT' || values.provider === LOCAL
          ? {}
          : { presentation: values.presentation }),
      },
    },
  };
}

function choiceToWire(
  { provider, expression, fallBack }: RuleValues,
  type: string,
): RoutingRuleInput['actions']['idp'] {
  if (provider !== DYNAMIC)
    return { providers: [provider === LOCAL ? { type: LOCAL } : { type, id: provider }], idpSelectionType: 'SPECIFIC' };
  return {
    providers: [],
    idpSelectionType: 'DYNAMIC',
    matchCriteria: [{ providerExpression: expression.trim(), propertyName: 'name' }],
    shouldFallBackToOkta: fallBack,
  };
}
