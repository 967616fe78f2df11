/** A hub with one provider and one application, and journeys of people through them. */
import { startHub, type TestHub } from './app.ts';
import { expectSignedIn } from './attacks.ts';
import { type Answer, type Browser, createBrowser } from './browser.ts';
import { atProvider, authorizeUrl, CLAIMS, type Federation, federate, idpBody } from './federation.ts';
import { type StubProvider, startStubProvider } from './stub-openid-provider.ts';

export const SID_COOKIE = '__Host-gatehouse_sid';
export const TX_COOKIE = '__Host-gatehouse_tx_';
/** What the console's calls carry beside the session cookie. */
export const CONSOLE = { 'sec-fetch-site': 'same-origin', 'x-gatehouse-console': '1' };

export interface Journey {
  browser: Browser;
  /** The redirect to the provider, or whatever else the hub answered. */
  away: Answer;
  verifier: string;
}

export interface Person extends Record<string, unknown> {
  sub: string;
  email: string;
}

export interface Stage {
  hub: TestHub;
  provider: StubProvider;
  federation: Federation;
  /** The name under which a browser keeps the hub's cookies. */
  host: string;
  /** Claims of somebody who was never here. */
  newPerson(more?: Record<string, unknown>): Person;
  /** A second identity provider over the same stub. */
  createIdp(more?: Parameters<typeof idpBody>[1], at?: StubProvider): Promise<string>;
  start(more?: Record<string, string | null>, browser?: Browser): Promise<Journey>;
  finish(journey: Journey, at?: StubProvider): Promise<Answer>;
  /** The whole way with the claims as they stand; returns the claims of the ID token. */
  signsIn(more?: Record<string, string | null>, browser?: Browser): Promise<Record<string, unknown>>;
  /** A local sign-in: the answer to the form. */
  password(browser: Browser, login: string, password: string, at?: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function createStage(options: Parameters<typeof startHub>[0] = {}): Promise<Stage> {
  const hub = await startHub(options);
  const provider = await startStubProvider(() => hub.clock.now());
  const federation = await federate(hub, provider);
  let people = 0;
  let providers = 0;
  const stage: Stage = {
    hub,
    provider,
    federation,
    host: new URL(hub.url).host,
    newPerson(more = {}) {
      people++;
      const names = { given_name: 'Gary', family_name: `Twinkle ${people}` };
      return { ...CLAIMS, ...names, sub: `subject-${people}`, email: `person-${people}@example.com`, ...more };
    },
    async createIdp(more = {}, at = provider) {
      providers++;
      const body = idpBody(at, { name: `Provider ${providers}`, ...more });
      return (await hub.api<{ id: string }>('POST', '/api/v1/idps', body)).id;
    },
    async start(more = {}, browser = createBrowser()) {
      const asked = authorizeUrl(hub, federation.clientId, more);
      return { browser, away: await browser.get(asked.url), verifier: asked.verifier };
    },
    finish: ({ browser, away }, at = provider) => atProvider(hub, at, browser, away),
    async signsIn(more = {}, browser = createBrowser()) {
      const journey = await stage.start(more, browser);
      return expectSignedIn(hub, federation, journey.verifier, await stage.finish(journey));
    },
    async password(browser, login, password, at = `${hub.url}/login/default`) {
      const page = await browser.follow(await browser.get(at));
      return browser.post(`${page.url}/password`, { login, password });
    },
    async close() {
      await provider.close();
      await hub.close();
    },
  };
  return stage;
}
