/** Bounds of the source text, in UTF-16 units, and of its nesting. */
export const SOURCE_LIMIT = 4096;
export const TEMPLATE_LIMIT = 1024;
export const NESTING_LIMIT = 64;
export const PATTERN_LENGTH_LIMIT = 256;
/** Instructions of a compiled regular expression. */
export const PATTERN_PROGRAM_LIMIT = 1000;
export const PATTERNS_PER_EXPRESSION = 10;

/** Bounds of one evaluation (rulings 26, security.md H6 and §4.6). */
export interface Limits {
  /** Nodes evaluated, plus one per 64 units of text or per element that an operation touches. */
  steps: number;
  /** Nesting of the tree that is evaluated, and of the value that is returned. */
  depth: number;
  /** UTF-16 units of any text that is read into an operation, made, or returned: as many as an attribute of a profile may have. */
  characters: number;
  /** Elements of any list that is looked through, and values of the result in all. */
  elements: number;
  /** UTF-16 units of all texts of the result together. */
  resultCharacters: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  steps: 10_000,
  depth: 256,
  characters: 10_000,
  elements: 2000,
  resultCharacters: 262_144,
};
