import { html, type Part } from '../pages/html.ts';
import { renderPage } from '../pages/page.ts';
import { explained } from './inspector/claims.ts';
import type { Tokens } from './relying-party.ts';

export const MARK = 'Sandbox, not a real application';

const LINKS = [
  ['/', 'Sample application'],
  ['/inspector', 'Token inspector'],
] as const;

export const frame = (title: string, body: Part, more: { wide?: boolean; script?: string } = {}) =>
  renderPage({ title, mark: MARK, body, links: LINKS, ...more });

/** Home of somebody who is not signed in. */
export function welcomePage(issuer: string): string {
  return frame(
    'Sample application',
    html`<section class="card">
<h1>Sample application</h1>
<p>It signs people in through <code>${issuer}</code> with OpenID Connect (code flow with PKCE) and shows what it received.</p>
<div class="actions"><a class="button primary" href="/login">Sign in</a></div>
</section>`,
  );
}

/** Home of somebody who is signed in: what the ID token and userinfo say. */
export function signedInPage({ claims, userinfo, userinfoProblem, refreshToken, idToken }: Tokens): string {
  return frame(
    'You are signed in',
    html`<section class="card">
<h1>You are signed in</h1>
<p>As <strong>${String(claims.preferred_username ?? claims.email ?? claims.sub)}</strong>.</p>
<div class="actions">
${refreshToken !== undefined && html`<form method="post" action="/refresh"><button>Refresh tokens</button></form>`}
<form method="post" action="/inspector"><input type="hidden" name="id_token" value="${idToken}"><button>Inspect ID token</button></form>
<form method="post" action="/sign-out"><button>Sign out</button></form>
</div>
</section>
<section class="card"><h2>ID token</h2>${claimTable(claims)}</section>
<section class="card"><h2>Userinfo</h2>${
      userinfo === null ? html`<p class="notice">Userinfo gave no answer: ${userinfoProblem}</p>` : claimTable(userinfo)
    }</section>`,
    { wide: true },
  );
}

/** Claims with their values and what they mean. */
export function claimTable(claims: Record<string, unknown>): Part {
  const rows = explained(claims).map(
    ({ name, value, meaning }) =>
      html`<tr><th scope="row"><code>${name}</code></th><td class="code">${value}</td><td class="quiet">${meaning}</td></tr>`,
  );
  return html`<table class="stack"><thead><tr><th scope="col">Claim</th><th scope="col">Value</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody></table>`;
}

/** Why a sign-in did not end well. `code` and `description` are the hub's own words. */
export function failedPage({ title, code, description }: { title: string; code: string; description: string }): string {
  return frame(
    title,
    html`<section class="card">
<h1>${title}</h1>
<p class="notice" role="alert">${code !== '' && html`<code>${code}</code><br>`}${description}</p>
<div class="actions"><a class="button primary" href="/login">Try again</a><a href="/">Back to the start</a></div>
</section>`,
  );
}
