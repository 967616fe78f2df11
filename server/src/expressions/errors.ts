/** Every way in which an expression can fail. The codes are stable; the sentences are for people. */
export type ExpressionErrorCode =
  | 'source_empty'
  | 'source_too_long'
  | 'character_unexpected'
  | 'string_unclosed'
  | 'token_unexpected'
  | 'template_mixed'
  | 'too_deep'
  | 'root_unknown'
  | 'attribute_unavailable'
  | 'function_unknown'
  | 'arguments_wrong'
  | 'pattern_invalid'
  | 'type_mismatch'
  | 'number_out_of_range'
  | 'division_by_zero'
  | 'conversion_failed'
  | 'limit_steps'
  | 'limit_output'
  | 'evaluation_failed';

/** Where in the source: offset from 0 in UTF-16 units, line and column from 1. */
export interface Position {
  offset: number;
  line: number;
  column: number;
}

export interface ExpressionError {
  code: ExpressionErrorCode;
  message: string;
  at: Position;
  /** What to do about it, for example "Did you mean String.substringBefore?". */
  hint?: string;
}

/** Ends a parse or an evaluation from any depth. It never leaves this module: the public functions return its error as a value. */
export class Stop extends Error {
  readonly code: ExpressionErrorCode;
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(code: ExpressionErrorCode, message: string, offset: number, hint?: string) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.hint = hint;
  }
}

export function errorAt(
  source: string,
  offset: number,
  code: ExpressionErrorCode,
  message: string,
  hint?: string,
): ExpressionError {
  const before = source.slice(0, offset).split('\n');
  const at = { offset, line: before.length, column: before[before.length - 1]!.length + 1 };
  return hint === undefined ? { code, message, at } : { code, message, at, hint };
}

/** Turns whatever was thrown into an error value; anything unforeseen (a hostile proxy as binding) is `evaluation_failed`. */
export function errorFrom(thrown: unknown, source: string): ExpressionError {
  if (thrown instanceof Stop) return errorAt(source, thrown.offset, thrown.code, thrown.message, thrown.hint);
  return errorAt(source, 0, 'evaluation_failed', 'The expression could not be evaluated.');
}
