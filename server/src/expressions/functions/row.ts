import type { ExpressionErrorCode } from '../errors.ts';

/** What the evaluator lends to a function for one call. */
export interface Call {
  /** Pays for work: units of text or elements touched. Ends the evaluation when the budget is spent. */
  charge(units: number): void;
  /** Ends the evaluation if a text of this length would be too long; to be called before the text is made. */
  allowText(length: number): void;
  /** A list's elements, paid for; ends the evaluation if there are too many. */
  elements(list: readonly unknown[]): unknown[];
  /** Says that a null was turned into the text "null". */
  noteNull(): void;
  fail(code: ExpressionErrorCode, message: string, hint?: string): never;
  /** Milliseconds since 1970: the binding `now`, a Date. Fails where the caller supplies none. */
  now(): number;
  /** The person's groups: the binding `groups`, paid for. */
  groups(): Group[];
  /** An own attribute of a record, null when absent or where there is no record. */
  attribute(object: unknown, name: string): unknown;
  /** An attribute of the binding `internal`, null when absent. */
  internal(name: string): unknown;
}

/** What a function may ask of the place of the expression, beside its arguments. `groupLists` are the person's groups too, where lists of
 * them may be made: in claims. */
export type Need = 'now' | 'groups' | 'groupLists';

/** A group of the person, as the binding `groups` has it. */
export interface Group {
  id: string;
  name: string;
  /** OKTA_GROUP, APP_GROUP or BUILT_IN. */
  type: string;
}

export interface FunctionRow {
  /** As people write it, for messages: `String.append(text, suffix)`. Its part before '(' is the name. */
  signature: string;
  min: number;
  max: number;
  /** A further condition on the number of arguments. */
  fits?(count: number): boolean;
  /** A binding without which the function has no answer; only scopes that offer it know the function. */
  needs?: Need;
  run(args: readonly unknown[], call: Call): unknown;
}
