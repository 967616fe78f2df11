/** Attacks on the way to a provider and back (security goals O6-O8, O10, O13, G9, C2), on a whole hub. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import {
  expectAlive,
  expectNothingGained,
  expectRefused,
  expectSignedIn,
  logMark,
  logSince,
} from './support/attacks.ts';
import { type Answer, type Browser, createBrowser } from './support/browser.ts';
import {
  atProvider,
  authorizeUrl,
  CLAIMS,
  createClient,
  type Federation,
  federate,
  idpBody,
  REDIRECT_URI,
} from './support/federation.ts';
import { type StubProvider, startStubProvider } from './support/stub-openid-provider.ts';

const MINUTE = 60_000;
const TX_COOKIE = '__Host-gatehouse_tx_';
const SID_COOKIE = '__Host-gatehouse_sid';

let hub: TestHub;
let honest: StubProvider;
let evil: StubProvider;
let federation: Federation;
let people = 0;
let providers = 0;

beforeAll(async () => {
  hub = await startHub();
  honest = await startStubProvider(() => hub.clock.now());
  evil = await startStubProvider(() => hub.clock.now());
  federation = await federate(hub, honest);
});
afterAll(async () => {
  await honest?.close();
  await evil?.close();
  await hub?.close();
});
beforeEach(() => {
  for (const provider of [honest, evil]) {
    provider.reset();
    provider.claims = newPerson();
  }
});

type Wire = Record<string, unknown> & { id: string };

function newPerson() {
  people++;
  const names = { given_name: 'Gary', family_name: `Twinkle ${people}` };
  return { ...CLAIMS, ...names, sub: `subject-${people}`, email: `person-${people}@example.com` };
}

const userIdOf = async (login: string) =>
  (await hub.call('GET', `/api/v1/users/${login}`)).status === 404
    ? null
    : (await hub.api<Wire>('GET', `/api/v1/users/${login}`)).id;

const callback = (query: URLSearchParams | Record<string, string>, idpId?: string) =>
  `${hub.url}/oauth2/v1/authorize/callback${idpId === undefined ? '' : `/${idpId}`}?${new URLSearchParams(query)}`;

async function createIdp(provider: StubProvider, protocol: Record<string, unknown> = {}, policy = {}): Promise<string> {
  providers++;
  const body = idpBody(provider, { name: `Provider ${providers}`, protocol, policy });
  return (await hub.api<Wire>('POST', '/api/v1/idps', body)).id;
}

interface Started {
  browser: Browser;
  away: Answer;
  verifier: string;
  /** What the hub asked the provider for. */
  sent: URLSearchParams;
}

async function start(more: Record<string, string | null> = {}, browser = createBrowser()): Promise<Started> {
  const asked = authorizeUrl(hub, federation.clientId, more);
  const away = await browser.get(asked.url);
  return { browser, away, verifier: asked.verifier, sent: new URL(away.location ?? 'none:').searchParams };
}

const finish = ({ browser, away }: Started, provider = honest, extra: Record<string, string> = {}) =>
  atProvider(hub, provider, browser, away, extra);

async function signsIn(more: Record<string, string | null> = {}, provider = honest, extra = {}, path?: string) {
  const started = await start(more);
  const answer = provider.answer(started.away.location!, extra);
  const back = await started.browser.get(callback(answer, path));
  return expectSignedIn(hub, federation, started.verifier, back);
}

