/** From a stored rule to one that can be evaluated: patterns, expressions and names of providers are looked up once. Pure. */
import { compile, type Expression } from '../expressions/index.ts';
import { PRODUCT } from '../shared/product.ts';
import { compileIdentifier, compilePlatform } from './conditions/index.ts';
import { appTypeEntry, type CompiledProvider, type CompiledRule, type DynamicChoice } from './evaluate.ts';
import type { StoredApp } from './schema.ts';
import type { RoutingRule } from './store.ts';

export interface KnownProvider {
  id: string;
  type: string;
  name: string;
  status: string;
}
type Providers = ReadonlyMap<string, KnownProvider>;

export function compileRule(rule: RoutingRule, providers: Providers, network: CompiledRule['network']): CompiledRule {
  const { app, platform, userIdentifier } = rule.conditions;
  const { dynamic, presentation, enforce } = rule.actions;
  return {
    id: rule.id,
    name: rule.name,
    active: rule.status === 'ACTIVE',
    system: rule.system,
    network,
    platform: platform === undefined ? null : compilePlatform(platform),
    identifier: userIdentifier === undefined ? null : compileIdentifier(userIdentifier),
    apps: { include: app.include.map(entryOf), exclude: app.exclude.map(entryOf) },
    dynamic: dynamic === undefined ? null : compileDynamic(dynamic, providers),
    providers: rule.actions.providers.map((provider) => compileProvider(provider, providers)),
    presentation,
    enforce,
  };
}

const entryOf = (app: StoredApp) => (app.type === 'APP' ? app.id : appTypeEntry(app.name));

function compileProvider(
  provider: RoutingRule['actions']['providers'][number],
  providers: Providers,
): CompiledProvider {
  if (provider.id === undefined) return { type: provider.type, name: PRODUCT, unusable: null };
  const known = providers.get(provider.id);
  const unusable = known === undefined ? 'deleted' : known.status === 'ACTIVE' ? null : 'inactive';
  return { ...provider, name: known?.name ?? provider.id, unusable };
}

function compileDynamic(
  { providerExpression, fallBack }: NonNullable<RoutingRule['actions']['dynamic']>,
  providers: Providers,
): DynamicChoice {
  const program = compile(providerExpression, 'routing');
  const byName = new Map([...providers.values()].map((provider) => [provider.name, provider]));
  return {
    fallBack,
    mayChoose: (providerId) => providers.get(providerId)?.status === 'ACTIVE',
    choose(login) {
      const name = program.ok ? nameFor(program.value, login) : null;
      if (name === null) return { why: 'the expression makes no name of a provider of the user name' };
      const found = byName.get(name);
      if (found === undefined) return { why: `no identity provider is called "${name}"` };
      if (found.status !== 'ACTIVE') return { why: `the identity provider "${name}" is inactive` };
      return { provider: { type: found.type as CompiledProvider['type'], id: found.id, name, unusable: null } };
    },
  };
}

function nameFor(program: Expression, login: string): string | null {
  const result = program.evaluate({ login: { identifier: login } });
  if (!result.ok || typeof result.value.value !== 'string' || result.value.value === '') return null;
  return result.value.value.slice(0, 200);
}

/** Which attributes of people a rule reads. */
export const attributeOf = ({ conditions: { userIdentifier } }: Pick<RoutingRule, 'conditions'>): string | null =>
  userIdentifier?.type === 'ATTRIBUTE' ? (userIdentifier.attribute ?? null) : null;
