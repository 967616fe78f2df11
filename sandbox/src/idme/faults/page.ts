import { html } from '../../pages/html.ts';
import { frame } from '../pages/frame.ts';
import { FAULTS } from './table.ts';

/** Every fault: what the sandbox does and what a relying party should make of it. */
export function faultsPage(): string {
  const rows = FAULTS.map(
    ({ name, does, expect, parameter }) => html`<tr><th scope="row"><code>${name}</code></th>
<td>${does}${parameter && html` ${parameter.label}: <code>${parameter.preset}</code> unless given.`}</td><td class="quiet">${expect}</td></tr>`,
  );
  return frame(
    'Faults',
    html`<section class="card">
<h1>Faults</h1>
<p class="quiet">Chosen for one sign-in when a person is chosen, or beforehand through the control API.</p>
<table class="stack"><thead><tr><th scope="col">Name</th><th scope="col">What happens</th><th scope="col">What to make of it</th></tr></thead>
<tbody>${rows}</tbody></table>
</section>`,
    { wide: true },
  );
}