describe('O6: an evil provider sends the person on to an honest one, under the state of its own sign-in', () => {
  interface Variant {
    name: string;
    honestSettings: Record<string, unknown>;
    evilSettings: Record<string, unknown>;
    /** What the honest provider adds to its answer. */
    says: () => Record<string, string>;
    /** Where the honest provider sends the person: the one registered for it. */
    ownUri: boolean;
    method: 'GET' | 'POST';
    code: string;
  }
  const iss = () => ({ iss: honest.issuer });
  const nothing = () => ({});
  const own = { perIdpRedirectUri: true };
  const VARIANTS: Variant[] = [
    {
      name: 'the honest one names itself',
      honestSettings: {},
      evilSettings: {},
      says: iss,
      ownUri: false,
      method: 'GET',
      code: 'callback_issuer_mismatch',
    },
    {
      name: 'the honest one names itself in a form that posts itself',
      honestSettings: { responseMode: 'form_post' },
      evilSettings: { responseMode: 'form_post' },
      says: iss,
      ownUri: false,
      method: 'POST',
      code: 'callback_issuer_mismatch',
    },
    {
      name: 'the evil one must name itself, the honest one does not',
      honestSettings: {},
      evilSettings: { requireIssParameter: true },
      says: nothing,
      ownUri: false,
      method: 'GET',
      code: 'callback_issuer_missing',
    },
    {
      name: 'the honest one has a redirect URI of its own',
      honestSettings: own,
      evilSettings: {},
      says: nothing,
      ownUri: true,
      method: 'GET',
      code: 'invalid_social_state',
    },
    {
      name: 'the evil one has a redirect URI of its own',
      honestSettings: {},
      evilSettings: own,
      says: nothing,
      ownUri: false,
      method: 'GET',
      code: 'invalid_social_state',
    },
    {
      name: 'both have redirect URIs of their own, and the forms post themselves',
      honestSettings: { ...own, responseMode: 'form_post' },
      evilSettings: { ...own, responseMode: 'form_post' },
      says: nothing,
      ownUri: true,
      method: 'POST',
      code: 'invalid_social_state',
    },
  ];

  it.each(VARIANTS)('$name: the code stays with the hub', async (variant) => {
    const honestId = await createIdp(honest, { settings: variant.honestSettings });
    const evilId = await createIdp(evil, { settings: variant.evilSettings });
    const { browser, sent } = await start({ idp: evilId });
    const uri = hub.config.url + new URL(callback({}, variant.ownUri ? honestId : undefined)).pathname;
    const relayed = new URL(`${honest.url}/authorize`);
    for (const name of ['response_type', 'scope', 'state', 'nonce', 'code_challenge', 'code_challenge_method'])
      relayed.searchParams.set(name, sent.get(name)!);
    relayed.searchParams.set('client_id', honest.clientId);
    relayed.searchParams.set('redirect_uri', uri);

    const stolen = honest.answer(relayed.href, variant.says());
    await expectRefused(
      hub,
      { code: variant.code, error: variant.code.startsWith('callback') ? 'access_denied' : 'server_error' },
      () =>
        variant.method === 'GET'
          ? browser.get(`${uri}?${stolen}`)
          : browser.post(uri, Object.fromEntries(stolen), { origin: honest.url }),
    );
    expect(evil.received.token).toEqual([]);
    expect(honest.received.token).toEqual([]);

    const says = variant.says();
    const honestPath = variant.honestSettings.perIdpRedirectUri === true ? honestId : undefined;
    const evilPath = variant.evilSettings.perIdpRedirectUri === true ? evilId : undefined;
    await signsIn({ idp: honestId }, honest, says, honestPath);
    await signsIn({ idp: evilId }, evil, { iss: evil.issuer }, evilPath);
  });

  it('does not accept the own redirect URI for a provider that was promised the shared one', async () => {
    const { browser, away } = await start();
    const answer = honest.answer(away.location!);
    await expectRefused(hub, { code: 'invalid_social_state', error: 'server_error' }, () =>
      browser.get(callback(answer, federation.idpId)),
    );
    expect(honest.received.token).toEqual([]);
    await signsIn();
  });
});

