/** The pages of an open sign-in: the choice of a provider, and user name and password. */
import { type Html, html } from './html.ts';
import { type Language, textsIn } from './language.ts';
import { buttonForm, card, page } from './layout.ts';
import { ownPasswordTexts } from './own-password/texts.ts';
import { noticeOf } from './problem-codes.ts';
import { FILTER_SCRIPT } from './scripts.ts';
import { fill, type NoticeKind, type Texts } from './texts/texts.ts';

export interface SignInPage {
  nonce: string;
  language: Language;
  /** What the person signs in to: the application's label, or the org's name. */
  title: string;
  /** `/signin/{transaction}`: where the page's forms post to. */
  base: string;
  /** Code of what is to be said about the last attempt. */
  notice: string | null;
  /** The user name as typed before, or as the application suggests. */
  login: string;
  /** Whether the person typed the user name on a page before this one: another one can be typed instead. */
  identified: boolean;
  /** Whether there is an application to return to. */
  canLeave: boolean;
}

/** The user name alone, where it decides the way to sign in. */
export function identifierPage(input: SignInPage): string {
  const { nonce, language, base } = input;
  const texts = textsIn(language);
  const body = card(
    headingOf(input, texts),
    noticeBox(input.notice, texts),
    html`<form class="fields" method="post" action="${`${base}/identifier`}">
<div><label for="login">${texts.userName}</label><input id="login" name="login" type="text" value="${input.login}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="255" required autofocus></div>
<button class="button primary">${texts.next}</button>
</form>`,
    otherWays(input, texts, null),
  );
  return page({ nonce, language, title: titleOf(input, texts), body });
}

export interface ChoosePage extends SignInPage {
  providers: readonly { id: string; name: string }[];
  /** Whether user name and password are offered beside the providers. */
  local: boolean;
}

/** More providers than this get a field to find one. */
const MANY = 6;

export function choosePage(input: ChoosePage): string {
  const { nonce, language, base, providers, local } = input;
  const texts = textsIn(language);
  const filtered = providers.length > MANY;
  const body = card(
    headingOf(input, texts),
    noticeBox(input.notice, texts),
    filtered ? filterField(texts) : null,
    html`<ul class="stack" id="providers">${providers.map(
      ({ id, name }) =>
        html`<li>${buttonForm(`${base}/provider`, fill(texts.signInWith, { name }), providers.length === 1 ? 'button primary' : 'button', { idp: id })}</li>`,
    )}</ul>`,
    filtered ? html`<p class="quiet" id="providers-none" role="status" hidden>${texts.noProvider}</p>` : null,
    local ? html`<div class="or">${texts.or}</div>` : null,
    local ? passwordForm(input, texts, { focus: !filtered, primary: providers.length > 1 }) : null,
    otherWays(input, texts, local ? null : 'local'),
  );
  return page({ nonce, language, title: titleOf(input, texts), body, ...(filtered ? { script: FILTER_SCRIPT } : {}) });
}

export interface PasswordPage extends SignInPage {
  /** Routing was skipped to come here: the other ways can be asked for again. */
  skipped: boolean;
}

export function passwordPage(input: PasswordPage): string {
  const { nonce, language } = input;
  const texts = textsIn(language);
  const body = card(
    headingOf(input, texts),
    noticeBox(input.notice, texts),
    passwordForm(input, texts, { focus: true, primary: true }),
    otherWays(input, texts, input.skipped ? 'retry' : null),
  );
  return page({ nonce, language, title: titleOf(input, texts), body });
}

/** A notice that names a mistake, as opposed to one that only tells. */
const isMistake = (notice: string | null): boolean => notice !== null && noticeOf(notice) !== 'noMatch';

function headingOf({ title }: SignInPage, texts: Texts): Html {
  return html`<h1>${fill(texts.signInTo, { application: title })}</h1>`;
}

function titleOf({ title, notice }: SignInPage, texts: Texts): string {
  return (isMistake(notice) ? texts.errorPrefix : '') + fill(texts.signInTo, { application: title });
}

const SIGN = 'M10 0a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM9 5h2v7H9zm0 8.5h2v2H9z';

function noticeBox(notice: string | null, texts: Texts): Html | null {
  if (notice === null) return null;
  const kind: NoticeKind = noticeOf(notice);
  const [style, role] = isMistake(notice) ? ['notice error', 'alert'] : ['notice', 'status'];
  return html`<div class="${style}" role="${role}"><svg viewBox="0 0 20 20" aria-hidden="true"><path fill-rule="evenodd" d="${SIGN}"/></svg><p id="notice">${texts.notices[kind]}</p></div>`;
}

function filterField(texts: Texts): Html {
  return html`<div data-filter="providers" data-focus="true" hidden><label for="find">${texts.findProvider}</label><input id="find" type="search" autocomplete="off"></div>`;
}

/** The first field that is still empty has the focus. */
function passwordForm(input: SignInPage, texts: Texts, { focus, primary }: { focus: boolean; primary: boolean }): Html {
  const wrong = input.notice !== null && noticeOf(input.notice) === 'wrongPassword';
  const invalid = wrong ? html` aria-invalid="true" aria-describedby="notice"` : null;
  const focused = html` autofocus`;
  const login = input.login === '' ? focused : null;
  return html`<form class="fields" method="post" action="${`${input.base}/password`}">
<div><label for="login">${texts.userName}</label><input id="login" name="login" type="text" value="${input.login}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="255" required${invalid}${focus ? login : null}></div>
<div><label for="password">${texts.password}</label><input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required${invalid}${focus && login === null ? focused : null}></div>
<button class="${primary ? 'button primary' : 'button'}">${texts.signIn}</button>
<a class="plain" href="${`${input.base}/forgot`}">${ownPasswordTexts(input.language).forgot}</a>
</form>`;
}

function otherWays(
  { base, canLeave, identified, title }: SignInPage,
  texts: Texts,
  another: 'local' | 'retry' | null,
): Html | null {
  if (another === null && !canLeave && !identified) return null;
  return html`<div>
${identified ? buttonForm(`${base}/identifier`, texts.anotherUserName, 'plain', { login: '' }) : null}
${another === null ? null : buttonForm(`${base}/${another}`, texts.anotherWay, 'plain')}
${canLeave ? buttonForm(`${base}/leave`, fill(texts.returnTo, { application: title }), 'plain') : null}
</div>`;
}
