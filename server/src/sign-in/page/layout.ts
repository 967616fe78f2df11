/** The frame of every hosted page. */
import { type Html, html } from './html.ts';
import type { Language } from './language.ts';
import { STYLE } from './style.ts';

/** The archway. */
const ARCH = 'M3 22V11a9 9 0 0 1 18 0v11h-5V11a4 4 0 0 0-8 0v11z';
const ICON = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#2f5d8c"><path d="${ARCH}"/></svg>`)}`;

export const mark = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="${ARCH}"/></svg>`;

interface Frame {
  nonce: string;
  language: Language;
  title: string;
  body: Html;
  script?: Html;
}

/** A whole document as text, for a reply with `pageHeaders` under the same nonce. */
export function page({ nonce, language, title, body, script }: Frame): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
${body}
${script === undefined ? null : html`<script nonce="${nonce}">${script}</script>`}
</body>
</html>
`.markup;
}

/** One thing per page: a card in the top third. */
export function card(...content: (Html | null)[]): Html {
  return html`<main class="card">
${mark}
${content}
</main>`;
}

/** A form of one button; fields are hidden. */
export function buttonForm(
  action: string,
  label: string,
  style: 'button' | 'button primary' | 'plain',
  fields: Readonly<Record<string, string>> = {},
): Html {
  return html`<form method="post" action="${action}">${hiddenFields(fields)}<button class="${style}">${label}</button></form>`;
}

export function hiddenFields(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}
