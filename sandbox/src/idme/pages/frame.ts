import type { Part } from '../../pages/html.ts';
import { html } from '../../pages/html.ts';
import { renderPage } from '../../pages/page.ts';

export const MARK = 'Sandbox, not ID.me';

interface Options {
  wide?: boolean;
  links?: boolean;
  /** Path of a script of this server. */
  script?: string;
}

/** A page of this sandbox as text, under PAGE_HEADERS. */
export function frame(title: string, body: Part, { wide = false, links = true, script }: Options = {}): string {
  const pages = [
    ['/', 'About this sandbox'],
    ['/persons', 'Persons'],
    ['/desk', 'Onboarding desk'],
    ['/desk/saml', 'Onboarding desk for SAML'],
    ['/saml/start', 'Start from here'],
    ['/faults', 'Faults'],
  ] as const;
  const note = 'Fictional persons only';
  return renderPage({ title, mark: MARK, note, body, wide, links: links ? pages : [], ...(script && { script }) });
}

/** A labelled value of a definition list. */
export const fact = (name: Part, value: Part) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** The sentence why a form was not taken; null when it was. */
export const complaint = (text: string | undefined) =>
  text === undefined ? null : html`<p class="notice" role="alert">${text}</p>`;
