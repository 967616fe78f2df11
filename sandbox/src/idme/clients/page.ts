import { html } from '../../pages/html.ts';
import { complaint, fact, frame } from '../pages/frame.ts';
import { POLICIES } from '../people/policies.ts';
import { PATHS } from '../protocol/paths.ts';
import type { Client } from './clients.ts';

interface DeskView {
  clients: readonly Client[];
  values: { name: string; redirectUris: string; policy: string };
  problem?: string;
}

/** The desk that plays ID.me's Solution Consultant: takes redirect URI and policy handle, gives client id and client secret. */
export function deskPage({ clients, values, problem }: DeskView): string {
  return frame(
    'Onboarding desk',
    html`<section class="card">
<h1>Onboarding desk</h1>
<p class="quiet">Plays the Solution Consultant: hand over what the guide says, and receive your client ID and client secret.</p>
${complaint(problem)}
<form method="post" action="/desk">
<div class="field"><label for="name">Name of your application</label>
<input id="name" name="name" value="${values.name}" autocomplete="off" aria-describedby="name-help">
<p class="small quiet" id="name-help">Shown when a person is asked to share. Blank takes the host of the redirect URI.</p></div>
<div class="field"><label for="redirect_uris">Redirect URI</label>
<textarea id="redirect_uris" name="redirect_uris" required aria-describedby="redirect-help">${values.redirectUris}</textarea>
<p class="small quiet" id="redirect-help">Exactly as it will be sent. Several: one a line. No query, no fragment.</p></div>
<div class="field"><label for="policy">Policy handle</label>
<select id="policy" name="policy">${POLICIES.map(
      ({ handle, description }) =>
        html`<option value="${handle}"${handle === values.policy && html` selected`}>${handle} (${description})</option>`,
    )}</select></div>
<button class="primary">Register</button>
</form>
</section>
<section class="card"><h2>Registered applications</h2>
${
  clients.length === 0
    ? html`<p class="quiet">None yet.</p>`
    : html`<table class="stack"><thead><tr><th scope="col">Name</th><th scope="col">Client ID</th><th scope="col">Policy</th></tr></thead><tbody>${clients.map(
        (client) =>
          html`<tr><td>${client.client_name}</td><td><code>${client.client_id}</code></td><td><code>${client.policies.join(' ')}</code></td></tr>`,
      )}</tbody></table>`
}
</section>`,
    { wide: true },
  );
}

/** What the desk hands back: everything the form of the guide asks for. */
export function registeredPage(client: Client, url: string): string {
  const code = (value: string) => html`<code>${value}</code>`;
  return frame(
    'Your client ID and client secret',
    html`<section class="card">
<h1>Your client ID and client secret</h1>
<p class="quiet">For ${client.client_name}. The secret is shown this once and lasts until the sandbox stops.</p>
<dl>
${fact('Client ID', code(client.client_id))}
${fact('Client Secret', code(client.client_secret))}
${fact('Scopes', code(`openid ${client.policies[0]}`))}
${fact('Issuer', code(`${url}/oidc`))}
${fact('Authorization endpoint', code(`${url}${PATHS.authorization}`))}
${fact('Token endpoint', code(`${url}${PATHS.token}`))}
${fact('JWKS endpoint', code(`${url}${PATHS.jwks}`))}
${fact('UserInfo endpoint', 'Leave blank')}
${fact(
  'Redirect URI',
  client.redirect_uris.map((uri) => html`<div>${code(uri)}</div>`),
)}
</dl>
<div class="actions"><a class="button" href="/desk">Register another</a></div>
</section>`,
    { wide: true },
  );
}
