/** identity-providers/presets: kinds of providers as data, and the check of a configuration against them. A new kind is a file and a line here. */
import { isObject } from '../../shared/json.ts';
import { genericOidc } from './generic-oidc.ts';
import { genericSaml } from './generic-saml.ts';
import { idMe } from './id-me.ts';
import { idMeSaml } from './id-me-saml.ts';
import type { ConfigurationReader, LintFinding, LintRule, Preset } from './preset.ts';

export type { LintFinding, Preset } from './preset.ts';

export const PRESETS: readonly Preset[] = [idMe, idMeSaml, genericOidc, genericSaml];

export function presetOf(id: string | null): Preset | null {
  return PRESETS.find((preset) => preset.id === id) ?? null;
}

/** A preset as the console gets it: everything but the rules' conditions, the body once per environment. */
export function presetToWire(preset: Preset) {
  const { id, type, name, description, environments, body, help, links } = preset;
  return {
    id,
    type,
    name,
    description,
    environments: environments.map((environment) => ({ ...environment, body: filled(body, environment.baseUrl) })),
    body,
    help,
    links,
  };
}

export type PresetWire = ReturnType<typeof presetToWire>;

/** What is doubtful in a configuration in wire shape, complete or not: the general rules, then those of its preset. */
export function lint(configuration: unknown): LintFinding[] {
  const read = readerOf(configuration);
  const preset = presetOf(read.text('preset'));
  const general = read.is('type', 'SAML2') ? genericSaml : genericOidc;
  const own = preset === null || preset === general || preset.type !== general.type ? [] : preset.rules;
  const rules: LintRule[] = [...general.rules, ...own];
  return rules
    .filter((rule) => rule.applies(read))
    .map(({ code, severity, field, message }) => ({ code, severity, field, message }));
}

function readerOf(configuration: unknown): ConfigurationReader {
  const at = (path: string) => {
    let value: unknown = configuration;
    for (const name of path.split('.')) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return value ?? undefined;
  };
  return {
    text: (path) => {
      const value = at(path);
      return typeof value === 'string' ? value : '';
    },
    texts: (path) => {
      const value = at(path);
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    },
    is: (path, value) => at(path) === value,
  };
}

/** The body with `{base}` and `{host}` replaced in every text. */
function filled(value: unknown, base: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{base}', base).replaceAll('{host}', new URL(base).host);
  if (Array.isArray(value)) return value.map((item) => filled(item, base));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, base)]));
}
