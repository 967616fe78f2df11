import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  basic,
  contentOf,
  type Harness,
  proofKey,
  REDIRECT,
  redemption,
  refreshment,
  SECRET,
  startAuthorizationServer,
} from '../../../test/support/authorization-server.ts';
import { DAY, HOUR, SECOND } from '../../shared/clock.ts';

let hub: Harness;
beforeAll(async () => {
  hub = await startAuthorizationServer();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.session = hub.newSession();
});

const TOKEN = '/oauth2/v1/token';
const errorOf = async (answer: Response) => [answer.status, ((await answer.json()) as { error: string }).error];
const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` });
const worksAtUserinfo = async (token: string | undefined) =>
  (await hub.get('/oauth2/v1/userinfo', {}, bearer(token))).status === 200;

describe('redeeming a code', () => {
  test('gives an opaque access token and an ID token with the short claims', async () => {
    const client = await hub.application();
    const code = await hub.code(client);
    hub.statements();
    const answer = await hub.post(TOKEN, redemption(client, code));
    expect(hub.statements()).toBe(1);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const body = (await answer.json()) as Record<string, string>;
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'openid profile email' });
    expect(body.access_token).toMatch(/^hub_at_[\w-]{43}$/);
    expect(body.refresh_token).toBeUndefined();
    const claims = contentOf(body.id_token);
    expect(claims).toEqual({
      sub: hub.userId,
      name: 'Ada Lovelace',
      preferred_username: 'ada@example.com',
      email: 'ada@example.com',
      ver: 1,
      iss: hub.baseUrl,
      aud: client.clientId,
      iat: expect.any(Number),
      exp: (claims.iat as number) + 3600,
      jti: expect.stringMatching(/^ID\./),
      amr: ['pwd'],
      idp: hub.orgId,
      nonce: 'n-1',
      auth_time: expect.any(Number),
      at_hash: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  test('is recorded under the trace of the sign-in, with the user as a target', async () => {
    const client = await hub.application();
    await hub.tokens(client);
    const granted = (await hub.events('app.oauth2.token.grant')).filter(({ targets }) => targets.includes(client.id));
    expect(granted).toHaveLength(1);
    expect(granted[0]?.targets).toContain(hub.userId);
    expect(granted[0]?.trace).toMatch(/^trace/);
    expect(granted[0]?.payload).toMatchObject({ transaction: { id: granted[0]?.trace } });
    expect(JSON.stringify(granted)).not.toMatch(/hub_[a-z]+_/);
  });

  test('keeps nothing that could be presented again in the database', async () => {
    const client = await hub.application();
    const tokens = await hub.tokens(client, { scope: 'openid offline_access' });
    const { rows } = await hub.database.query<{ text: string }>({
      text: `select string_agg(t::text, '') || (select string_agg(g::text, '') from grants g) || (select string_agg(l::text, '') from system_log l) as text from tokens t`,
      values: [],
    });
    expect(rows[0]?.text).not.toContain(tokens.access_token as string);
    expect(rows[0]?.text).not.toContain(tokens.refresh_token as string);
  });

  test('works at the alias with a JWT for its audience', async () => {
    const client = await hub.application();
    const begun = await hub.get('/oauth2/default/v1/authorize', {
      client_id: client.clientId,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid',
    });
    const code = new URL(begun.headers.get('location') as string).searchParams.get('code') as string;
    expect(await errorOf(await hub.post(TOKEN, redemption(client, code)))).toEqual([400, 'invalid_grant']);
    const answer = await hub.post('/oauth2/default/v1/token', redemption(client, code));
    const body = (await answer.json()) as Record<string, string>;
    expect(contentOf(body.access_token)).toMatchObject({
      ver: 1,
      iss: `${hub.baseUrl}/oauth2/default`,
      aud: 'api://default',
      cid: client.clientId,
      uid: hub.userId,
      scp: ['openid'],
      sub: 'ada@example.com',
    });
    expect((await hub.get('/oauth2/default/v1/userinfo', {}, bearer(body.access_token))).status).toBe(200);
    expect((await hub.get('/oauth2/v1/userinfo', {}, bearer(body.access_token))).status).toBe(401);
  });

  test.each([
    [
      'a wrong redirect URI',
      { redirect_uri: 'https://app.example.com/other' },
      "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
    ],
    ['an unknown code', { code: 'nonsense' }, 'The authorization code is invalid or has expired.'],
    ['a verifier without a challenge', { code_verifier: proofKey().verifier }, 'PKCE verification failed.'],
  ])('refuses %s and leaves the code usable', async (_name, change, description) => {
    const client = await hub.application();
    const code = await hub.code(client);
    const refused = await hub.post(TOKEN, redemption(client, code, change));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: 'invalid_grant', error_description: description });
    expect((await hub.post(TOKEN, redemption(client, code))).status).toBe(200);
  });

  test('refuses a code of another client (P9)', async () => {
    const [owner, other] = [await hub.application(), await hub.application()];
    const code = await hub.code(owner);
    const refused = await hub.post(TOKEN, redemption(other, code));
    expect(await refused.json()).toEqual({
      error: 'invalid_grant',
      error_description:
        "The grant was issued to another client. Please make sure the 'client_id' matches the one used at the authorize request.",
    });
    expect((await hub.post(TOKEN, redemption(owner, code))).status).toBe(200);
  });

  test('refuses a code after a minute', async () => {
    const client = await hub.application();
    const code = await hub.code(client);
    hub.clock.advance(61 * SECOND);
    expect(await errorOf(await hub.post(TOKEN, redemption(client, code)))).toEqual([400, 'invalid_grant']);
  });

  test('a second redemption revokes the tokens of the first, with an event (P3)', async () => {
    const client = await hub.application();
    const code = await hub.code(client, { scope: 'openid offline_access' });
    const first = (await (await hub.post(TOKEN, redemption(client, code))).json()) as Record<string, string>;
    expect(await worksAtUserinfo(first.access_token)).toBe(true);
    expect(await errorOf(await hub.post(TOKEN, redemption(client, code)))).toEqual([400, 'invalid_grant']);
    expect(await worksAtUserinfo(first.access_token)).toBe(false);
    expect(await errorOf(await hub.post(TOKEN, refreshment(client, first.refresh_token as string)))).toEqual([
      400,
      'invalid_grant',
    ]);
    const reuse = (await hub.events('app.oauth2.token.reuse')).filter(({ targets }) => targets.includes(client.id));
    expect(reuse).toHaveLength(1);
    expect(reuse[0]?.targets).toContain(hub.userId);
  });

  test('of 50 parallel redemptions one succeeds, and its tokens are revoked (P3)', async () => {
    const client = await hub.application();
    const code = await hub.code(client);
    const answers = await Promise.all(Array.from({ length: 50 }, () => hub.post(TOKEN, redemption(client, code))));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(49);
    const { access_token } = (await (good[0] as Response).json()) as Record<string, string>;
    expect(await worksAtUserinfo(access_token)).toBe(false);
  });
});

describe('two hubs on one database', () => {
  test('twenty rounds of 50 redemptions: each code has one winner, whose tokens are revoked (P3)', async () => {
    const client = await hub.application();
    const hubs = [hub.baseUrl, await hub.secondHub()];
    for (let round = 0; round < 20; round++) {
      const body = new URLSearchParams(redemption(client, await hub.code(client)));
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => fetch(hubs[index % 2] + TOKEN, { method: 'POST', body })),
      );
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(1);
      const { access_token } = (await (good[0] as Response).json()) as Record<string, string>;
      expect(await worksAtUserinfo(access_token)).toBe(false);
    }
  });

  test('a refresh token has one successor on both (P7)', async () => {
    const client = await hub.application();
    const hubs = [hub.baseUrl, await hub.secondHub()];
    const { refresh_token: token } = await hub.tokens(client, { scope: 'openid offline_access' });
    const body = new URLSearchParams(refreshment(client, token as string));
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => fetch(hubs[index % 2] + TOKEN, { method: 'POST', body })),
    );
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as Record<string, string>[];
    expect(new Set(bodies.map((answer) => answer.refresh_token)).size).toBe(1);
    expect(bodies[0]?.refresh_token).toMatch(/^hub_rt_/);
  });
});

describe('proof keys (P4)', () => {
  const { verifier, challenge } = proofKey();
  const sent = { code_challenge: challenge, code_challenge_method: 'S256' };
  test.each([
    ['challenge and its verifier', sent, verifier, 200],
    ['challenge and another verifier', sent, proofKey().verifier, 400],
    ['challenge and no verifier', sent, '', 400],
    ['challenge and the challenge as verifier', sent, challenge, 400],
    ['challenge and a verifier that is too short', sent, 'short', 400],
    ['no challenge and no verifier', {}, '', 200],
    ['no challenge and a verifier', {}, verifier, 400],
    ['no challenge and a verifier that is none', {}, 'x', 400],
  ])('%s', async (_name, parameters, codeVerifier, status) => {
    const client = await hub.application();
    const code = await hub.code(client, parameters);
    expect((await hub.post(TOKEN, redemption(client, code, { code_verifier: codeVerifier }))).status).toBe(status);
  });
});

describe('what is read again at the token endpoint (L9)', () => {
  const setUser = (status: string) =>
    hub.database.query({ text: 'update users set status = $1 where id = $2', values: [status, hub.userId] });

  test.each(['SUSPENDED', 'DEPROVISIONED', 'LOCKED_OUT', 'STAGED'])(
    'a user who is %s gets nothing for code or refresh token',
    async (status) => {
      const client = await hub.application();
      const tokens = await hub.tokens(client, { scope: 'openid offline_access' });
      const code = await hub.code(client);
      await setUser(status);
      const answers = [
        await hub.post(TOKEN, redemption(client, code)),
        await hub.post(TOKEN, refreshment(client, tokens.refresh_token as string)),
      ];
      const userinfo = await worksAtUserinfo(tokens.access_token);
      await setUser('ACTIVE');
      expect(answers.map((answer) => answer.status)).toEqual([400, 400]);
      expect(userinfo).toBe(false);
      expect(await worksAtUserinfo(tokens.access_token)).toBe(true);
    },
  );

  test('an application that another hub deactivated gets nothing', async () => {
    const client = await hub.application();
    const code = await hub.code(client);
    await hub.database.query({
      text: `update applications set status = 'INACTIVE' where id = $1`,
      values: [client.id],
    });
    expect(await errorOf(await hub.post(TOKEN, redemption(client, code)))).toEqual([400, 'invalid_grant']);
  });

  test('a user who lost the assignment gets nothing, one who has it does', async () => {
    const client = await hub.application({ assignedToEveryone: false });
    const assign = () =>
      hub.database.query({
        text: `insert into app_users (org_id, app_id, user_id, scope, profile, created, last_updated, status_changed) values ($1, $2, $3, 'USER', '{}', $4, $4, $4)`,
        values: [hub.orgId, client.id, hub.userId, hub.clock.now()],
      });
    hub.session = hub.newSession({ assigned: () => true });
    await assign();
    const tokens = await hub.tokens(client, { scope: 'openid offline_access' });
    expect(tokens.access_token).toBeDefined();
    await hub.database.query({ text: 'delete from app_users where app_id = $1', values: [client.id] });
    expect(await errorOf(await hub.post(TOKEN, refreshment(client, tokens.refresh_token as string)))).toEqual([
      400,
      'invalid_grant',
    ]);
  });
});

describe('refreshing (P7)', () => {
  const offline = { scope: 'openid profile offline_access' };

  test('gives new tokens in one statement, and an ID token without the nonce', async () => {
    const client = await hub.application();
    const first = await hub.tokens(client, offline);
    hub.statements();
    const answer = await hub.post(TOKEN, refreshment(client, first.refresh_token as string));
    expect(hub.statements()).toBe(1);
    const second = (await answer.json()) as Record<string, string>;
    expect(second.refresh_token).toMatch(/^hub_rt_[\w-]{43}$/);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.access_token).not.toBe(first.access_token);
    expect(contentOf(second.id_token)).toMatchObject({
      sub: hub.userId,
      auth_time: contentOf(first.id_token).auth_time,
    });
    expect(contentOf(second.id_token)).not.toHaveProperty('nonce');
    expect((await hub.post(TOKEN, refreshment(client, second.refresh_token as string))).status).toBe(200);
  });

  test('50 parallel refreshes know one distinct successor', async () => {
    const client = await hub.application();
    const { refresh_token: token } = await hub.tokens(client, offline);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => hub.post(TOKEN, refreshment(client, token as string))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as Record<string, string>[];
    expect(new Set(bodies.map((body) => body.refresh_token)).size).toBe(1);
    expect((await hub.post(TOKEN, refreshment(client, bodies[0]?.refresh_token as string))).status).toBe(200);
  });

  test('a repeat within ten seconds gets the same successor; a later one ends the family', async () => {
    const client = await hub.application();
    const { refresh_token: token } = await hub.tokens(client, offline);
    const refresh = async (refreshToken: string) =>
      (await hub.post(TOKEN, refreshment(client, refreshToken))).json() as Promise<Record<string, string>>;
    const first = await refresh(token as string);
    hub.clock.advance(9 * SECOND);
    expect((await refresh(token as string)).refresh_token).toBe(first.refresh_token);
    hub.clock.advance(2 * SECOND);
    expect((await refresh(token as string)).error).toBe('invalid_grant');
    expect((await refresh(first.refresh_token as string)).error).toBe('invalid_grant');
    expect(await worksAtUserinfo(first.access_token)).toBe(false);
    const reuse = (await hub.events('app.oauth2.token.reuse')).filter(({ targets }) => targets.includes(client.id));
    expect(
      reuse.map(({ payload }) => (payload.debugContext as { debugData: { code: string } }).debugData.code),
    ).toEqual(['refresh_token_reused']);
  });

  test('scopes can be narrowed, never widened, and the successor keeps them all', async () => {
    const client = await hub.application();
    const { refresh_token: token } = await hub.tokens(client, offline);
    const wide = await hub.post(TOKEN, refreshment(client, token as string, { scope: 'openid profile email' }));
    expect(await errorOf(wide)).toEqual([400, 'invalid_scope']);
    const narrow = (await (
      await hub.post(TOKEN, refreshment(client, token as string, { scope: 'openid' }))
    ).json()) as Record<string, string>;
    expect(narrow.scope).toBe('openid');
    const again = (await (await hub.post(TOKEN, refreshment(client, narrow.refresh_token as string))).json()) as Record<
      string,
      string
    >;
    expect(again.scope).toBe('openid profile offline_access');
  });

  test('another client cannot use it, and its own still can (P9)', async () => {
    const [owner, other] = [await hub.application(), await hub.application()];
    const { refresh_token: token } = await hub.tokens(owner, offline);
    expect(await errorOf(await hub.post(TOKEN, refreshment(other, token as string)))).toEqual([400, 'invalid_grant']);
    expect((await hub.post(TOKEN, refreshment(owner, token as string))).status).toBe(200);
  });

  test('ends 30 days after the sign-in, however often it is rotated', async () => {
    const client = await hub.application();
    let { refresh_token: token } = await hub.tokens(client, offline);
    for (let day = 0; day < 28; day += 14) {
      hub.clock.advance(14 * DAY);
      ({ refresh_token: token } = (await (
        await hub.post(TOKEN, refreshment(client, token as string))
      ).json()) as Record<string, string>);
    }
    hub.clock.advance(2 * DAY + SECOND);
    expect(await errorOf(await hub.post(TOKEN, refreshment(client, token as string)))).toEqual([400, 'invalid_grant']);
  });

  test('there is no refresh token without the scope or without the grant type', async () => {
    const without = await hub.application({ grantTypes: ['authorization_code'] });
    expect((await hub.tokens(without, offline)).refresh_token).toBeUndefined();
    const client = await hub.application();
    expect((await hub.tokens(client, { scope: 'openid' })).refresh_token).toBeUndefined();
  });
});

describe('who may call', () => {
  test.each([
    ['no credentials', () => ({}), {}, 401, 'No client credentials found.'],
    [
      'an unknown client',
      () => ({ client_id: 'nobody' }),
      {},
      401,
      'Client authentication failed. Either the client or the client credentials are invalid.',
    ],
    [
      'an unreadable header',
      () => ({}),
      { authorization: 'Basic %%%' },
      401,
      'Client authentication failed. Either the client or the client credentials are invalid.',
    ],
    [
      'a wrong secret',
      (id: string) => ({ client_id: id, client_secret: 'wrong' }),
      {},
      401,
      'The client secret supplied for a confidential client is invalid.',
    ],
    ['a missing secret', (id: string) => ({ client_id: id }), {}, 401, 'No client credentials found.'],
  ])('%s is refused', async (_name, form, headers, status, description) => {
    const client = await hub.application();
    const answer = await hub.post(
      TOKEN,
      { grant_type: 'authorization_code', ...form(client.clientId) } as Record<string, string>,
      headers,
    );
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: 'invalid_client', error_description: description });
  });

  test('basic works with the secret as it is and form-encoded, post works too', async () => {
    const client = await hub.application();
    const without = (code: string) => redemption(client, code, { client_secret: '', client_id: '' });
    const good = [basic(client.clientId, SECRET), basic(client.clientId, encodeURIComponent(SECRET))];
    for (const headers of good)
      expect((await hub.post(TOKEN, without(await hub.code(client)), headers)).status).toBe(200);
    expect((await hub.post(TOKEN, redemption(client, await hub.code(client)))).status).toBe(200);
    const bad = await hub.post(TOKEN, without(await hub.code(client)), basic(client.clientId, `${SECRET}x`));
    expect(bad.status).toBe(401);
    expect(bad.headers.get('www-authenticate')).toMatch(/^Basic/);
  });

  test('several credentials, several values and other bodies are refused', async () => {
    const client = await hub.application();
    const both = await hub.post(TOKEN, redemption(client, 'x'), basic(client.clientId, SECRET));
    expect(await errorOf(both)).toEqual([400, 'invalid_request']);
    const twice = new URLSearchParams(redemption(client, 'x'));
    twice.append('code', 'y');
    expect(await errorOf(await hub.post(TOKEN, twice))).toEqual([400, 'invalid_request']);
    const json = await fetch(hub.baseUrl + TOKEN, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await errorOf(json)).toEqual([400, 'invalid_request']);
  });

  test('a public client needs no secret and may not have one', async () => {
    const client = await hub.application({ authMethod: 'none' });
    const { verifier, challenge } = proofKey();
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    const code = await hub.code(client, pkce);
    expect(
      (await hub.post(TOKEN, redemption(client, code, { code_verifier: verifier, client_secret: 'x' }))).status,
    ).toBe(401);
    expect((await hub.post(TOKEN, redemption(client, code, { code_verifier: verifier }))).status).toBe(200);
  });

  test('grant types are those of the server and of the client', async () => {
    const client = await hub.application({ grantTypes: ['authorization_code'] });
    expect(await errorOf(await hub.post(TOKEN, redemption(client, 'x', { grant_type: 'password' })))).toEqual([
      400,
      'unsupported_grant_type',
    ]);
    expect(await errorOf(await hub.post(TOKEN, redemption(client, 'x', { grant_type: 'toString' })))).toEqual([
      400,
      'unsupported_grant_type',
    ]);
    expect(await errorOf(await hub.post(TOKEN, refreshment(client, 'x')))).toEqual([400, 'unauthorized_client']);
  });

  test('refusals of a known client are recorded without the secret', async () => {
    const client = await hub.application();
    await hub.post(TOKEN, redemption(client, 'x', { client_secret: 'not-the-secret' }));
    const events = (await hub.events('app.oauth2.client.authentication')).filter(({ targets }) =>
      targets.includes(client.id),
    );
    expect(events.map(({ outcome }) => outcome)).toEqual(['FAILURE']);
    expect(JSON.stringify(events)).not.toContain('not-the-secret');
  });
});

describe('clearing away', () => {
  test('what expired goes, what lives stays', async () => {
    const client = await hub.application();
    await hub.tokens(client);
    hub.clock.advance(HOUR);
    const live = await hub.tokens(client, { scope: 'openid offline_access' });
    hub.clock.advance(HOUR + 2 * 60 * SECOND);
    expect(await hub.authorization.purge()).toBeGreaterThan(0);
    const { rows } = await hub.database.query<{ count: number }>({
      text: 'select count(*) from grants where app_id = $1',
      values: [client.id],
    });
    expect(rows[0]?.count).toBe(1);
    expect((await hub.post(TOKEN, refreshment(client, live.refresh_token as string))).status).toBe(200);
  });
});
