/** The form of a routing rule to and from the wire. Conditions that the form does not show are kept as they are. */
import type { RoutingRule, RoutingRuleInput, RuleConditions } from '../contract.ts';
import type { FieldWords } from '../interface/form/changes.ts';
import { check, missing } from '../interface/form/checks.ts';
import { labels } from '../labels.ts';
import { texts } from './texts.ts';

export type RuleValues = {
  name: string;
  /** KEPT: zones on both sides, which only the API can set; they stay. */
  network: 'ANYWHERE' | 'IN' | 'NOT_IN' | 'KEPT';
  zones: string[];
  scope: 'ANY' | 'SOME';
  applications: string[];
  provider: string;
  presentation: 'DEFAULT' | 'PAGE' | 'REDIRECT';
  enforce: boolean;
};

export const EMPTY: RuleValues = {
  name: '',
  network: 'ANYWHERE',
  zones: [],
  scope: 'ANY',
  applications: [],
  provider: '',
  presentation: 'DEFAULT',
  enforce: false,
};

/** The value of the choice that stands for signing in here, without another provider. */
export const LOCAL = 'OKTA';
/** Stands for every zone in a rule's condition. */
export const ALL_ZONES = 'ALL_ZONES';

export const WORDS: FieldWords<RuleValues> = {
  labels: {
    name: labels.name,
    network: labels.userIp,
    zones: texts.whichZones,
    scope: labels.userAccessing,
    applications: texts.whichApplications,
    provider: labels.useThisProvider,
    presentation: texts.presentation,
    enforce: texts.enforce,
  },
  choices: {
    network: texts.networks,
    scope: { ANY: texts.anyApplication, SOME: texts.theseApplications },
    presentation: texts.presentations,
  },
};

export function validate(values: RuleValues) {
  return check(
    ['name', missing(values.name, labels.name)],
    ['zones', wantsZones(values) && values.zones.length === 0 ? texts.chooseZones : null],
    ['applications', values.scope === 'SOME' && values.applications.length === 0 ? texts.chooseApplications : null],
    ['provider', values.provider === '' ? texts.chooseProvider : null],
  );
}

/** Whether the form asks which zones. */
export const wantsZones = ({ network }: Pick<RuleValues, 'network'>) => network === 'IN' || network === 'NOT_IN';

export function fromWire(rule: RoutingRule): RuleValues {
  const included = (rule.conditions?.app?.include ?? []).flatMap((row) =>
    row.type === 'APP' && row.id !== undefined ? [row.id] : [],
  );
  const [provider] = rule.actions.idp.providers;
  return {
    name: rule.name,
    ...networkOf(rule),
    scope: included.length === 0 ? 'ANY' : 'SOME',
    applications: included,
    provider: provider?.id ?? (provider === undefined ? '' : LOCAL),
    presentation: rule.actions.idp.presentation ?? 'DEFAULT',
    enforce: rule.actions.idp.enforce ?? false,
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
  const kept: RuleConditions = existing?.conditions ?? {
    network: { connection: 'ANYWHERE' },
    platform: { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] },
  };
  const include = values.scope === 'ANY' ? [] : values.applications.map((id) => ({ type: 'APP', id }));
  return {
    type: 'IDP_DISCOVERY',
    name: values.name.trim(),
    priority: existing?.priority ?? 1,
    conditions: {
      ...kept,
      network: networkToWire(values, kept.network),
      app: { include, exclude: kept.app?.exclude ?? [] },
    },
    actions: {
      idp: {
        providers: [values.provider === LOCAL ? { type: LOCAL } : { type: providerType, id: values.provider }],
        idpSelectionType: 'SPECIFIC',
        enforce: values.enforce,
        ...(values.presentation === 'DEFAULT' ? {} : { presentation: values.presentation }),
      },
    },
  };
}
