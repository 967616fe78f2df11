import { html } from '../../pages/html.ts';
import { PATHS } from '../protocol/paths.ts';
import { SAML_PATHS } from '../saml/names.ts';
import type { Sandbox } from '../sandbox.ts';
import { fact, frame } from './frame.ts';

/** What this is, and the addresses that a relying party needs. */
export function homePage({ url, issuer }: Sandbox): string {
  return frame(
    'Identity provider sandbox',
    html`<section class="card">
<h1>Identity provider sandbox</h1>
<p>It keeps the wire behaviour of ID.me by OpenID Connect and SAML, so that an integration can be built and rehearsed on one machine. People, addresses and numbers are invented.</p>
<dl>
${fact('Issuer', html`<code>${issuer}</code>`)}
${fact('Authorization endpoint', html`<code>${url}${PATHS.authorization}</code>`)}
${fact('Token endpoint', html`<code>${url}${PATHS.token}</code>`)}
${fact('JWKS endpoint', html`<code>${url}${PATHS.jwks}</code>`)}
${fact('UserInfo endpoint', 'Leave blank')}
${fact('SAML metadata', html`<code>${url}${SAML_PATHS.metadataProvider}</code>`)}
${fact('SAML Single Sign-On URL', html`<code>${url}${SAML_PATHS.signOn}</code>`)}
</dl>
<div class="actions"><a class="button primary" href="/desk">Register an application</a><a class="button" href="/desk/saml">Register for SAML</a><a class="button" href="/persons">See the persons</a></div>
</section>`,
    { links: false },
  );
}
