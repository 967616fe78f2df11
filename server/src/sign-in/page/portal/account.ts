/** The account of a signed-in person: the profile, the ways to sign in, the open sessions. */
import type { Json } from '../../../shared/json.ts';
import { type Html, html } from '../html.ts';
import { type Language, textsIn } from '../language.ts';
import { buttonForm, page } from '../layout.ts';
import { ATTRIBUTE_NAMES, fill, type Texts } from '../texts/texts.ts';
import { type PortalPage, topBar, who } from './frame.ts';

/** An attribute that has a value. */
export interface ShownAttribute {
  name: string;
  /** What the schema calls it: the label where the page has none of its own. */
  title: string;
  value: Json;
  form: 'text' | 'date' | 'date-time';
}

export interface ShownSession {
  /** The session in which the page is read. */
  isCurrent: boolean;
  /** By name; null where the browser did not say, or said nothing known. */
  browser: string | null;
  system: string | null;
  /** The provider's name; null for user name and password. */
  provider: string | null;
  lastUsed: Date;
}

export interface AccountPage extends PortalPage {
  profile: readonly ShownAttribute[];
  identities: readonly { name: string; since: Date }[];
  sessions: readonly ShownSession[];
}

export function accountPage(input: AccountPage): string {
  const { nonce, language, orgName, identities, sessions } = input;
  const texts = textsIn(language);
  const linked = identities.map(({ name, since }) =>
    row(name, fill(texts.since, { date: dayIn(language).format(since) })),
  );
  const body = html`${topBar(input, texts)}
<main class="wide">
<div><a class="plain" href="/">${texts.backToApplications}</a>
<h1>${texts.account}</h1>${who(input, texts)}</div>
<section class="panel" aria-labelledby="profile"><h2 id="profile">${texts.profile}</h2><dl class="rows">${profileRows(input.profile, language, texts)}</dl></section>
<section class="panel" aria-labelledby="identities"><h2 id="identities">${texts.identities}</h2>
${linked.length === 0 ? html`<p class="quiet">${texts.noIdentities}</p>` : html`<dl class="rows">${linked}</dl>`}
</section>
<section class="panel" aria-labelledby="sessions"><h2 id="sessions">${texts.sessions.heading}</h2>
<dl class="rows">${sessions.map((session) => sessionRow(session, language, texts))}</dl>
${sessions.some(({ isCurrent }) => !isCurrent) ? html`<div class="end">${buttonForm('/account/sign-out-elsewhere', texts.sessions.endOthers, 'button')}<p class="quiet">${texts.sessions.endOthersWhat}</p></div>` : null}
</section>
</main>`;
  return page({ nonce, language, title: `${texts.account} · ${orgName}`, body });
}

const row = (label: string, value: string | Html): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

/** Attributes with a label of the page first, then the others by their titles. */
function profileRows(profile: readonly ShownAttribute[], language: Language, texts: Texts): Html[] {
  const order: readonly string[] = ATTRIBUTE_NAMES;
  const labels: Readonly<Record<string, string>> = texts.attributes;
  const own = order.flatMap((name) => profile.filter((attribute) => attribute.name === name));
  const others = profile
    .filter(({ name }) => !order.includes(name))
    .toSorted((a, b) => a.title.localeCompare(b.title, language));
  return [...own, ...others].map((attribute) =>
    row(labels[attribute.name] ?? attribute.title, shown(attribute, language, texts)),
  );
}

function shown({ value, form }: ShownAttribute, language: Language, texts: Texts): string {
  const date = form === 'text' || typeof value !== 'string' ? null : new Date(value);
  if (date !== null && !Number.isNaN(date.getTime()))
    return (form === 'date' ? dayIn(language) : momentIn(language)).format(date);
  return inWords(value, texts);
}

function inWords(value: Json, texts: Texts): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (Array.isArray(value)) return value.map((item) => inWords(item, texts)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function sessionRow(
  { isCurrent, browser, system, provider, lastUsed }: ShownSession,
  language: Language,
  texts: Texts,
) {
  const { sessions } = texts;
  const name = browser ?? sessions.unknownBrowser;
  const label = system === null ? name : fill(sessions.browserOn, { browser: name, system });
  const by = provider === null ? sessions.byPassword : fill(sessions.byProvider, { name: provider });
  const used = isCurrent ? sessions.thisDevice : fill(sessions.lastUsed, { date: momentIn(language).format(lastUsed) });
  return row(label, html`<p>${isCurrent ? html`<strong>${used}</strong>` : used}</p><p class="quiet">${by}</p>`);
}

const dayIn = (language: Language) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });

const momentIn = (language: Language) =>
  new Intl.DateTimeFormat(language, {
    ...{ day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' },
    ...{ timeZone: 'UTC', timeZoneName: 'short' },
  });
