/** Leaving by a form: it posts itself, and has a button for browsers without scripts. */
import { html, safeAddress } from './html.ts';
import { type Language, textsIn } from './language.ts';
import { card, hiddenFields, page } from './layout.ts';
import { POST_SCRIPT } from './scripts.ts';
import { fill } from './texts/texts.ts';

export interface PostingPage {
  nonce: string;
  language: Language;
  /** http or https; anything else throws (security.md S26). */
  action: string;
  fields: Readonly<Record<string, string>>;
}

export function postingPage({ nonce, language, action, fields }: PostingPage): string {
  const address = safeAddress(action);
  if (address === null || address.startsWith('/'))
    throw new Error('A form may be posted to an http or https address only.');
  const texts = textsIn(language);
  const body = card(
    html`<h1>${texts.oneMoreStep}</h1>`,
    html`<p>${fill(texts.continueWhat, { host: new URL(address).host })}</p>`,
    html`<form id="post" method="post" action="${address}">${hiddenFields(fields)}<button class="button primary">${texts.continue}</button></form>`,
  );
  return page({ nonce, language, title: texts.oneMoreStep, body, script: POST_SCRIPT });
}
