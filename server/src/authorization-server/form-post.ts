/** The form that posts itself to the application (Form Post Response Mode). No text in it is trusted (security.md P5). */
import type { FastifyReply } from 'fastify';
import { pageHeaders } from '../http/index.ts';
import { randomSecret } from '../shared/ids.ts';
import { PRODUCT } from '../shared/product.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

const page = (nonce: string, title: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · ${PRODUCT}</title>
<style nonce="${nonce}">body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}
button{font:inherit;padding:.5rem 1.25rem}code{overflow-wrap:anywhere}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`;

const hiddenFields = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');

/** Posts the fields to the application at once, or by a button where scripts are off (Form Post Response Mode §2). */
export function sendFormPost(reply: FastifyReply, action: string, fields: Record<string, string>): FastifyReply {
  const nonce = randomSecret(16);
  const form = `<p>You are being returned to the application.</p>
<form method="post" action="${escapeHtml(action)}">${hiddenFields(fields)}<button type="submit">Continue</button></form>
<script nonce="${nonce}">document.forms[0].submit()</script>`;
  return pageHeaders(reply, { nonce, script: true, formTarget: action }).send(page(nonce, 'Signing in', form));
}
