/** Which addresses an application may be sent to (RFC 8252 §7, RFC 9700 §4.1; rulings 5). Pure. */
import type { ApplicationType } from '../schema.ts';

const MAX_LENGTH = 1000;
/** Characters of RFC 3986, so that what is compared byte by byte is what a browser will open. */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
/** A private-use scheme is a domain name in reverse (RFC 8252 §7.1). */
const PRIVATE_SCHEME = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Why the address cannot be used, as a sentence; null when it can. */
export function redirectUriProblem(uri: string, applicationType: ApplicationType): string | null {
  const problem = commonProblem(uri);
  if (problem !== null) return problem;
  const url = URL.parse(uri)!;
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:')
    return LOOPBACK.has(url.hostname) ? null : 'must use https; http is for localhost, 127.0.0.1 and [::1] only';
  if (applicationType !== 'native') return 'must use https';
  return PRIVATE_SCHEME.test(url.protocol)
    ? null
    : 'must use https, http on loopback, or a private-use scheme such as com.example.app:/callback';
}

/** The same for an address that a browser opens as a page: https, or http on loopback. */
export function pageUriProblem(uri: string): string | null {
  return redirectUriProblem(uri, 'web');
}

function commonProblem(uri: string): string | null {
  if (uri.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (!URI_CHARACTERS.test(uri)) return 'holds characters that do not belong in an address; write them percent-encoded';
  if (uri.includes('#')) return 'must not have a fragment';
  if (uri.includes('*')) return 'must not have a wildcard; list every address in full';
  const url = URL.parse(uri);
  if (url === null) return 'is not an absolute address';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && !/^https?:\/\/[^/]/.test(uri) ? 'must name a host' : null;
}