describe('O7: one subject at two providers', () => {
  it('is two people, unless an address that is trusted says otherwise', async () => {
    const other = await createIdp(evil);
    const first = await signsIn();
    evil.claims = { ...newPerson(), sub: honest.claims.sub };
    const second = await signsIn({ idp: other }, evil);
    expect(second.sub).not.toBe(first.sub);
    expect((await signsIn()).sub).toBe(first.sub);
    expect((await signsIn({ idp: other }, evil)).sub).toBe(second.sub);
  });

  it('stays one person when the provider is renamed, and nobody else inherits a name', async () => {
    const idpId = await createIdp(evil);
    const before = await signsIn({ idp: idpId }, evil);
    const idp = await hub.api<Wire>('GET', `/api/v1/idps/${idpId}`);
    await hub.api('PUT', `/api/v1/idps/${idpId}`, { ...idp, name: `${idp.name} renamed` });
    expect((await signsIn({ idp: idpId }, evil)).sub).toBe(before.sub);

    const heir = (await hub.api<Wire>('POST', '/api/v1/idps', idpBody(honest, { name: String(idp.name) }))).id;
    honest.claims = { ...newPerson(), sub: evil.claims.sub };
    expect((await signsIn({ idp: heir }, honest)).sub).not.toBe(before.sub);
  });

  it('is two people where one issuer is configured twice', async () => {
    const [one, two] = [await createIdp(evil), await createIdp(evil)];
    const first = await signsIn({ idp: one }, evil);
    evil.claims = { ...evil.claims, ...newPerson(), sub: evil.claims.sub };
    const second = await signsIn({ idp: two }, evil);
    expect(second.sub).not.toBe(first.sub);
  });

  it('is not linked to by an issuer that changed under a provider', async () => {
    const idpId = await createIdp(evil);
    const first = await signsIn({ idp: idpId }, evil);
    const idp = await hub.api<Wire>('GET', `/api/v1/idps/${idpId}`);
    const { protocol } = idpBody(honest);
    await hub.api('PUT', `/api/v1/idps/${idpId}`, { ...idp, protocol });
    honest.claims = { ...newPerson(), sub: evil.claims.sub };
    expect((await signsIn({ idp: idpId }, honest)).sub).not.toBe(first.sub);
  });
});

