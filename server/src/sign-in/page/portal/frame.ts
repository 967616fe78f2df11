/** What the pages of a signed-in person have in common. */
import { type Html, html } from '../html.ts';
import type { Language } from '../language.ts';
import { buttonForm, mark } from '../layout.ts';
import { fill, type Texts } from '../texts/texts.ts';

export interface PortalPage {
  nonce: string;
  language: Language;
  orgName: string;
  /** The person's name, and what they sign in with. */
  name: string;
  login: string;
  administrator: boolean;
}

export function who({ name, login }: PortalPage, texts: Texts): Html {
  const person = name === login ? login : `${name} (${login})`;
  return html`<p class="quiet">${fill(texts.signedInAs, { person })}</p>`;
}

export function topBar({ orgName, administrator }: PortalPage, texts: Texts): Html {
  return html`<header class="bar"><div>
<a class="brand" href="/">${mark}<span>${orgName}</span></a>
<nav aria-label="${texts.account}">
${administrator ? html`<a class="plain" href="/admin/">${texts.administration}</a>` : null}
<a class="plain" href="/account">${texts.account}</a>
${buttonForm('/login/signout', texts.signOut, 'plain')}
</nav>
</div></header>`;
}
