/** A browser as far as HTTP goes: cookies per host, redirects one at a time, forms with an origin. */
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
  /** Absolute; null where there is no redirect. */
  location: string | null;
  url: string;
}

export interface Browser {
  get(url: string): Promise<Answer>;
  /** A form sent from a page of the same origin, unless `origin` says otherwise. */
  post(url: string, form: Record<string, string>, options?: { origin?: string }): Promise<Answer>;
  /** Follows redirects while `until` is false; the answer that is not followed is returned. */
  follow(answer: Answer, until?: (location: string) => boolean): Promise<Answer>;
  cookies(host: string): Map<string, string>;
  /** A copy with the same cookies: another tab, or a thief. */
  clone(): Browser;
}

const MAX_REDIRECTS = 15;

/** `reach` says where an address is really reached: two hubs behind one. Cookies are the address's. */
export function createBrowser(
  jars = new Map<string, Map<string, string>>(),
  reach: (url: string) => string = (url) => url,
): Browser {
  const jarOf = (host: string) => {
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  async function send(url: string, init: RequestInit): Promise<Answer> {
    const { host } = new URL(url);
    const cookie = [...jarOf(host)].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      accept: 'text/html',
      ...(init.headers as Record<string, string>),
      ...(cookie === '' ? {} : { cookie }),
    };
    const response = await fetch(reach(url), { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(jarOf(host), line);
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: location === null ? null : new URL(location, url).href,
      url,
    };
  }
  const browser: Browser = {
    get: (url) => send(url, {}),
    post: (url, form, options = {}) =>
      send(url, {
        method: 'POST',
        body: new URLSearchParams(form).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: options.origin ?? new URL(url).origin,
          'sec-fetch-site': options.origin === undefined ? 'same-origin' : 'cross-site',
        },
      }),
    async follow(answer, until = () => false) {
      let current = answer;
      for (let i = 0; i < MAX_REDIRECTS && current.location !== null && !until(current.location); i++)
        current = await browser.get(current.location);
      return current;
    },
    cookies: jarOf,
    clone: () => createBrowser(new Map([...jars].map(([host, jar]) => [host, new Map(jar)])), reach),
  };
  return browser;
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const name = pair.slice(0, pair.indexOf('=')).trim();
  const gone = attributes.some(
    (attribute) => /^\s*max-age=0\s*$/i.test(attribute) || /^\s*expires=thu, 01 jan 1970/i.test(attribute),
  );
  if (gone) jar.delete(name);
  else jar.set(name, pair.slice(pair.indexOf('=') + 1));
}
