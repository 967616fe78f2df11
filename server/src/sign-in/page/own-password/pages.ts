/**
 * The pages on which a person sets a password of their own, and asks for the link to one. They work without scripts. What is wrong with a
 * new password is said by the page, in its language: the browser does not check the form, nor cut off what is too long.
 */
import { type Html, html } from '../html.ts';
import { type Language, textsIn } from '../language.ts';
import { card, page } from '../layout.ts';
import { fill } from '../texts/texts.ts';
import { type Occasion, type OwnPasswordTexts, ownPasswordTexts, type PasswordFault } from './texts.ts';

interface Frame {
  nonce: string;
  language: Language;
}

export interface NewPasswordPage extends Frame {
  occasion: Occasion;
  orgName: string;
  /** Whose password it is: for the person, and for the browser that stores it. */
  login: string;
  /** Where the form posts to. */
  action: string;
  fault: PasswordFault | null;
}

const SIGN = 'M10 0a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM9 5h2v7H9zm0 8.5h2v2H9z';

export function newPasswordPage({ nonce, language, occasion, orgName, login, action, fault }: NewPasswordPage): string {
  const texts = ownPasswordTexts(language);
  const heading = fill(texts.headings[occasion], { org: orgName });
  const invalid = fault === null ? null : html` aria-invalid="true"`;
  const described = fault === null ? 'rule' : 'notice rule';
  const body = card(
    html`<h1>${heading}</h1>`,
    faultBox(fault, texts),
    html`<div class="stack"><p>${texts.explained[occasion]}</p><p class="quiet">${fill(texts.account, { login })}</p></div>`,
    html`<form class="fields" method="post" action="${action}" novalidate>
<input type="hidden" name="login" value="${login}" autocomplete="username">
<div><label for="password">${texts.newPassword}</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required autofocus aria-describedby="${described}"${invalid}><p class="quiet" id="rule">${texts.rule}</p></div>
<div><label for="repeat">${texts.repeat}</label><input id="repeat" name="repeat" type="password" autocomplete="new-password" minlength="12" required${invalid}></div>
<button class="button primary">${texts.save}</button>
</form>`,
  );
  const prefix = fault === null ? '' : textsIn(language).errorPrefix;
  return page({ nonce, language, title: prefix + heading, body });
}

function faultBox(fault: PasswordFault | null, texts: OwnPasswordTexts): Html | null {
  if (fault === null) return null;
  return html`<div class="notice error" role="alert"><svg viewBox="0 0 20 20" aria-hidden="true"><path fill-rule="evenodd" d="${SIGN}"/></svg><p id="notice">${texts.faults[fault]}</p></div>`;
}

export interface ForgotPage extends Frame {
  /** `/signin/{transaction}`: the sign-in that goes on afterwards. */
  base: string;
  login: string;
}

export function forgotPage({ nonce, language, base, login }: ForgotPage): string {
  const texts = ownPasswordTexts(language);
  const body = card(
    html`<h1>${texts.forgotHeading}</h1>`,
    html`<p>${texts.forgotWhat}</p>`,
    html`<form class="fields" method="post" action="${`${base}/forgot`}">
<div><label for="login">${texts.userNameOrEmail}</label><input id="login" name="login" type="text" value="${login}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="255" required autofocus></div>
<button class="button primary">${texts.send}</button>
</form>`,
    html`<div><a class="plain" href="${base}">${texts.back}</a></div>`,
  );
  return page({ nonce, language, title: texts.forgotHeading, body });
}

/** The same for everybody who asks (security.md K8). */
export function linkSentPage({ nonce, language, base }: Frame & { base: string }): string {
  const texts = ownPasswordTexts(language);
  const body = card(
    html`<h1>${texts.sentHeading}</h1>`,
    html`<p role="status">${texts.sentWhat}</p>`,
    html`<a class="button" href="${base}">${texts.back}</a>`,
  );
  return page({ nonce, language, title: texts.sentHeading, body });
}
