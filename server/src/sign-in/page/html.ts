/** HTML that is escaped by construction: every value put into the template is text unless it is itself the result of the template. */

class Fragment {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** Finished markup. Only `html` and `literal` make one. */
export type Html = Fragment;

export type Value = Html | string | number | boolean | null | undefined | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Control characters that HTML forbids; line breaks and tabs stay. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]/gu;

export function escaped(text: string): string {
  return text.replace(FORBIDDEN, '').replace(/[&<>"'`]/g, (character) => ENTITIES[character]!);
}

/** Values stand in text or inside a quoted attribute. null, undefined and false are nothing; a list is its members. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Fragment(strings.reduce((markup, part, index) => markup + render(values[index - 1]) + part));
}

function render(value: Value): string {
  if (value instanceof Fragment) return value.markup;
  if (value === null || value === undefined || typeof value === 'boolean') return '';
  if (typeof value === 'object') return value.map(render).join('');
  return escaped(String(value));
}

/** Markup of our own source: a style sheet or a script without any value in it. */
export function literal(strings: TemplateStringsArray): Html {
  return new Fragment(strings.join(''));
}

/** The address where a link or a form may lead: http, https or a path of this hub; null for anything else (`javascript:`, `data:`…). */
export function safeAddress(address: string): string | null {
  if (/^\/(?![/\\])/.test(address)) return address;
  try {
    const { protocol } = new URL(address);
    return protocol === 'https:' || protocol === 'http:' ? address : null;
  } catch {
    return null;
  }
}
