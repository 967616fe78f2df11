/** The error page: a heading in plain words, what happened, what to do, and the code for the administrator. */
import { html } from './html.ts';
import { type Language, textsIn } from './language.ts';
import { buttonForm, card, page } from './layout.ts';
import { ownPasswordTexts } from './own-password/texts.ts';
import { wordsOf } from './problem-codes.ts';
import { COPY_SCRIPT } from './scripts.ts';
import { type Advice, fill } from './texts/texts.ts';

export interface ProblemPage {
  nonce: string;
  language: Language;
  /** Stable code of the refusal. */
  code: string;
  /** For the application's developer; nobody else can do anything about it. */
  detail?: string;
  /** Id of the sign-in's trace: the code that the person sees. */
  traceId: string;
  /** Where "Try again" posts to; null when nothing is known to try again. */
  retry: string | null;
  /** Where "Return to {application}" posts to. */
  leave: { action: string; application: string } | null;
}

/** What can be done although nothing is known to try again. */
const NEEDS_NO_RETRY: ReadonlySet<Advice> = new Set(['administrator', 'newResetLink', 'newActivationLink']);
/** Where the advice is about the sign-in page, the button leads there. */
const AT_SIGN_IN: ReadonlySet<Advice> = new Set(['newResetLink', 'newActivationLink']);

export function problemPage({ nonce, language, code, detail, traceId, retry, leave }: ProblemPage): string {
  const texts = textsIn(language);
  const words = wordsOf(code);
  const { heading, what } = texts.problems[words.kind];
  const helpless = retry === null && !NEEDS_NO_RETRY.has(words.advice);
  const advice = texts.advice[helpless ? 'startOver' : words.advice];
  const retryLabel = words.advice === 'another' ? texts.anotherWay : texts.tryAgain;
  const wayOut = AT_SIGN_IN.has(words.advice)
    ? html`<a class="button primary" href="/login/default">${ownPasswordTexts(language).back}</a>`
    : html`<a class="button" href="/">${texts.applications}</a>`;
  const body = card(
    html`<h1>${heading}</h1>`,
    html`<div class="stack" role="alert"><p>${what}</p><p>${advice}</p></div>`,
    html`<div class="stack">
${retry === null ? null : buttonForm(retry, retryLabel, words.advice === 'administrator' ? 'button' : 'button primary')}
${leave === null ? null : buttonForm(leave.action, fill(texts.returnTo, { application: leave.application }), 'button')}
${retry === null && leave === null ? wayOut : null}
</div>`,
    html`<dl class="code"><dt>${texts.code}</dt><dd><code id="code">${traceId}</code></dd><dd aria-live="polite"><button class="button" type="button" id="copy" data-done="${texts.copied}" hidden>${texts.copy}</button></dd></dl>`,
    detail === undefined
      ? null
      : html`<details><summary>${texts.forDeveloper}</summary><p class="quiet" lang="en">${detail}</p></details>`,
  );
  return page({ nonce, language, title: texts.errorPrefix + heading, body, script: COPY_SCRIPT });
}
