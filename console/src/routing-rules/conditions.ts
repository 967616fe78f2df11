/** Whom and which devices a rule is for, in the form and on the wire. What the form cannot say is KEPT as it is. */
import type { RoutingRule } from '../contract.ts';

type Identifier = RoutingRule['conditions']['userIdentifier'];
type Devices = RoutingRule['conditions']['platform'];
type MatchType = Identifier['patterns'][number]['matchType'];

export type PersonValues = {
  person: 'ANYTHING' | 'REGEX' | 'DOMAINS' | 'ATTRIBUTE' | 'KEPT';
  regex: string;
  domains: string[];
  attribute: string;
  attributeMatch: MatchType;
  attributeValue: string;
};

export type DeviceValues = {
  devices: 'ANY' | 'SOME' | 'KEPT';
  platforms: string[];
};

export const NOBODY_IN_PARTICULAR: PersonValues = {
  person: 'ANYTHING',
  regex: '',
  domains: [],
  attribute: '',
  attributeMatch: 'EQUALS',
  attributeValue: '',
};
export const EVERY_DEVICE: DeviceValues = { devices: 'ANY', platforms: [] };

export function personOf(identifier: Identifier | undefined): PersonValues {
  const [first, ...others] = identifier?.patterns ?? [];
  if (identifier === undefined || first === undefined) return NOBODY_IN_PARTICULAR;
  const none = NOBODY_IN_PARTICULAR;
  if (identifier.type === 'ATTRIBUTE') {
    const { attribute = '' } = identifier;
    return { ...none, person: 'ATTRIBUTE', attribute, attributeMatch: first.matchType, attributeValue: first.value };
  }
  if (first.matchType === 'EXPRESSION') return { ...none, person: 'REGEX', regex: first.value };
  const all = [first, ...others];
  if (all.some(({ matchType }) => matchType !== 'SUFFIX')) return { ...none, person: 'KEPT' };
  return { ...none, person: 'DOMAINS', domains: all.map(({ value }) => value) };
}

export const filled = (lines: readonly string[]) => lines.map((line) => line.trim()).filter((line) => line !== '');

export function personToWire(values: PersonValues, kept: Identifier | undefined): Identifier {
  switch (values.person) {
    case 'KEPT':
      return kept ?? { patterns: [] };
    case 'ANYTHING':
      return { patterns: [] };
    case 'REGEX':
      return { type: 'IDENTIFIER', patterns: [{ matchType: 'EXPRESSION', value: values.regex.trim() }] };
    case 'DOMAINS':
      return {
        type: 'IDENTIFIER',
        patterns: filled(values.domains).map((value) => ({ matchType: 'SUFFIX' as const, value })),
      };
    case 'ATTRIBUTE':
      return {
        type: 'ATTRIBUTE',
        attribute: values.attribute,
        patterns: [{ matchType: values.attributeMatch, value: values.attributeValue }],
      };
  }
}

/** The devices that the form offers. */
const DEVICES: Record<string, Devices['include'][number]> = {
  IOS: { type: 'MOBILE', os: { type: 'IOS' } },
  ANDROID: { type: 'MOBILE', os: { type: 'ANDROID' } },
  WINDOWS: { type: 'DESKTOP', os: { type: 'WINDOWS' } },
  OSX: { type: 'DESKTOP', os: { type: 'OSX' } },
  LINUX: { type: 'DESKTOP', os: { type: 'LINUX' } },
  CHROMEOS: { type: 'DESKTOP', os: { type: 'CHROMEOS' } },
};

export function devicesOf(platform: Devices | undefined): DeviceValues {
  const include = platform?.include ?? [];
  const any =
    include.length === 0 || include.some(({ type, os }) => type === 'ANY' && os.type === 'ANY' && !os.expression);
  if ((platform?.exclude ?? []).length > 0) return { devices: 'KEPT', platforms: [] };
  if (any) return EVERY_DEVICE;
  const names = include.map((one) => Object.keys(DEVICES).find((name) => same(DEVICES[name]!, one)));
  return names.some((name) => name === undefined)
    ? { devices: 'KEPT', platforms: [] }
    : { devices: 'SOME', platforms: names as string[] };
}

type Device = Devices['include'][number];
const same = (one: Device, other: Device) =>
  one.type === other.type && one.os.type === other.os.type && !other.os.expression;

export function devicesToWire({ devices, platforms }: DeviceValues, kept: Devices | undefined): Devices {
  const any: Devices = { include: [{ type: 'ANY', os: { type: 'ANY' } }], exclude: [] };
  if (devices === 'KEPT') return kept ?? any;
  if (devices === 'ANY') return any;
  return { include: platforms.map((name) => DEVICES[name]!), exclude: [] };
}
