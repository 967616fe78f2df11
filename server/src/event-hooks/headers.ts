/** Headers that an administrator may add to the calls of a hook. Pure. What belongs to the connection or to us is not theirs. */
const OURS = new Set([
  ...['accept', 'content-type', 'content-length', 'content-encoding', 'user-agent', 'host', 'origin', 'date', 'expect'],
  ...['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'proxy-authorization'],
  ...['proxy-connection', 'proxy-authenticate', 'cookie', 'set-cookie', 'x-okta-verification-challenge'],
  ...['webhook-id', 'webhook-timestamp', 'webhook-signature'],
]);
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What RFC 9110 §5.5 allows in a value, without line breaks and without bytes beyond ASCII. */
const VALUE = /^[\x20-\x7e\t]*$/;

/** Why a header cannot be sent; null when it can. */
export function headerProblem(name: string, value: string): string | null {
  if (!NAME.test(name)) return `"${name.slice(0, 60)}" is not a header name; letters, digits and dashes are`;
  if (OURS.has(name.toLowerCase()) || /^proxy-|^sec-/i.test(name))
    return `"${name}" cannot be set: it belongs to the connection or to the hook itself`;
  if (!VALUE.test(value)) return `the value of "${name}" holds a line break or a character outside ASCII`;
  return null;
}
