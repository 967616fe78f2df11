import { html } from '../../pages/html.ts';
import { frame } from './frame.ts';

/** A page on which a sign-in ends without going back to the relying party. */
export function problemPage({ title, text }: { title: string; text: string }): string {
  return frame(title, html`<section class="card"><h1>${title}</h1><p>${text}</p></section>`, { links: false });
}
