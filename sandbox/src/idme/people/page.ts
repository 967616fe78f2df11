import { html } from '../../pages/html.ts';
import { complaint, frame } from '../pages/frame.ts';
import { nameOf, PERSON_FIELDS, type Person } from './persons.ts';

export function personsPage(persons: readonly Person[]): string {
  return frame(
    'Persons',
    html`<section class="card">
<h1>Persons</h1>
<p class="quiet">They are the same after every start; changes last until the sandbox stops.</p>
<table class="stack"><thead><tr><th scope="col">Name</th><th scope="col">Email</th><th scope="col">uuid</th></tr></thead>
<tbody>${persons.map(
      (person) =>
        html`<tr><td><a href="/persons/${person.uuid}">${nameOf(person)}</a></td><td>${person.email}</td><td><code>${person.uuid}</code></td></tr>`,
    )}</tbody></table>
<p></p>
<div class="actions"><a class="button primary" href="/persons/new">Create a person</a></div>
</section>`,
    { wide: true },
  );
}

interface PersonView {
  /** undefined: a person to be created. */
  uuid?: string;
  values: Partial<Person>;
  /** The sign-in to go back to. */
  signIn: string;
  problem?: string;
}

/** Creating or changing a person: a later sign-in has the same uuid and the new values. */
export function personPage({ uuid, values, signIn, problem }: PersonView): string {
  const title = uuid === undefined ? 'Create a person' : 'Edit a person';
  return frame(
    title,
    html`<section class="card">
<h1>${title}</h1>
${uuid !== undefined && html`<p class="quiet">The uuid <code>${uuid}</code> stays the same whatever changes below.</p>`}
${complaint(problem)}
<form method="post" action="/persons/${uuid ?? 'new'}">
<input type="hidden" name="sign-in" value="${signIn}">
<div class="grid">${PERSON_FIELDS.map(
      ({ name, label, required }) => html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${values[name] ?? ''}" autocomplete="off"${required && html` required`}></div>`,
    )}</div>
<div class="actions"><button class="primary">Save</button><a href="${signIn === '' ? '/persons' : `/sign-in/${signIn}`}">Cancel</a></div>
</form>
</section>`,
    { wide: true, links: signIn === '' },
  );
}
