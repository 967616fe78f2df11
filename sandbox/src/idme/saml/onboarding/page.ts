import { html } from '../../../pages/html.ts';
import { complaint, fact, frame } from '../../pages/frame.ts';
import { POLICIES } from '../../people/policies.ts';
import { ENCRYPTIONS, ISSUER, SAML_PATHS } from '../names.ts';
import type { ServiceProvider } from './service-providers.ts';

export type DeskForm = Partial<
  Record<
    | 'name'
    | 'metadata'
    | 'audience'
    | 'acs_url'
    | 'certificate'
    | 'policy'
    | 'signs'
    | 'signature_algorithm'
    | 'encryption',
    string
  >
>;

interface DeskView {
  providers: readonly ServiceProvider[];
  values: DeskForm;
  problem?: string;
}

/** Takes metadata, or audience, ACS URL and certificate, as the guide says one hands them over. */
export function samlDeskPage({ providers, values, problem }: DeskView): string {
  return frame(
    'Onboarding desk for SAML',
    html`<section class="card">
<h1>Onboarding desk for SAML</h1>
<p class="quiet">Plays the Solution Consultant: paste the metadata of your service provider, or give audience, ACS URL and certificate.</p>
${complaint(problem)}
<form method="post" action="/desk/saml">
${field('name', 'Name of your application', values.name, 'Shown when a person is asked to share. Blank takes the host of the ACS URL.')}
${area('metadata', 'Metadata (XML)', values.metadata, 'The whole document. What is given below wins over it.')}
${field('audience', 'Audience URI', values.audience, 'The entity ID of your service provider.')}
${area('acs_url', 'ACS URL', values.acs_url, 'Exactly as it will be sent. Several: one a line.')}
${area('certificate', 'Signing and encryption certificate', values.certificate, 'PEM, or the text between the ds:X509Certificate tags.')}
${choice(
  'policy',
  'Policy',
  values.policy ?? 'http://idmanagement.gov/ns/assurance/ial/2/aal/2',
  POLICIES.map(({ handle }) => handle),
)}
${choice('signs', 'Signed', values.signs ?? 'both', ['both', 'assertion', 'response'])}
${choice('signature_algorithm', 'Signature', values.signature_algorithm ?? 'sha256', ['sha256', 'sha512'])}
${choice('encryption', 'Encryption of assertions', values.encryption ?? 'aes256-cbc', [...Object.keys(ENCRYPTIONS), 'none'])}
<button class="primary">Register</button>
</form>
</section>
<section class="card"><h2>Registered service providers</h2>
${
  providers.length === 0
    ? html`<p class="quiet">None yet.</p>`
    : html`<table class="stack"><thead><tr><th scope="col">Name</th><th scope="col">Audience URI</th><th scope="col">ACS URL</th></tr></thead><tbody>${providers.map(
        ({ name, entity_id, acs_urls }) =>
          html`<tr><td>${name}</td><td><code>${entity_id}</code></td><td><code>${acs_urls.join(' ')}</code></td></tr>`,
      )}</tbody></table>`
}
</section>`,
    { wide: true },
  );
}

const field = (
  name: string,
  label: string,
  value = '',
  help: string,
) => html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${value}" autocomplete="off" aria-describedby="${name}-help">
<p class="small quiet" id="${name}-help">${help}</p></div>
`;

const area = (
  name: string,
  label: string,
  value = '',
  help: string,
) => html`<div class="field"><label for="${name}">${label}</label>
<textarea id="${name}" name="${name}" aria-describedby="${name}-help">${value}</textarea>
<p class="small quiet" id="${name}-help">${help}</p></div>
`;

const choice = (
  name: string,
  label: string,
  value: string,
  options: readonly string[],
) => html`<div class="field"><label for="${name}">${label}</label>
<select id="${name}" name="${name}">${options.map((option) => html`<option${option === value && html` selected`}>${option}</option>`)}</select></div>
`;

/** What the desk hands back: everything the guide's form asks for. */
export function registeredPage(provider: ServiceProvider, url: string, certificate: string): string {
  const code = (value: string) => html`<code>${value}</code>`;
  const signOn = `${url}${SAML_PATHS.signOn}?AuthnContext=${provider.policies[0]}`;
  return frame(
    'What to enter for ID.me',
    html`<section class="card">
<h1>What to enter for ID.me</h1>
<p class="quiet">For ${provider.name}, registered as ${code(provider.entity_id)}. It lasts until the sandbox stops.</p>
<dl>
${fact('IdP Issuer URI', code(ISSUER))}
${fact('IdP Single Sign-On URL', code(signOn))}
${fact('Destination', code(signOn))}
${fact('Metadata', code(`${url}${SAML_PATHS.metadataProvider}`))}
${fact('Request binding', 'HTTP POST, signed with SHA-256')}
${fact('Signing certificate', html`<textarea readonly aria-label="Signing certificate">${certificate}</textarea>`)}
</dl>
<div class="actions"><a class="button" href="/desk/saml">Register another</a><a class="button" href="${SAML_PATHS.start}">Start from here</a></div>
</section>`,
    { wide: true },
  );
}
