/**
 * The one way from the console to the hub: same origin, JSON, the header that makes a browser's session count. It knows no resource.
 * A missing session leaves the page for the sign-in page and comes back to it.
 */
import { errorOf } from './errors.ts';

export interface Answer<T> {
  body: T;
  etag: string | null;
  /** Path and query of the next page; null on the last one. */
  next: string | null;
}

export interface RequestOptions {
  body?: unknown;
  /** Sent as it is, in the place of a body. */
  file?: { content: Blob; type: string };
  /** Refuses the change with 412 when the object was changed since this version was read. */
  etag?: string | null;
  signal?: AbortSignal;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Throws RequestError. Resolves never when there is no session: the browser is on its way to the sign-in page. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: 'application/json', 'x-gatehouse-console': '1' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.file !== undefined) headers['content-type'] = options.file.type;
  if (options.etag) headers['if-match'] = options.etag;
  const response = await fetch(path, {
    method,
    headers,
    credentials: 'same-origin',
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.file === undefined ? {} : { body: options.file.content }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (!response.ok) {
    const error = await errorOf(response);
    if (response.status === 401 || error.errorCode === 'E0000005') return signIn();
    throw error;
  }
  const text = await response.text();
  return {
    body: (text === '' ? null : JSON.parse(text)) as T,
    etag: response.headers.get('etag'),
    next: nextOf(response.headers.get('link')),
  };
}

function signIn(): Promise<never> {
  const here = location.pathname + location.search;
  location.assign(`/login/default?fromURI=${encodeURIComponent(here)}`);
  return new Promise<never>(() => {});
}

/** Of a Link header only path and query count, so that a hub behind another name still pages on this origin. */
function nextOf(header: string | null): string | null {
  const target = header === null ? undefined : /<([^>]+)>\s*;\s*rel="next"/.exec(header)?.[1];
  if (target === undefined) return null;
  const url = new URL(target, location.origin);
  return url.pathname + url.search;
}

/** `?a=1&b=2` from what is set; empty when nothing is. */
export function query(parameters: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
