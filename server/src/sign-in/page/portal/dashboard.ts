/** The dashboard: a tile for each application. */
import { type Html, html, safeAddress } from '../html.ts';
import { textsIn } from '../language.ts';
import { page } from '../layout.ts';
import { FILTER_SCRIPT } from '../scripts.ts';
import { type PortalPage, topBar, who } from './frame.ts';

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
