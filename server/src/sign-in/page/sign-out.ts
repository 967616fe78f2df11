/** The pages at the end of a session. */
import { html } from './html.ts';
import { type Language, textsIn } from './language.ts';
import { buttonForm, card, page } from './layout.ts';
import { fill } from './texts/texts.ts';

export function signedOutPage({ nonce, language }: { nonce: string; language: Language }): string {
  const texts = textsIn(language);
  const body = card(
    html`<h1>${texts.signedOut}</h1>`,
    html`<p>${texts.signedOutWhat}</p>`,
    html`<a class="button" href="/">${texts.signInAgain}</a>`,
  );
  return page({ nonce, language, title: texts.signedOut, body });
}

export interface ConfirmSignOutPage {
  nonce: string;
  language: Language;
  /** Where the confirmation posts to, and the hidden fields that go with it. */
  action: string;
  fields: Readonly<Record<string, string>>;
  /** Label of the application that asks for it; null when it is unknown. */
  application: string | null;
}

export function confirmSignOutPage({ nonce, language, action, fields, application }: ConfirmSignOutPage): string {
  const texts = textsIn(language);
  const heading = application === null ? texts.confirmSignOut : fill(texts.confirmSignOutFrom, { application });
  const body = card(
    html`<h1>${heading}</h1>`,
    html`<p>${application === null ? texts.confirmSignOutHere : texts.confirmSignOutWhat}</p>`,
    html`<div class="stack">${buttonForm(action, texts.signOut, 'button primary', fields)}<a class="button" href="/">${texts.staySignedIn}</a></div>`,
  );
  return page({ nonce, language, title: heading, body });
}
