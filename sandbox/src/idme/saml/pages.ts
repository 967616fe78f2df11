import { html } from '../../pages/html.ts';
import { frame } from '../pages/frame.ts';
import type { Outgoing } from './identity-provider.ts';
import { SAML_PATHS } from './names.ts';
import type { ServiceProvider } from './onboarding/service-providers.ts';

/** Sends the form at once where scripts run; the button is for where they do not. */
export const CONTINUE_SCRIPT = 'document.forms[0].submit();\n';

/** The HTTP-POST binding's form (SAML bindings §3.5.4). */
export function continuePage({ acsUrl, name, document, relayState }: Outgoing, parameter = 'SAMLResponse'): string {
  return frame(
    `Back to ${name}`,
    html`<section class="card">
<h1>Back to ${name}</h1>
<form method="post" action="${acsUrl}">
<input type="hidden" name="${parameter}" value="${Buffer.from(document).toString('base64')}">
${relayState !== undefined && html`<input type="hidden" name="RelayState" value="${relayState}">`}
<button class="primary">Continue</button>
</form>
</section>`,
    { links: false, script: SAML_PATHS.script },
  );
}

/** Starts a sign-in that nobody asked for: the Response names no request. */
export function startPage(providers: readonly ServiceProvider[]): string {
  return frame(
    'Start from here',
    html`<section class="card">
<h1>Start from here</h1>
<p class="quiet">Sends a person to an application that did not ask (IdP-initiated). Applications refuse this unless they allow it.</p>
${
  providers.length === 0
    ? html`<p>No application is registered for SAML yet. <a href="/desk/saml">Register one</a></p>`
    : html`<form method="get" action="${SAML_PATHS.signOn}">
<div class="field"><label for="EntityID">Application</label>
<select id="EntityID" name="EntityID">${providers.map(({ entity_id, name }) => html`<option value="${entity_id}">${name} (${entity_id})</option>`)}</select></div>
<div class="field"><label for="AuthnContext">Policy</label>
<input id="AuthnContext" name="AuthnContext" value="${providers[0]?.policies[0] ?? ''}" autocomplete="off"></div>
<div class="field"><label for="RelayState">RelayState</label><input id="RelayState" name="RelayState" autocomplete="off"></div>
<div class="actions"><button class="primary">Start</button><button formaction="${SAML_PATHS.end}">End the last session there</button></div>
</form>`
}
</section>`,
  );
}