describe('O8: a state', () => {
  it('of another browser is nothing, and the one whose it is goes on', async () => {
    const victim = await start();
    const attacker = await start();
    const answer = honest.answer(attacker.away.location!);
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () => victim.browser.get(callback(answer)));
    expect(honest.received.token).toEqual([]);
    await expectSignedIn(hub, federation, attacker.verifier, await attacker.browser.get(callback(answer)));
  });

  it.each([
    ['missing', {}],
    ['empty', { state: '' }],
    ['made up', { state: randomBytes(16).toString('base64url') }],
    ['of another form', { state: '../../etc/passwd' }],
    ['very long', { state: 'x'.repeat(5000) }],
    ['a name of an object', { state: '__proto__' }],
  ])('that is %s is nothing', async (_name, state) => {
    const { browser } = await start();
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () =>
      browser.get(callback({ code: 'code-1', ...(state as Record<string, string>) })),
    );
    await signsIn();
  });

  it('that came twice is nothing', async () => {
    const started = await start();
    const answer = honest.answer(started.away.location!);
    const other = randomBytes(16).toString('base64url');
    const url = `${callback(answer)}&state=${other}`;
    await expectRefused(hub, { code: 'callback_parameter_repeated', error: 'access_denied' }, () =>
      started.browser.get(url),
    );
  });

  it('works once: replayed after success it opens nothing, also with the cookie kept by a thief', async () => {
    const started = await start();
    const thief = started.browser.clone();
    const answer = honest.answer(started.away.location!);
    await expectSignedIn(hub, federation, started.verifier, await started.browser.get(callback(answer)));
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () =>
      started.browser.get(callback(answer)),
    );
    const fresh = honest.answer(started.away.location!);
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () => thief.get(callback(fresh)));
  });

  it('works once: replayed after a failure it opens nothing', async () => {
    const started = await start();
    const thief = started.browser.clone();
    const denied = new URLSearchParams({ error: 'access_denied', state: started.sent.get('state')! });
    await expectRefused(hub, { code: 'user_canceled_request', error: null }, () =>
      started.browser.get(callback(denied)),
    );
    const answer = honest.answer(started.away.location!);
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () =>
      started.browser.get(callback(answer)),
    );
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () => thief.get(callback(answer)));
  });

  it('of 50 parallel answers makes exactly one session', async () => {
    const started = await start();
    const answer = honest.answer(started.away.location!);
    await answerAlways(started.sent.get('nonce'));
    const mark = await logMark(hub);
    const thieves = Array.from({ length: 50 }, () => started.browser.clone());
    const answers = await Promise.all(thieves.map((browser) => browser.get(callback(answer))));
    const won = answers.filter(({ location }) => location?.includes('code='));
    expect(won).toHaveLength(1);
    for (const lost of answers.filter((one) => one !== won[0])) {
      expectNothingGained(lost);
      expect(lost.status).toBe(400);
    }
    const events = await logSince(hub, mark);
    expect(events.filter(({ eventType }) => eventType === 'user.session.start')).toHaveLength(1);
    expect(events.filter(({ eventType }) => eventType === 'user.lifecycle.create')).toHaveLength(1);
    const failed = events.filter(
      ({ eventType, outcome }) => eventType === 'user.authentication.auth_via_IDP' && outcome.result === 'FAILURE',
    );
    expect(failed).toHaveLength(49);
    expect(new Set(failed.map(({ debugContext }) => debugContext.debugData.code))).toEqual(
      new Set(['invalid_social_state']),
    );
    await expectSignedIn(hub, federation, started.verifier, won[0]!);
    await expectAlive(hub);
  });

  it('that ran out leads to a page that starts again with the request of the application', async () => {
    const started = await start({ state: 'the-application-waits' });
    const answer = honest.answer(started.away.location!);
    hub.clock.advance(16 * MINUTE);
    const { answer: page } = await expectRefused(hub, { code: 'social_transaction_expired', error: null }, () =>
      started.browser.get(callback(answer)),
    );
    expect(honest.received.token).toEqual([]);
    const retry = /action="(\/signin\/[^"]+\/retry)"/.exec(page.body)?.[1];
    expect(retry).toBeDefined();
    const again = await started.browser.post(hub.url + retry!, {});
    expect(again.location).toContain(`${honest.url}/authorize`);
    const back = await started.browser.get(callback(honest.answer(again.location!)));
    expect(new URL(back.location!).searchParams.get('state')).toBe('the-application-waits');
    await expectSignedIn(hub, federation, started.verifier, back);
  });

  it('is forgotten together with its cookie an hour later', async () => {
    const started = await start();
    const answer = honest.answer(started.away.location!);
    for (const name of [...started.browser.cookies(new URL(hub.url).host).keys()])
      if (name.startsWith(TX_COOKIE)) started.browser.cookies(new URL(hub.url).host).delete(name);
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () =>
      started.browser.get(callback(answer)),
    );
  });
});

/** The provider answers every redemption of the code alike, so that only the hub decides who is first. */
async function answerAlways(nonce: string | null): Promise<void> {
  const at = Math.floor(hub.clock.now().getTime() / 1000);
  const binding = { iss: honest.issuer, aud: honest.clientId, iat: at, exp: at + 300, nonce };
  const idToken = await honest.sign({ ...binding, ...honest.claims });
  honest.token = () => ({
    body: JSON.stringify({ access_token: 'access-1', token_type: 'bearer', id_token: idToken }),
  });
}

