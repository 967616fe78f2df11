import { createHash } from 'node:crypto';
import { html, literal, markupOf, type Part } from './html.ts';
import { STYLE } from './style.ts';

export interface Page {
  title: string;
  /** The band at the top: what this is not, and what else is to be known. */
  mark: string;
  note?: string;
  body: Part;
  /** Links below the content. */
  links?: readonly (readonly [href: string, text: string])[];
  wide?: boolean;
  /** Path of a script of this server. */
  script?: string;
}

/** A whole document. Its style sheet is inline, under the hash that `PAGE_HEADERS` names. */
export function renderPage({ title, mark, note, body, links = [], wide = false, script }: Page): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${mark}</title>
<link rel="icon" href="data:,">
<style>${literal(STYLE)}</style>
</head>
<body>
<header class="sandbox"><strong>${mark}</strong>${note && html` · ${note}`}</header>
<main${wide ? html` class="wide"` : null}>
${body}
${links.length > 0 && html`<nav aria-label="Sandbox">${links.map(([href, text]) => html`<a href="${href}">${text}</a>`)}</nav>`}
</main>
${script !== undefined && html`<script src="${script}"></script>`}
</body>
</html>
`;
  return markupOf(document);
}

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** Headers of every page. `form-action` is absent: browsers apply it to the redirects that follow a form, which leave for the relying party. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; script-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;
