/** The form of a routing rule to and from the wire. Conditions that the form does not show are kept as they are. */
import type { RoutingRule, RoutingRuleInput, RuleConditions } from '../contract.ts';
import type { FieldWords } from '../interface/form/changes.ts';
import { check, missing } from '../interface/form/checks.ts';
import { labels } from '../labels.ts';
import { texts } from './texts.ts';

export type RuleValues = {
  name: string;
  scope: 'ANY' | 'SOME';
  applications: string[];
  provider: string;
  presentation: 'DEFAULT' | 'PAGE' | 'REDIRECT';
  enforce: boolean;
};

export const EMPTY: RuleValues = {
  name: '',
  scope: 'ANY',
  applications: [],
  provider: '',
  presentation: 'DEFAULT',
  enforce: false,
};

/** The value of the choice that stands for signing in here, without another provider. */
export const LOCAL = 'OKTA';

export const WORDS: FieldWords<RuleValues> = {
  labels: {
    name: labels.name,
    scope: labels.userAccessing,
    applications: texts.whichApplications,
    provider: labels.useThisProvider,
    presentation: texts.presentation,
    enforce: texts.enforce,
  },
  choices: { scope: { ANY: texts.anyApplication, SOME: texts.theseApplications }, presentation: texts.presentations },
};

export function validate(values: RuleValues) {
  return check(
    ['name', missing(values.name, labels.name)],
    ['applications', values.scope === 'SOME' && values.applications.length === 0 ? texts.chooseApplications : null],
    ['provider', values.provider === '' ? texts.chooseProvider : null],
  );
}

export function fromWire(rule: RoutingRule): RuleValues {
  const included = (rule.conditions?.app?.include ?? []).flatMap((row) =>
    row.type === 'APP' && row.id !== undefined ? [row.id] : [],
  );
  const [provider] = rule.actions.idp.providers;
  return {
    name: rule.name,
    scope: included.length === 0 ? 'ANY' : 'SOME',
    applications: included,
    provider: provider?.id ?? (provider === undefined ? '' : LOCAL),
    presentation: rule.actions.idp.presentation ?? 'DEFAULT',
    enforce: rule.actions.idp.enforce ?? false,
  };
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
    conditions: { ...kept, app: { include, exclude: kept.app?.exclude ?? [] } },
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
