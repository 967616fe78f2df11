/** Regular expressions in conditions: RE2, whose time grows linearly with the text; without look-around and back-references. */
import { RE2JS } from 're2js';

/** Why a text is not a regular expression; null when it is one. */
export function expressionProblem(text: string): string | null {
  try {
    RE2JS.compile(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