describe('O10: a userinfo answer about somebody else', () => {
  it.each([
    ['another sub', (sub: string) => ({ sub: `${sub}x`, email: 'victim@example.com' })],
    ['no sub', () => ({ email: 'victim@example.com' })],
    ['a sub in a list', (sub: string) => ({ sub: [sub], email: 'victim@example.com' })],
  ])('%s: nobody is created or signed in', async (_name, body) => {
    const { endpoints } = idpBody(honest).protocol;
    const idpId = await createIdp(honest, {
      endpoints: { ...endpoints, userInfo: { url: `${honest.url}/userinfo`, binding: 'HTTP-REDIRECT' } },
    });
    const sub = String(honest.claims.sub);
    honest.userInfo = () => ({ body: JSON.stringify(body(sub)) });
    const started = await start({ idp: idpId });
    await expectRefused(hub, { code: 'userinfo_subject_mismatch', error: 'access_denied' }, () => finish(started));
    expect(await userIdOf('victim@example.com')).toBeNull();
    honest.userInfo = () => ({ body: JSON.stringify({ sub, zoneinfo: 'Europe/Brussels' }) });
    await signsIn({ idp: idpId });
  });
});

describe("O13: a victim's code in the attacker's sign-in", () => {
  it('is refused by the proof key', async () => {
    const victim = await start();
    const attacker = await start();
    const code = honest.answer(victim.away.location!).get('code')!;
    await expectRefused(hub, { code: 'token_code_refused', error: null }, () =>
      attacker.browser.get(callback({ code, state: attacker.sent.get('state')! })),
    );
    expect(attacker.browser.cookies(new URL(hub.url).host).has(SID_COOKIE)).toBe(false);
    const back = await victim.browser.get(callback({ code, state: victim.sent.get('state')! }));
    await expectSignedIn(hub, federation, victim.verifier, back);
  });

  it('is refused by the nonce where the provider has no proof keys', async () => {
    const idpId = await createIdp(honest, {
      credentials: {
        client: { client_id: honest.clientId, client_secret: honest.clientSecret, pkce_required: false },
      },
    });
    const victim = await start({ idp: idpId });
    const attacker = await start({ idp: idpId });
    expect(attacker.sent.has('code_challenge')).toBe(false);
    const code = honest.answer(victim.away.location!).get('code')!;
    await expectRefused(hub, { code: 'id_token_nonce_mismatch', error: 'access_denied' }, () =>
      attacker.browser.get(callback({ code, state: attacker.sent.get('state')! })),
    );
    await signsIn({ idp: idpId });
  });
});

