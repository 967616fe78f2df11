import { html, type Part } from '../../pages/html.ts';
import { type ChosenFault, faultsOf, type Protocol } from '../faults/table.ts';
import { complaint, fact, frame } from '../pages/frame.ts';
import { nameOf, type Person } from '../people/persons.ts';
import type { Claims } from '../people/policies.ts';

interface ChooseView {
  uid: string;
  application: string;
  protocol: Protocol;
  policy: string;
  persons: readonly Person[];
  preset: ChosenFault | null;
  problem?: string;
}

/** Who signs in, and what is rehearsed. One press signs in; the fault is chosen beforehand. */
export function choosePage({ uid, application, protocol, policy, persons, preset, problem }: ChooseView): string {
  return frame(
    'Choose a person',
    html`<section class="card">
<h1>Sign in to ${application}</h1>
<p class="quiet">It asks for the policy <code>${policy}</code>. Choose who you are.</p>
${complaint(problem)}
<form method="post" action="/sign-in/${uid}">
<ul class="people">${persons.map((person) => personChoice(person, uid))}</ul>
<p><a href="/persons/new?sign-in=${uid}">Create a person</a></p>
${faultChooser(preset, protocol)}
</form>
</section>`,
    { links: false },
  );
}

function personChoice(person: Person, uid: string): Part {
  return html`<li>
<button name="person" value="${person.uuid}"><span>${nameOf(person)}</span><span class="small">${person.email}</span></button>
<a class="button" href="/persons/${person.uuid}?sign-in=${uid}" aria-label="Edit ${nameOf(person)}">Edit</a>
</li>`;
}

function faultChooser(preset: ChosenFault | null, protocol: Protocol): Part {
  return html`<details${preset !== null && html` open`}>
<summary>Rehearse a fault</summary>
${preset !== null && html`<p class="small quiet">Set beforehand through the control API.</p>`}
<div class="field">
<label for="fault">Fault of this sign-in</label>
<select id="fault" name="fault">
<option value="">None: everything goes well</option>
${faultsOf(protocol).map(({ name }) => html`<option value="${name}"${preset?.fault === name && html` selected`}>${name}</option>`)}
</select>
<p class="small quiet"><a href="/faults" target="_blank" rel="noopener">What each of them does</a> (in a new tab)</p>
</div>
<div class="field">
<label for="parameter">Claim or seconds</label>
<input id="parameter" name="parameter" value="${preset?.parameter ?? ''}" autocomplete="off" aria-describedby="parameter-help">
<p class="small quiet" id="parameter-help">For missing_claim, null_attribute and the two clock skews. Blank takes the usual value.</p>
</div>
</details>`;
}

interface ConsentView {
  uid: string;
  application: string;
  person: Person;
  released: Claims;
  chosen: ChosenFault | null;
}

/** What is shared with whom; Allow or Deny. */
export function consentPage({ uid, application, person, released, chosen }: ConsentView): string {
  return frame(
    `Share with ${application}`,
    html`<section class="card">
<h1>Share with ${application}</h1>
<p class="quiet">${application} will receive this about ${nameOf(person)}.</p>
<dl class="tight">${Object.entries(released).map(([name, value]) => fact(html`<code>${name}</code>`, shown(value)))}</dl>
${chosen !== null && html`<p class="small">Rehearsing <code>${chosen.fault}</code>${chosen.parameter && html` (<code>${chosen.parameter}</code>)`}.</p>`}
<form method="post" action="/sign-in/${uid}/consent">
<input type="hidden" name="person" value="${person.uuid}">
<input type="hidden" name="fault" value="${chosen?.fault ?? ''}">
<input type="hidden" name="parameter" value="${chosen?.parameter ?? ''}">
<div class="actions"><button class="primary" name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></div>
</form>
</section>`,
    { links: false },
  );
}

function shown(value: unknown): Part {
  if (value === null) return html`<span class="quiet">no value</span>`;
  return Array.isArray(value) ? value.join(', ') : String(value);
}
