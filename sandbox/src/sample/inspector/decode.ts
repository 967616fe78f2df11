/** A compact JWS taken apart, nothing verified (RFC 7515 §7.1). */
export interface Decoded {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  /** base64url, possibly empty. */
  signature: string;
}

/** A sentence instead, when the text is no such token. */
export function decode(token: string): Decoded | string {
  const parts = token.trim().split('.');
  if (parts.length === 5) return 'It is encrypted (five parts): only its recipient can read it.';
  if (parts.length !== 3)
    return `It has ${parts.length} ${parts.length === 1 ? 'part' : 'parts'}; a signed token has three, separated by dots.`;
  const [header, payload] = [objectIn(parts[0] as string), objectIn(parts[1] as string)];
  if (header === null) return 'Its header is not a JSON object in base64url.';
  if (payload === null) return 'Its payload is not a JSON object in base64url.';
  return { header, payload, signature: parts[2] as string };
}

function objectIn(part: string): Record<string, unknown> | null {
  if (!/^[\w-]+$/.test(part)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