describe('G9: between leaving and coming back', () => {
  interface Place {
    idpId: string;
    appId: string;
    rulePath: string;
    client: { clientId: string; clientSecret: string };
    /** Of a person who was here before. */
    userId: string;
  }
  interface Case {
    name: string;
    change: (place: Place) => Promise<unknown>;
    code: string;
    /** The error that goes to the application; null: a page. */
    error: string | null;
  }
  const lifecycle = (path: string) => hub.api('POST', path);
  const CASES: Case[] = [
    {
      name: 'the provider is deactivated',
      change: ({ idpId }) => lifecycle(`/api/v1/idps/${idpId}/lifecycle/deactivate`),
      code: 'idp_inactive',
      error: 'access_denied',
    },
    {
      name: 'the provider is deleted',
      change: ({ idpId }) => hub.api('DELETE', `/api/v1/idps/${idpId}`),
      code: 'idp_inactive',
      error: 'access_denied',
    },
    {
      name: 'the rule is deactivated',
      change: ({ rulePath }) => lifecycle(`${rulePath}/lifecycle/deactivate`),
      code: 'route_changed',
      error: null,
    },
    {
      name: 'the rule is deleted',
      change: ({ rulePath }) => hub.api('DELETE', rulePath),
      code: 'route_changed',
      error: null,
    },
    {
      name: 'the rule leads elsewhere',
      async change({ rulePath }) {
        const rule = await hub.api<{ actions: { idp: { providers: unknown[] } } }>('GET', rulePath);
        rule.actions.idp.providers = [{ type: 'OIDC', id: federation.idpId }];
        await hub.api('PUT', rulePath, rule);
      },
      code: 'route_changed',
      error: null,
    },
    {
      name: 'the application is deactivated',
      change: ({ appId }) => lifecycle(`/api/v1/apps/${appId}/lifecycle/deactivate`),
      code: 'app_inactive',
      error: null,
    },
    {
      name: 'the application is deleted',
      async change({ appId }) {
        await lifecycle(`/api/v1/apps/${appId}/lifecycle/deactivate`);
        await hub.api('DELETE', `/api/v1/apps/${appId}`);
      },
      code: 'app_inactive',
      error: null,
    },
    {
      name: 'the application loses the redirect URI of the request',
      async change({ appId }) {
        const app = await hub.api<{ settings: { oauthClient: { redirect_uris: string[] } } }>(
          'GET',
          `/api/v1/apps/${appId}`,
        );
        app.settings.oauthClient.redirect_uris = ['https://elsewhere.example.com/callback'];
        await hub.api('PUT', `/api/v1/apps/${appId}`, app);
      },
      code: 'app_inactive',
      error: null,
    },
    {
      name: 'the user is suspended',
      change: ({ userId }) => lifecycle(`/api/v1/users/${userId}/lifecycle/suspend`),
      code: 'invalid_user_status_error',
      error: 'access_denied',
    },
    {
      name: 'the user is deactivated',
      change: ({ userId }) => lifecycle(`/api/v1/users/${userId}/lifecycle/deactivate`),
      code: 'invalid_user_status_error',
      error: 'access_denied',
    },
    {
      name: 'people are no longer created, and the user is deleted',
      async change({ userId, idpId }) {
        const idp = await hub.api<Wire & { policy: { provisioning: { action: string } } }>(
          'GET',
          `/api/v1/idps/${idpId}`,
        );
        idp.policy.provisioning.action = 'DISABLED';
        await hub.api('PUT', `/api/v1/idps/${idpId}`, idp);
        await hub.api('DELETE', `/api/v1/users/${userId}`);
        await hub.api('DELETE', `/api/v1/users/${userId}`);
      },
      code: 'jit_disabled',
      error: '',
    },
    {
      name: 'the user name filter shuts the person out',
      async change({ idpId }) {
        const idp = await hub.api<Wire & { policy: { subject: { filter: string } } }>('GET', `/api/v1/idps/${idpId}`);
        idp.policy.subject.filter = 'nobody@example\\.com';
        await hub.api('PUT', `/api/v1/idps/${idpId}`, idp);
      },
      code: 'invalid_username',
      error: 'access_denied',
    },
  ];

  async function place(): Promise<Place> {
    const idpId = await createIdp(honest);
    const client = await createClient(hub);
    const apps = await hub.api<(Wire & { credentials: { oauthClient: { client_id: string } } })[]>(
      'GET',
      '/api/v1/apps?limit=200',
    );
    const appId = apps.find((app) => app.credentials.oauthClient.client_id === client.clientId)!.id;
    const rule = await hub.api<Wire>('POST', `/api/v1/policies/${federation.policyId}/rules`, {
      type: 'IDP_DISCOVERY',
      name: `For ${appId}`,
      priority: 1,
      conditions: { network: { connection: 'ANYWHERE' }, app: { include: [{ type: 'APP', id: appId }], exclude: [] } },
      actions: { idp: { providers: [{ type: 'OIDC', id: idpId }], idpSelectionType: 'SPECIFIC' } },
    });
    const rulePath = `/api/v1/policies/${federation.policyId}/rules/${rule.id}`;
    const twin = await leave(client);
    const claims = await expectSignedIn(hub, client, twin.verifier, await finish(twin));
    expect(claims.idp).toBe(idpId);
    return { idpId, appId, rulePath, client, userId: String(claims.sub) };
  }

  async function leave(client: { clientId: string }): Promise<Started> {
    const browser = createBrowser();
    const asked = authorizeUrl(hub, client.clientId);
    const away = await browser.get(asked.url);
    return { browser, away, verifier: asked.verifier, sent: new URL(away.location!).searchParams };
  }

  it.each(CASES)('$name: denied', async ({ change, code, error }) => {
    const where = await place();
    const started = await leave(where.client);
    await change(where);
    const { answer } = await expectRefused(hub, { code, ...(error === '' ? {} : { error }) }, () => finish(started));
    if (error === '') {
      expect(answer.location).toMatch(/\/signin\/[\w-]{22}$/);
      expect((await started.browser.get(answer.location!)).status).toBe(200);
    }
    expect(started.browser.cookies(new URL(hub.url).host).has(SID_COOKIE)).toBe(false);
    if (error === null) expect(answer.body).not.toContain(REDIRECT_URI);
  });

  it('a change that concerns nobody here denies nothing', async () => {
    const where = await place();
    const started = await leave(where.client);
    const rule = await hub.api<Wire>('GET', where.rulePath);
    await hub.api('PUT', where.rulePath, { ...rule, name: `${rule.name} renamed` });
    await createIdp(evil);
    await expectSignedIn(hub, where.client, started.verifier, await finish(started));
  });
});

