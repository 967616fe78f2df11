/** How an answer of authorize travels (OAuth 2.0 Multiple Response Types, Form Post Response Mode). */
export const RESPONSE_TYPES = ['code', 'id_token', 'code id_token'] as const;
export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseType = (typeof RESPONSE_TYPES)[number];
export type ResponseMode = (typeof RESPONSE_MODES)[number];

/** The response type as it is listed, whatever the order of its words; null for one that is not offered. */
export function responseTypeOf(text: string | undefined): ResponseType | null {
  const words = (text ?? '').split(' ').sort().join(' ');
  return RESPONSE_TYPES.find((type) => type === words) ?? null;
}

export const defaultMode = (type: ResponseType): ResponseMode => (type === 'code' ? 'query' : 'fragment');

/** The redirect URI with the parameters in its query or fragment; the URI's own bytes stay as they are. */
export function responseUrl(
  redirectUri: string,
  mode: 'query' | 'fragment',
  parameters: Record<string, string>,
): string {
  const encoded = new URLSearchParams(parameters).toString();
  const separator = mode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?';
  return `${redirectUri}${separator}${encoded}`;
}
