/** Headers of every HTML page (security.md §4.4, rulings 27) and of personal JSON. */
import type { FastifyReply } from 'fastify';

export interface PagePolicy {
  /** Of the page's inline style; also of its script, where it has one. */
  nonce: string;
  /** Whether the page has a script of its own (under the nonce). */
  script?: boolean;
  /** The one place that an auto-submitted form posts to. Other pages have no form-action (Chromium would apply it to later redirects). */
  formTarget?: string;
}

export function pageHeaders(reply: FastifyReply, policy: PagePolicy): FastifyReply {
  const directives = [
    "default-src 'none'",
    `style-src 'nonce-${policy.nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ];
  if (policy.script) directives.push(`script-src 'nonce-${policy.nonce}'`);
  if (policy.formTarget !== undefined) directives.push(`form-action ${formSource(policy.formTarget)}`);
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', directives.join('; '))
    .header('cache-control', 'no-store')
    .header('x-robots-tag', 'noindex');
}

/** A CSP source cannot hold ';' or ',' nor a query string: origin and path are what it compares. */
function formSource(target: string): string {
  const url = new URL(target);
  return url.origin === 'null'
    ? `${url.protocol}`
    : `${url.origin}${url.pathname.replace(/[;,]/g, (c) => encodeURIComponent(c))}`;
}

/** Headers of every response, page or not. */
export function commonHeaders(https: boolean): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    // Programs of other origins read by CORS, which this does not concern; pages of other origins embed nothing of ours.
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    'x-frame-options': 'DENY',
    ...(https ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}
