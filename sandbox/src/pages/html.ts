/** HTML from a tagged template: every value is escaped unless it came out of the same template. */
const MARKUP = Symbol('markup');

export interface Html {
  readonly [MARKUP]: string;
}

export type Part = Html | string | number | null | undefined | false | readonly Part[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** null, undefined and false are nothing; a list is its members one after the other. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return { [MARKUP]: strings.map((text, at) => text + (at < parts.length ? render(parts[at]) : '')).join('') };
}

/** Markup of our own source, put in as it is: a style sheet. */
export const literal = (markup: string): Html => ({ [MARKUP]: markup });

/** The text of a fragment, for the wire. */
export const markupOf = (fragment: Html): string => fragment[MARKUP];

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
  }
  return MARKUP in part ? part[MARKUP] : part.map(render).join('');
}
