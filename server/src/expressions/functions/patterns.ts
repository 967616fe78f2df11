import { RE2JS } from 're2js';
import type { Node } from '../ast.ts';
import { Stop } from '../errors.ts';
import { PATTERN_LENGTH_LIMIT, PATTERN_PROGRAM_LIMIT } from '../limits.ts';
import type { Call } from './row.ts';

/**
 * Regular expressions of `matches`. They run on an RE2-class engine: time grows linearly with pattern and text, look-around and
 * back-references do not exist (security.md H4). A pattern is always a literal, so that it is checked when it is saved.
 */
export interface Pattern {
  /** Whether the whole text matches. */
  matches(text: string): boolean;
  /** Instructions; one match costs at most size × length of the text. */
  size: number;
}

const compiled = new WeakMap<Node, Pattern>();

/** The compiled pattern of the right side of `matches`, kept as long as its node. Throws Stop `pattern_invalid`. */
export function patternOf(node: Node): Pattern {
  const known = compiled.get(node);
  if (known) return known;
  if (node.kind !== 'literal' || typeof node.value !== 'string') {
    throw new Stop('pattern_invalid', 'The pattern of "matches" must be a text between quotes.', node.at);
  }
  const pattern = compilePattern(node.value, node.at);
  compiled.set(node, pattern);
  return pattern;
}

/** A pattern that is only known while the expression runs; it ends the evaluation where it cannot be used. */
export function patternFrom(source: string, call: Call): Pattern {
  call.charge(source.length * PATTERN_PROGRAM_LIMIT);
  try {
    return compilePattern(source, 0);
  } catch (thrown) {
    const { message, hint } = thrown instanceof Stop ? thrown : { message: 'The pattern cannot be used.' };
    return call.fail('pattern_invalid', message, hint);
  }
}

function compilePattern(source: string, at: number): Pattern {
  if (source.length > PATTERN_LENGTH_LIMIT) {
    throw new Stop('pattern_invalid', `The pattern has more than ${PATTERN_LENGTH_LIMIT} characters.`, at);
  }
  const expression = readPattern(source, at);
  const size = expression.programSize();
  if (size > PATTERN_PROGRAM_LIMIT) {
    throw new Stop('pattern_invalid', 'The pattern is too costly.', at, 'Use smaller repeat counts.');
  }
  return { matches: (text) => expression.matches(text), size };
}

function readPattern(source: string, at: number): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace('error parsing regexp: ', '') : 'unreadable';
    const hint = 'Look-around and back-references are not supported.';
    throw new Stop('pattern_invalid', `The pattern cannot be used: ${reason}`, at, hint);
  }
}
