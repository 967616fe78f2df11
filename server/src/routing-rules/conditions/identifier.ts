/**
 * "AND User matches": the login that was typed, or an attribute of the person who has that login (contract §7, §12). Attributes are
 * compared as text, with case; logins and domains without. Pure.
 */
import { RE2JS } from 're2js';
import type { Json } from '../../shared/json.ts';
import type { RuleBody } from '../schema.ts';
import { expressionProblem } from './expression.ts';

const IDENTIFIER_TYPES = ['IDENTIFIER', 'ATTRIBUTE'] as const;
const MATCH_TYPES = ['SUFFIX', 'EQUALS', 'STARTS_WITH', 'CONTAINS', 'EXPRESSION'] as const;
type MatchType = (typeof MATCH_TYPES)[number];

const MAX_PATTERNS = 100;
const MAX_VALUE = 255;

/** As it is stored and sent back. */
export interface IdentifierCondition {
  type: (typeof IDENTIFIER_TYPES)[number];
  attribute?: string;
  patterns: { matchType: MatchType; value: string }[];
}

export interface CompiledIdentifier {
  /** Null: the login itself. */
  attribute: string | null;
  /** For a sentence: `byndidRegistered EQUALS "true"`. */
  words: string;
  /** Null and absent never fit. Of a list any element may. */
  fits(value: Json | undefined): boolean;
}

const FIELD = 'conditions.userIdentifier';

/** Null: everybody. `attributes`: those of the default user type. Problems are `field: sentence`. */
export function readIdentifier(
  { conditions }: RuleBody,
  attributes: { has(name: string): boolean },
  problems: string[],
): IdentifierCondition | null {
  const sent = conditions?.userIdentifier;
  const patterns = sent?.patterns ?? [];
  if (patterns.length === 0) {
    if (sent?.attribute)
      problems.push(`${FIELD}: the attribute "${sent.attribute}" has no pattern to be compared with`);
    return null;
  }
  const type = IDENTIFIER_TYPES.find((known) => known === (sent?.type ?? 'IDENTIFIER'));
  if (type === undefined) {
    problems.push(`${FIELD}: type "${sent?.type}" is not known; use ${IDENTIFIER_TYPES.join(' or ')}`);
    return null;
  }
  problems.push(...countProblems(type, patterns));
  const read = patterns.flatMap((pattern) => readPattern(pattern, problems));
  if (type === 'IDENTIFIER') return { type, patterns: read };
  const attribute = sent?.attribute ?? '';
  if (!attributes.has(attribute)) problems.push(`${FIELD}: people have no attribute "${attribute}"`);
  return { type, attribute, patterns: read };
}

function countProblems(
  type: IdentifierCondition['type'],
  patterns: readonly { matchType?: string | null }[],
): string[] {
  if (patterns.length > MAX_PATTERNS) return [`${FIELD}: at most ${MAX_PATTERNS} patterns are possible`];
  const single = type === 'ATTRIBUTE' || patterns.some(({ matchType }) => matchType === 'EXPRESSION');
  return single && patterns.length > 1
    ? [`${FIELD}: ${type === 'ATTRIBUTE' ? 'an attribute' : 'EXPRESSION'} takes exactly one pattern`]
    : [];
}

function readPattern(
  { matchType: sent, value }: { matchType?: string | null; value?: string | null },
  problems: string[],
): IdentifierCondition['patterns'] {
  const matchType = MATCH_TYPES.find((known) => known === sent);
  const found = matchTypeProblem(matchType, sent) ?? valueProblem(matchType!, value);
  if (found !== null) problems.push(`${FIELD}: ${found}`);
  return found === null ? [{ matchType: matchType!, value: value! }] : [];
}

const matchTypeProblem = (matchType: MatchType | undefined, sent: unknown) =>
  matchType === undefined ? `matchType "${sent}" is not known; use ${MATCH_TYPES.join(', ')}` : null;

function valueProblem(matchType: MatchType, value: string | null | undefined): string | null {
  if (typeof value !== 'string' || value === '') return `${matchType} needs a value`;
  if (value.length > MAX_VALUE) return `a value has at most ${MAX_VALUE} characters`;
  if (matchType === 'SUFFIX' && value.includes('@')) return `SUFFIX takes a domain without "@", not "${value}"`;
  if (matchType !== 'EXPRESSION') return null;
  const problem = expressionProblem(value);
  return problem === null ? null : `"${value}" is not a regular expression: ${problem}`;
}

export function compileIdentifier({ type, attribute, patterns }: IdentifierCondition): CompiledIdentifier {
  const ofLogin = type === 'IDENTIFIER';
  const tests = patterns.map((pattern) => (ofLogin ? loginTest(pattern) : attributeTest(pattern)));
  const words = patterns.map(({ matchType, value }) => `${ofLogin ? 'login' : attribute} ${matchType} "${value}"`);
  return {
    attribute: ofLogin ? null : (attribute ?? ''),
    words: words.join(' or '),
    fits(value) {
      if (value === null || value === undefined) return false;
      const texts = (Array.isArray(value) ? value : [value]).map(String);
      return texts.some((text) => tests.some((test) => test(text)));
    },
  };
}

type Pattern = IdentifierCondition['patterns'][number];

const folded = (text: string) => text.normalize('NFC').toLowerCase();

function loginTest({ matchType, value }: Pattern): (login: string) => boolean {
  const wanted = folded(value);
  if (matchType === 'EXPRESSION') {
    const pattern = RE2JS.compile(value, RE2JS.CASE_INSENSITIVE);
    return (login) => pattern.matches(folded(login));
  }
  if (matchType === 'SUFFIX') return (login) => login.includes('@') && folded(login).split('@').at(-1) === wanted;
  return (login) => compare(matchType, folded(login), wanted);
}

function attributeTest({ matchType, value }: Pattern): (text: string) => boolean {
  if (matchType === 'EXPRESSION') {
    const pattern = RE2JS.compile(value);
    return (text) => pattern.matches(text);
  }
  if (matchType === 'SUFFIX') return (text) => folded(text).endsWith(folded(value));
  return (text) => compare(matchType, text, value);
}

function compare(matchType: 'EQUALS' | 'STARTS_WITH' | 'CONTAINS', text: string, wanted: string): boolean {
  if (matchType === 'EQUALS') return text === wanted;
  return matchType === 'STARTS_WITH' ? text.startsWith(wanted) : text.includes(wanted);
}
