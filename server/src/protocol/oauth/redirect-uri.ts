/** Where an answer may go (security.md P1, P5): what was registered, byte for byte. */

/** http on the machine itself: the only place whose port may differ from the registered one (RFC 8252 §7.3). */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::([1-9]\d{0,4}))?([/?].*)?$/;
/** Printable ASCII without what parsers disagree about: spaces, quotes, angle brackets, backslash, fragment. */
const PLAIN = /^[a-z][a-z0-9+.-]*:[!$-;=?-[\]_a-z~]+$/i;
/** Schemes that a browser runs or resolves by itself. */
const BROWSER_SCHEMES = new Set([
  'javascript',
  'data',
  'vbscript',
  'blob',
  'file',
  'filesystem',
  'about',
  'view-source',
  'ws',
  'wss',
  'ftp',
  'intent',
  'mailto',
  'tel',
  'jar',
]);

/** Whether an application of this type may have the URI at all: https, http, and for native applications schemes of their own. */
export function isSafeRedirectUri(uri: string, applicationType: string): boolean {
  if (uri.length > 2000 || !PLAIN.test(uri)) return false;
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase();
  if (scheme === 'https' || scheme === 'http') return isPlainHttp(uri);
  return applicationType === 'native' && !BROWSER_SCHEMES.has(scheme);
}

function isPlainHttp(uri: string): boolean {
  if (!/^https?:\/\/[^/?@]+/i.test(uri)) return false;
  try {
    const url = new URL(uri);
    return url.username === '' && url.password === '' && url.hostname !== '';
  } catch {
    return false;
  }
}

/**
 * Whether a requested URI is one of the registered ones: equal byte for byte, or, for a native application, equal but for the port
 * of a loopback address. No wildcard, no normalisation.
 */
export function matchesRedirectUri(requested: string, registered: readonly string[], applicationType: string): boolean {
  if (!isSafeRedirectUri(requested, applicationType)) return false;
  if (registered.includes(requested)) return true;
  return applicationType === 'native' && registered.some((uri) => differsInLoopbackPort(requested, uri));
}

function differsInLoopbackPort(requested: string, registered: string): boolean {
  const [a, b] = [LOOPBACK.exec(requested), LOOPBACK.exec(registered)];
  if (a === null || b === null) return false;
  return a[1] === b[1] && (a[3] ?? '') === (b[3] ?? '') && Number(a[2] ?? 80) <= 65_535;
}
