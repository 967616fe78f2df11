/** The few scripts of the hosted pages. Each page works without; none writes markup (Trusted Types). */
import { literal } from './html.ts';

/** Shows the filter field, and hides the entries of its list that do not hold what is typed. */
export const FILTER_SCRIPT = literal`
for (const box of document.querySelectorAll('[data-filter]')) {
  const field = box.querySelector('input');
  const entries = [...document.getElementById(box.dataset.filter).children];
  const none = document.getElementById(box.dataset.filter + '-none');
  box.hidden = false;
  if (box.dataset.focus === 'true') field.focus();
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase();
    for (const entry of entries) entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    none.hidden = entries.some((entry) => !entry.hidden);
  });
}
`;

export const COPY_SCRIPT = literal`{
const button = document.getElementById('copy');
const code = document.getElementById('code');
button.hidden = false;
button.addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = button.dataset.done;
  } catch {
    getSelection().selectAllChildren(code);
  }
});
}`;

/** A field could be named "submit" and hide the form's own method. */
export const POST_SCRIPT = literal`
HTMLFormElement.prototype.submit.call(document.getElementById('post'));
`;
