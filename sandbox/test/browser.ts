/** A browser without a screen: keeps cookies by path, sends forms, follows nothing by itself. */
export interface Answer {
  status: number;
  location: string;
  text: string;
  headers: Headers;
}

export interface TestBrowser {
  get(address: string, headers?: Record<string, string>): Promise<Answer>;
  post(address: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** Follows the redirects of an answer as long as they stay on this server. */
  follow(answer: Answer): Promise<Answer>;
}

export function createBrowser(origin: string): TestBrowser {
  const jar = new Map<string, { value: string; path: string }>();
  const send = async (address: string, init: RequestInit): Promise<Answer> => {
    const url = new URL(address, origin);
    const cookies = [...jar].filter(([, { path }]) => url.pathname.startsWith(path));
    const headers = new Headers(init.headers);
    if (cookies.length > 0) headers.set('cookie', cookies.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) as unknown as [string, string, string];
      const path = /; ?path=([^;]+)/i.exec(cookie)?.[1] ?? '/';
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie) || value === '') jar.delete(name);
      else jar.set(name, { value, path });
    }
    const { status } = response;
    return {
      status,
      location: response.headers.get('location') ?? '',
      text: await response.text(),
      headers: response.headers,
    };
  };
  const browser: TestBrowser = {
    get: (address, headers = {}) => send(address, { headers }),
    post: (address, form, headers = {}) => send(address, { method: 'POST', body: new URLSearchParams(form), headers }),
    async follow(answer) {
      if (answer.location === '') return answer;
      const target = new URL(answer.location, origin);
      return target.origin === origin ? browser.follow(await browser.get(target.href)) : answer;
    },
  };
  return browser;
}
