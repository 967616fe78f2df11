/** The reference page: made from the document for each request, searched by the server, without a script. */
import { type Html, html, mark } from '../../sign-in/index.ts';
import type { Document, Media, Operation } from './complete.ts';
import { REFERENCE_STYLE } from './reference-style.ts';

interface Place {
  method: string;
  path: string;
  operation: Operation;
}

/** `q`: words that have to stand in an operation; `tag`: a group of operations. Neither: the overview. */
export function referencePage(
  document: Document,
  { nonce, q, tag }: { nonce: string; q: string; tag?: string },
): string {
  const places = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const known = document.tags.filter(({ name }) => places.some(({ operation }) => operation.tags.includes(name)));
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const content =
    words.length > 0
      ? found(
          places.filter((place) => words.every((word) => textOf(place).includes(word))),
          q,
        )
      : known.some(({ name }) => name === tag)
        ? group(
            places.filter(({ operation }) => operation.tags.includes(tag!)),
            known.find(({ name }) => name === tag)!,
          )
        : overview(places, known, document);
  const title =
    words.length > 0
      ? `${q} · ${document.info.title}`
      : tag === undefined
        ? document.info.title
        : `${tag} · ${document.info.title}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${REFERENCE_STYLE}</style>
</head>
<body>
<header class="bar"><div>
<a class="brand" href="?">${mark}${document.info.title}</a>
<form class="find" method="get" role="search"><input type="search" name="q" value="${q}" aria-label="Search the operations" placeholder="Search: users lifecycle"><button>Search</button></form>
</div></header>
<div class="frame">
<nav class="side" aria-label="Groups of operations"><ul>${known.map(
    ({ name }) =>
      html`<li><a href="?tag=${encodeURIComponent(name)}"${name === tag ? html` aria-current="page"` : null}>${name}</a></li>`,
  )}</ul></nav>
<main>${content}</main>
</div>
</body>
</html>
`.markup;
}

const textOf = ({ method, path, operation }: Place) =>
  `${method} ${path} ${operation.summary} ${operation.tags.join(' ')} ${operation.operationId}`.toLowerCase();

function overview(places: readonly Place[], tags: Document['tags'], { servers, info }: Document): Html {
  return html`<section class="panel"><h1>${info.title}</h1>
<p>${info.description}</p>
<h4>Address</h4><p><code>${servers[0]?.url}</code></p>
<h4>Authorization</h4><p><code>Authorization: SSWS {API token}</code>, or <code>Authorization: Bearer {access token}</code> with the scope of the call.</p>
<h4>For programs</h4><p><a href="/api/v1/openapi.json">openapi.json</a></p></section>
${tags.map(
  ({ name, description }) =>
    html`<section class="panel"><h2>${name}</h2><p class="quiet">${description}</p>${listOf(
      places.filter(({ operation }) => operation.tags.includes(name)),
      name,
    )}</section>`,
)}`;
}

const listOf = (places: readonly Place[], tag: string) =>
  html`<ul class="list">${places.map(
    ({ method, path, operation }) =>
      html`<li><a href="?tag=${encodeURIComponent(tag)}#${operation.operationId}"><span class="method ${method === 'DELETE' ? 'delete' : ''}">${method}</span><span><b>${operation.summary}</b><small>${path}</small></span></a></li>`,
  )}</ul>`;

const group = (places: readonly Place[], { name, description }: Document['tags'][number]) =>
  html`<div><h1>${name}</h1><p class="quiet">${description}</p></div>${places.map(one)}`;

function found(places: readonly Place[], q: string): Html {
  const heading = html`<div><h1>${places.length === 0 ? `Nothing has “${q}”` : `${places.length} with “${q}”`}</h1>
<p class="quiet">${places.length === 0 ? 'Every word has to stand in the path, the summary or the group of an operation.' : null}</p></div>`;
  return html`${heading}${places.slice(0, MOST_FOUND).map(one)}`;
}

const MOST_FOUND = 60;

function one({ method, path, operation }: Place): Html {
  const { parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const refused = Object.keys(responses).filter((status) => /^4\d\d$/.test(status));
  return html`<article class="panel" id="${operation.operationId}">
<h2>${operation.summary}</h2>
<p class="place"><span class="method ${method === 'DELETE' ? 'delete' : ''}">${method}</span><span>${path}</span></p>
${
  parameters.length === 0
    ? null
    : html`<h4>Parameters</h4><ul class="rows">${parameters.map(
        ({ name, in: where, description, example }) =>
          html`<li><code>${name}</code><span>${description} <span class="quiet">(${where}${example === undefined ? '' : `, for example ${String(example)}`})</span></span></li>`,
      )}</ul>`
}
${requestBody === undefined ? null : sample('Request', requestBody.content)}
${answers.map(([status, { description, content }]) => sample(`Answer ${status}`, content, description))}
<p class="quiet">Refused with: ${refused.join(', ')}</p>
</article>`;
}

function sample(title: string, content: Record<string, Media> | undefined, description?: string): Html {
  const [type, media] = Object.entries(content ?? {})[0] ?? [];
  const text = typeof media?.example === 'string' ? media.example : JSON.stringify(media?.example, null, 2);
  return html`<h4>${title}${type === undefined || type === 'application/json' ? null : `, ${type}`}</h4>${
    text === undefined ? html`<p>${description}</p>` : html`<pre tabindex="0" aria-label="${title}">${text}</pre>`
  }`;
}