describe('C2: the cookie of a sign-in', () => {
  const host = () => new URL(hub.url).host;
  const jar = (started: Started) => {
    const name = TX_COOKIE + started.sent.get('state');
    return { name, value: started.browser.cookies(host()).get(name)! };
  };

  const forgeries: [string, (own: Started, other: Started) => void][] = [
    ['altered in its first sealed byte', (own) => alter(own, 0)],
    ['altered in its middle', (own) => alter(own, 0.5)],
    ['altered in its tag', (own) => alter(own, 1)],
    ['of another sign-in of this browser', (own, other) => put(own, jar(other).value)],
    ['sealed under a key of public values', (own) => put(own, `${jar(own).value.split('.')[0]}.${publicSeal(own)}`)],
    [
      'with its contents in the clear',
      (own) => put(own, `0.${Buffer.from(JSON.stringify({ id: own.sent.get('state') })).toString('base64url')}`),
    ],
    ['a row that is none', (own) => put(own, `0.row~${randomBytes(32).toString('base64url')}`)],
    ['empty', (own) => put(own, '')],
  ];

  function put(own: Started, value: string): void {
    own.browser.cookies(host()).set(jar(own).name, value);
  }
  function alter(own: Started, where: number): void {
    const [created, sealed] = jar(own).value.split('.') as [string, string];
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[Math.min(bytes.length - 1, Math.floor(where * bytes.length))]! ^= 1;
    put(own, `${created}.${bytes.toString('base64url')}`);
  }
  function publicSeal(own: Started): string {
    const seed = `${hub.url}${own.sent.get('state')}${federation.clientId}`;
    return createHash('sha512').update(seed).digest().toString('base64url');
  }

  it.each(forgeries)('%s opens nothing', async (_name, forge) => {
    const other = await start();
    const own = await start({}, other.browser);
    const answer = honest.answer(own.away.location!);
    const genuine = jar(own).value;
    forge(own, other);
    await expectRefused(hub, { code: 'invalid_social_state', error: null }, () => own.browser.get(callback(answer)));
    expect(honest.received.token).toEqual([]);
    put(own, genuine);
    await expectSignedIn(hub, federation, own.verifier, await own.browser.get(callback(answer)));
  });

  it('says nothing of what is in it, and is kept from scripts', async () => {
    const started = await start();
    const line = started.away.headers.getSetCookie().find((cookie) => cookie.startsWith(TX_COOKIE))!;
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; Secure/);
    expect(line).toMatch(/; SameSite=None/);
    const bytes = Buffer.from(jar(started).value.split('.')[1]!, 'base64url').toString('latin1');
    for (const known of [federation.idpId, started.sent.get('nonce')!, 'abc123', federation.clientId])
      expect(bytes).not.toContain(known);
  });
});
