/** "AND User's device platform is": what the browser says of itself, which a person can change at will (contract §7). Pure. */
import { RE2JS } from 're2js';
import { describeUserAgent } from '../../system-log/index.ts';
import type { RuleBody } from '../schema.ts';
import { expressionProblem } from './expression.ts';

const DEVICE_TYPES = ['ANY', 'MOBILE', 'DESKTOP', 'OTHER'] as const;
const SYSTEMS = ['ANY', 'IOS', 'ANDROID', 'WINDOWS', 'OSX', 'LINUX', 'CHROMEOS', 'OTHER'] as const;

/** As it is stored and sent back. */
export interface Platform {
  type: (typeof DEVICE_TYPES)[number];
  os: { type: (typeof SYSTEMS)[number]; expression?: string };
}
export interface PlatformCondition {
  include: Platform[];
  exclude: Platform[];
}

export interface CompiledPlatform {
  /** Why a browser with this User-Agent header is not meant; null when it is. */
  objection(userAgent: string): string | null;
}

const FIELD = 'conditions.platform';
const MAX_EXPRESSION = 200;
const ANY: Platform = { type: 'ANY', os: { type: 'ANY' } };

type Sent = NonNullable<NonNullable<NonNullable<RuleBody['conditions']>['platform']>['include']>[number];

/** Null: every device. Problems are `field: sentence`. */
export function readPlatform({ conditions }: RuleBody, problems: string[]): PlatformCondition | null {
  const read = (side: readonly Sent[] | null | undefined) => (side ?? []).flatMap((sent) => readOne(sent, problems));
  const include = read(conditions?.platform?.include);
  const exclude = read(conditions?.platform?.exclude);
  const everything = include.length === 0 || include.some(isAny);
  return everything && exclude.length === 0 ? null : { include: include.length === 0 ? [ANY] : include, exclude };
}

const isAny = ({ type, os }: Platform) => type === 'ANY' && os.type === 'ANY' && os.expression === undefined;

function readOne({ type: sentType, os: sentOs }: Sent, problems: string[]): Platform[] {
  const type = DEVICE_TYPES.find((known) => known === (sentType ?? 'ANY'));
  const system = SYSTEMS.find((known) => known === (sentOs?.type ?? 'ANY'));
  const expression = sentOs?.expression ?? undefined;
  if (type === undefined) problems.push(`${FIELD}: type "${sentType}" is not known; use ${DEVICE_TYPES.join(', ')}`);
  if (system === undefined) problems.push(`${FIELD}: os "${sentOs?.type}" is not known; use ${SYSTEMS.join(', ')}`);
  if (expression !== undefined && !isExpression(expression))
    problems.push(`${FIELD}: os.expression is not a regular expression of at most ${MAX_EXPRESSION} characters`);
  if (type === undefined || system === undefined) return [];
  return [{ type, os: { type: system, ...(expression === undefined || expression === '' ? {} : { expression }) } }];
}

const isExpression = (text: string) => text.length <= MAX_EXPRESSION && expressionProblem(text) === null;

export function compilePlatform({ include, exclude }: PlatformCondition): CompiledPlatform {
  const meant = include.map(testOf);
  const leftOut = exclude.map(testOf);
  return {
    objection(userAgent) {
      const device = deviceOf(userAgent);
      if (!meant.some((test) => test(device, userAgent)))
        return `the device (${words(device)}) is not among those that the rule is for`;
      return leftOut.some((test) => test(device, userAgent))
        ? `the device (${words(device)}) is one that the rule leaves out`
        : null;
    },
  };
}

interface Device {
  type: Exclude<Platform['type'], 'ANY'>;
  system: Exclude<Platform['os']['type'], 'ANY'>;
}

const words = ({ type, system }: Device) => `${type}, ${system}`;

function testOf({ type, os }: Platform): (device: Device, userAgent: string) => boolean {
  const pattern = os.expression === undefined ? null : RE2JS.compile(os.expression);
  return (device, userAgent) =>
    (type === 'ANY' || type === device.type) &&
    (os.type === 'ANY' || os.type === device.system) &&
    (pattern === null || pattern.matcher(userAgent).find());
}

const SYSTEM_OF: Readonly<Record<string, Device['system']>> = {
  iOS: 'IOS',
  Android: 'ANDROID',
  Windows: 'WINDOWS',
  'Mac OS X': 'OSX',
  Linux: 'LINUX',
  ChromeOS: 'CHROMEOS',
};
const TYPE_OF: Readonly<Record<string, Device['type']>> = { Mobile: 'MOBILE', Computer: 'DESKTOP' };

function deviceOf(userAgent: string): Device {
  const { device, userAgent: said } = describeUserAgent(userAgent);
  return { type: TYPE_OF[device] ?? 'OTHER', system: SYSTEM_OF[said.os] ?? 'OTHER' };
}
