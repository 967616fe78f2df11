/** What a signed-in person sees: the dashboard and the account. */
import type { Json } from '../../shared/json.ts';
import { type Html, html, safeAddress } from './html.ts';
import { type Language, textsIn } from './language.ts';
import { buttonForm, mark, page } from './layout.ts';
import { FILTER_SCRIPT } from './scripts.ts';
import { ATTRIBUTE_NAMES, fill, type Texts } from './texts/texts.ts';

export interface PortalPage {
  nonce: string;
  language: Language;
  orgName: string;
  /** The person's name, and what they sign in with. */
  name: string;
  login: string;
  administrator: boolean;
}

export interface DashboardPage extends PortalPage {
  applications: readonly { label: string; href: string }[];
}

export function dashboardPage(input: DashboardPage): string {
  const { nonce, language, orgName } = input;
  const texts = textsIn(language);
  const applications = input.applications.flatMap(({ label, href }) => {
    const address = safeAddress(href);
    return address === null ? [] : [{ label, address }];
  });
  const several = applications.length > 1;
  const body = html`${topBar(input, texts)}
<main class="wide">
<div><h1>${texts.applications}</h1>${who(input, texts)}</div>
${several ? html`<div class="find" data-filter="applications" hidden><label for="find">${texts.findApplication}</label><input id="find" type="search" autocomplete="off"></div>` : null}
${applications.length === 0 ? html`<p class="quiet">${texts.noApplications}</p>` : html`<ul class="tiles" id="applications">${applications.map(tile)}</ul>`}
${several ? html`<p class="quiet" id="applications-none" role="status" hidden>${texts.noApplicationFound}</p>` : null}
</main>`;
  return page({
    nonce,
    language,
    title: `${texts.applications} · ${orgName}`,
    body,
    ...(several ? { script: FILTER_SCRIPT } : {}),
  });
}

function tile({ label, address }: { label: string; address: string }): Html {
  const [initial = ''] = new Intl.Segmenter().segment(label.trim()).containing(0)?.segment.toUpperCase() ?? '';
  return html`<li><a class="tile" href="${address}"><span class="initial" aria-hidden="true">${initial}</span><span>${label}</span></a></li>`;
}

export interface AccountPage extends PortalPage {
  profile: Readonly<Record<string, Json>>;
  identities: readonly { name: string; since: Date }[];
}

export function accountPage(input: AccountPage): string {
  const { nonce, language, orgName, identities } = input;
  const texts = textsIn(language);
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  const linked = identities.map(({ name, since }) => row(name, fill(texts.since, { date: dates.format(since) })));
  const body = html`${topBar(input, texts)}
<main class="wide">
<div><a class="plain" href="/">${texts.backToApplications}</a>
<h1>${texts.account}</h1>${who(input, texts)}</div>
<section class="panel" aria-labelledby="profile"><h2 id="profile">${texts.profile}</h2><dl class="rows">${profileRows(input.profile, texts)}</dl></section>
<section class="panel" aria-labelledby="identities"><h2 id="identities">${texts.identities}</h2>
${linked.length === 0 ? html`<p class="quiet">${texts.noIdentities}</p>` : html`<dl class="rows">${linked}</dl>`}
</section>
</main>`;
  return page({ nonce, language, title: `${texts.account} · ${orgName}`, body });
}

const row = (label: string, value: string): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

/** Attributes with a label first, then the others by their names; what is empty is left out. */
function profileRows(profile: Readonly<Record<string, Json>>, texts: Texts): Html[] {
  const labelled: readonly string[] = ATTRIBUTE_NAMES;
  const others = Object.keys(profile)
    .filter((name) => !labelled.includes(name))
    .sort();
  const labels: Readonly<Record<string, string>> = texts.attributes;
  return [...labelled, ...others].flatMap((name) => {
    const value = Object.hasOwn(profile, name) ? shown(profile[name]!, texts) : '';
    return value === '' ? [] : [row(labelled.includes(name) ? labels[name]! : name, value)];
  });
}

function shown(value: Json, texts: Texts): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (Array.isArray(value)) return value.map((item) => shown(item, texts)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function who({ name, login }: PortalPage, texts: Texts): Html {
  const person = name === login ? login : `${name} (${login})`;
  return html`<p class="quiet">${fill(texts.signedInAs, { person })}</p>`;
}

function topBar({ orgName, administrator }: PortalPage, texts: Texts): Html {
  return html`<header class="bar"><div>
<a class="brand" href="/">${mark}<span>${orgName}</span></a>
<nav aria-label="${texts.account}">
${administrator ? html`<a class="plain" href="/admin/">${texts.administration}</a>` : null}
<a class="plain" href="/account">${texts.account}</a>
${buttonForm('/login/signout', texts.signOut, 'plain')}
</nav>
</div></header>`;
}
