import { html, type Part } from '../../pages/html.ts';
import { claimTable, frame } from '../page.ts';
import type { Decoded } from './decode.ts';
import type { Check, Expectation } from './verify.ts';

export type Received = Record<string, string>;

/** What became of the token in an answer. */
export interface Inspection {
  name: string;
  decoded: Decoded | string;
  checks: Check[];
}

const SCRIPT = '/inspector.js';

/** The inspector before anything arrived. The script hands on what stands behind the # of the address. */
export function emptyPage(redirectUri: string): string {
  return frame(
    'Token inspector',
    html`<section class="card">
<h1>Token inspector</h1>
<p>Use <code>${redirectUri}</code> as the redirect URI of an application: what the hub sends here, by form post or in the fragment, is taken apart and checked.</p>
<form method="post" action="/inspector" id="received">
<div class="field"><label for="token">Or paste an ID token</label><textarea id="token" name="id_token" required spellcheck="false"></textarea></div>
<button class="primary">Inspect</button>
</form>
<noscript><p class="small quiet">Without scripts, an answer in the fragment has to be pasted.</p></noscript>
</section>`,
    { wide: true, script: SCRIPT },
  );
}

/** Reads the fragment, which no server sees, and posts it to the inspector. */
export const INSPECTOR_SCRIPT = `const fragment = new URLSearchParams(location.hash.slice(1));
if ([...fragment].length > 0) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/inspector';
  for (const [name, value] of fragment) {
    const input = document.createElement('input');
    input.type = 'hidden';
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  history.replaceState(null, '', '/inspector');
  form.submit();
}
`;

interface InspectionView {
  received: Received;
  inspection: Inspection | null;
  expected: Expectation;
}

/** What arrived, and what is to be said about it. */
export function inspectionPage({ received, inspection, expected }: InspectionView): string {
  const title = received.error === undefined ? 'Token inspector' : 'The hub sent an error';
  return frame(
    title,
    html`<section class="card">
<h1>${title}</h1>
${received.error !== undefined && html`<p class="notice" role="alert"><code>${received.error}</code><br>${received.error_description ?? ''}</p>`}
${inspection === null && received.error === undefined && html`<p>The answer has no ID token.</p>`}
${inspection !== null && verdict(inspection, received, expected)}
</section>
${inspection !== null && takenApart(inspection)}
<section class="card"><h2>What arrived</h2>${receivedTable(received)}</section>`,
    { wide: true, script: SCRIPT },
  );
}

function receivedTable(received: Received): Part {
  return html`<dl>${Object.entries(received).map(
    ([name, value]) => html`<div><dt><code>${name}</code></dt><dd class="code">${value}</dd></div>`,
  )}</dl>`;
}

function verdict({ name, decoded, checks }: Inspection, received: Received, expected: Expectation): Part {
  if (typeof decoded === 'string') return html`<p class="notice" role="alert"><code>${name}</code>: ${decoded}</p>`;
  return html`<h2>Checks</h2>${checkTable(checks)}${expectationForm(received, expected)}`;
}

function takenApart({ decoded }: Inspection): Part {
  if (typeof decoded === 'string') return null;
  return html`<section class="card"><h2>Payload</h2>${claimTable(decoded.payload)}</section>
<section class="card"><h2>Header</h2><pre>${JSON.stringify(decoded.header, null, 2)}</pre>
<h2>Signature</h2><pre>${decoded.signature === '' ? '(empty)' : decoded.signature}</pre></section>`;
}

const shape = (path: string) =>
  html`<svg class="shape" viewBox="0 0 14 14" aria-hidden="true"><path d="${path}"/></svg>`;

const OUTCOMES: Record<Check['outcome'], Part> = {
  passed: html`<span class="good">${shape('M2 7.5l3.5 3.5L12 3.5')}Passed</span>`,
  failed: html`<span class="bad">${shape('M3 3l8 8M11 3l-8 8')}Failed</span>`,
  unknown: html`<span class="warn">${shape('M2 7h10')}Not checked</span>`,
};

function checkTable(checks: Check[]): Part {
  return html`<table class="stack"><thead><tr><th scope="col">What</th><th scope="col">Outcome</th><th scope="col">Why</th></tr></thead>
<tbody>${checks.map(
    ({ what, outcome, text }) =>
      html`<tr data-check="${what}" data-outcome="${outcome}"><th scope="row">${what}</th><td>${OUTCOMES[outcome]}</td><td>${text}</td></tr>`,
  )}</tbody></table>`;
}

function expectationForm(received: Received, { audience, nonce }: Expectation): Part {
  return html`<form method="post" action="/inspector">
${Object.entries(received).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p></p>
<div class="grid">
<div class="field"><label for="audience">Client ID you expect</label><input id="audience" name="expected_audience" value="${audience}" autocomplete="off"></div>
<div class="field"><label for="nonce">Nonce you sent</label><input id="nonce" name="expected_nonce" value="${nonce}" autocomplete="off"></div>
</div>
<button>Check again</button>
</form>`;
}
