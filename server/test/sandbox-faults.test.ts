/**
 * Every fault that the ID.me sandbox can play, against a whole hub (providers contract §5, rows marked M or "all"): what must fail leaves
 * nothing behind, one event that names cause and remedy, and the page or redirect of rulings 15; the same sign-in without the fault works.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from './support/app.ts';
import { expectRefused, expectSignedIn, logMark, logSince, prizesOf } from './support/attacks.ts';
import { type Answer, type Browser, createBrowser } from './support/browser.ts';
import type { TestClock } from './support/clock.ts';
import { authorizeUrl, createClient, REDIRECT_URI } from './support/federation.ts';
import {
  type IdmeSandbox,
  PATHS,
  type Person,
  type PlayedFault,
  POLICY,
  startIdmeSandbox,
} from './support/idme-sandbox.ts';

const MINUTE = 60_000;
const LEAVE_BLANK = 'ID.me returns all claims in the ID token. Leave this blank.';
const EXACT_SCOPES = /The scopes must be "openid" and exactly the policy handle/;
const EXCHANGE = 'Could not acquire access token from authorization code.';

/** The machine's, because the sandbox has no other; a test may move it on. */
const clock = machineClock();
let hub: TestHub;
let sandbox: IdmeSandbox;
let client: { clientId: string; clientSecret: string };
/** The provider of the guide, and two whose administrator filled in the userinfo endpoint. */
let providers: Record<Setting, string>;
let people = 0;

type Setting = 'guide' | 'userInfo' | 'userInfoQuoted';
type Wire = Record<string, unknown> & { id: string };

beforeAll(async () => {
  hub = await startHub({ clock });
  sandbox = await startIdmeSandbox(`${hub.config.url}/oauth2/v1/authorize/callback`);
  const string = (title: string) => ({ title, type: 'string' });
  await hub.api('POST', '/api/v1/meta/schemas/user/default', {
    definitions: { custom: { id: '#custom', type: 'object', properties: { idme_uuid: string('ID.me UUID') } } },
  });
  const userInfo = { userInfo: { url: sandbox.url + PATHS.userInfo, binding: 'HTTP-REDIRECT' } };
  providers = {
    guide: await createIdp('ID.me IdP - OIDC', {}, {}),
    userInfo: await createIdp('With userinfo', userInfo, {}),
    userInfoQuoted: await createIdp('With quoted userinfo', userInfo, { parseUserInfo: 'quoted_jwt' }),
  };
  client = await createClient(hub, {}, {}, 'Portal of tests');
});
afterAll(async () => {
  await sandbox?.close();
  await hub?.close();
});
beforeEach(() => sandbox.forgetRequests());

/** As seed 004 fills in the form, with the sandbox's addresses. */
async function createIdp(name: string, endpoints: object, settings: object): Promise<string> {
  const { id } = await hub.api<Wire>('POST', '/api/v1/idps', {
    type: 'OIDC',
    name,
    displayName: 'ID.me',
    preset: 'idme-oidc',
    protocol: {
      type: 'OIDC',
      scopes: ['openid', POLICY],
      issuer: { url: `${sandbox.url}/oidc` },
      endpoints: {
        authorization: { url: `${sandbox.url}/oauth/authorize`, binding: 'HTTP-REDIRECT' },
        token: { url: sandbox.url + PATHS.token, binding: 'HTTP-POST' },
        jwks: { url: sandbox.url + PATHS.jwks, binding: 'HTTP-REDIRECT' },
        ...endpoints,
      },
      credentials: { client: { client_id: sandbox.clientId, client_secret: sandbox.clientSecret } },
      settings,
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { matchType: 'USERNAME_OR_EMAIL', userNameTemplate: { template: 'idpuser.email' } },
    },
  });
  const [mapping] = await hub.api<Wire[]>('GET', `/api/v1/mappings?sourceId=${id}`);
  const claims = { login: 'email', email: 'email', firstName: 'fname', lastName: 'lname', mobilePhone: 'phone' };
  const properties = Object.entries({ ...claims, zipCode: 'zip', idme_uuid: 'uuid' }).map(([target, claim]) => [
    target,
    { expression: `appuser.${claim}`, pushStatus: 'PUSH' },
  ]);
  await hub.api('POST', `/api/v1/mappings/${mapping!.id}`, { properties: Object.fromEntries(properties) });
  return id;
}

const newPerson = () =>
  sandbox.createPerson({
    fname: 'Gary',
    lname: 'Twinkle',
    email: `person-${++people}@example.com`,
    phone: '12069827345',
    zip: '97217',
  });

interface Journey {
  browser: Browser;
  verifier: string;
  /** The last answer before the person is sent back, or the sandbox's page where they are not. */
  there: Answer;
}

const isReturn = (url: string) => url.startsWith(`${hub.config.url}/oauth2/v1/authorize/callback`);

/** To the sandbox, which approves at once, and to the door of the hub again. */
async function leave(setting: Setting): Promise<Journey> {
  const browser = createBrowser();
  const { url, verifier } = authorizeUrl(hub, client.clientId, { idp: providers[setting] });
  const there = await browser.follow(await browser.get(url), isReturn);
  return { browser, verifier, there };
}

const comeBack = ({ browser, there }: Journey) => browser.get(there.location!);

async function signsIn(person: Person, setting: Setting = 'guide', fault: PlayedFault | null = null) {
  await sandbox.approve(person, fault);
  const journey = await leave(setting);
  return expectSignedIn(hub, client, journey.verifier, await comeBack(journey));
}

interface User {
  id: string;
  profile: Record<string, unknown>;
}

const userOf = async ({ email }: Person) => hub.api<User>('GET', `/api/v1/users/${email}`);

interface Trace {
  outcome: string;
  steps: { kind: string; outcome: string; code?: string }[];
}

const firstFailure = async (id: string) => {
  const { outcome, steps } = await hub.api<Trace>('GET', `/api/gatehouse/v1/sign-ins/${id}`);
  expect(outcome).toBe('FAILURE');
  return steps.find((step) => step.outcome === 'FAILED');
};

const formTo = (page: string, action: 'retry' | 'leave') =>
  new RegExp(`action="(/signin/[^"]+/${action})"`).exec(page)?.[1] ?? `no form to ${action}`;

interface Failing {
  fault: string;
  parameter?: string;
  setting?: Setting;
  code: string;
  /** Every one of them stands in the event's reason. */
  reason: (string | RegExp)[];
  hint?: string | RegExp;
  /** The kind of the trace's first failed step. */
  step: string;
  /** Of the page that the person gets first; absent: the application gets the error at once. */
  heading?: string;
  error?: string;
  description?: string;
  creates?: boolean;
}

const LOGIN_FAILED = { error: 'access_denied', description: 'Login failed.' };

const FAILING: Failing[] = [
  {
    fault: 'user_denies',
    code: 'user_canceled_request',
    reason: ['cancelled', 'User denied access'],
    step: 'provider.returned',
    heading: 'You cancelled the sign-in',
    error: 'access_denied',
    description: 'User canceled the social login request.',
  },
  {
    fault: 'temporary_unavailable',
    code: 'provider_unavailable',
    reason: ['temporarily unavailable'],
    hint: 'Try again in a few minutes.',
    step: 'provider.returned',
    heading: 'The sign-in service is not available',
    ...LOGIN_FAILED,
  },
  {
    fault: 'unknown_client',
    code: 'provider_client_refused',
    reason: ['does not accept the client id "', 'client_id cannot be resolved'],
    hint: /Compare the client id/,
    step: 'provider.returned',
    ...LOGIN_FAILED,
  },
  ...['scope_not_policy', 'extra_scopes'].map((fault) => ({
    fault,
    code: 'provider_scope_refused',
    reason: [`sent: "openid ${POLICY}"`, 'scope cant be resolved to an existing policy for the client'],
    hint: EXACT_SCOPES,
    step: 'provider.returned',
    ...LOGIN_FAILED,
  })),
  {
    fault: 'scope_silently_no_claims',
    code: 'missed_field',
    reason: ["'email'", 'released no claims about the person', `"openid ${POLICY}"`],
    hint: EXACT_SCOPES,
    step: 'attributes.mapped',
    error: 'access_denied',
    description: "The following required property is missing: 'email'.",
  },
  {
    fault: 'userinfo_json_string',
    setting: 'userInfo',
    code: 'userinfo_not_json',
    reason: ['200 with "application/json; charset=utf-8"', 'a JSON string that holds a token (a quoted JWT)'],
    hint: LEAVE_BLANK,
    step: 'provider.called',
    error: 'access_denied',
    description: 'The UserInfo response is invalid.',
  },
  {
    fault: 'userinfo_jwe',
    setting: 'userInfo',
    code: 'userinfo_not_json',
    reason: ['200 with "application/json; charset=utf-8"', 'an encrypted token (a quoted JWE)'],
    hint: LEAVE_BLANK,
    step: 'provider.called',
    error: 'access_denied',
    description: 'The UserInfo response is invalid.',
  },
  {
    fault: 'userinfo_jwe',
    setting: 'userInfoQuoted',
    code: 'userinfo_encrypted',
    reason: ['encrypted', 'no key to read it'],
    hint: LEAVE_BLANK,
    step: 'provider.called',
    error: 'access_denied',
    description: 'The UserInfo response is invalid.',
  },
  {
    fault: 'userinfo_500',
    setting: 'userInfo',
    code: 'userinfo_unreachable',
    reason: ['UserInfo endpoint answered 500'],
    hint: LEAVE_BLANK,
    step: 'provider.called',
    heading: 'The sign-in service is not available',
    error: 'server_error',
    description: 'Could not fetch social profile.',
  },
  {
    fault: 'userinfo_401',
    setting: 'userInfo',
    code: 'userinfo_refused',
    reason: ['UserInfo endpoint answered 401'],
    hint: LEAVE_BLANK,
    step: 'provider.called',
    error: 'server_error',
    description: 'Could not fetch social profile.',
  },
  {
    fault: 'missing_claim',
    parameter: 'email',
    code: 'missed_field',
    reason: ["'email'", 'the provider did not send'],
    step: 'attributes.mapped',
    error: 'access_denied',
    description: "The following required property is missing: 'email'.",
  },
  ...['missing_claim', 'null_attribute'].map((fault) => ({
    fault,
    parameter: 'lname',
    code: 'jit_failure_missing_fields',
    reason: ["'lastName'", 'appuser.lname'],
    step: 'account.decided',
    error: 'jit_failure_missing_fields',
    description: "Unable to create the user. The following required properties are missing: 'lastName'.",
    creates: true,
  })),
  ...['secret_wrong', 'auth_method_wrong'].map((fault) => ({
    fault,
    code: 'token_client_refused',
    reason: ['did not accept the client "', 'by client_secret_post (400)', /It says: "[^"]+"/],
    hint: /Compare client id and secret/,
    step: 'provider.called',
    error: 'invalid_social_token',
    description: EXCHANGE,
  })),
  ...['code_expired', 'code_replayed'].map((fault) => ({
    fault,
    code: 'token_code_refused',
    reason: ['did not accept the code', /It says: "[^"]+"/],
    hint: 'Sign in again.',
    step: 'provider.called',
    heading: 'We could not confirm who you are',
    error: 'invalid_social_token',
    description: EXCHANGE,
  })),
  {
    fault: 'clock_skew_past',
    parameter: '21600',
    code: 'id_token_expired',
    reason: ['"exp": expected after', '"iat": expected'],
    hint: /off by 216\d\d s, and 60 s are allowed/,
    step: 'identity.checked',
    ...LOGIN_FAILED,
  },
  {
    fault: 'clock_skew_future',
    parameter: '3600',
    code: 'id_token_issued_in_future',
    reason: ['"iat": expected not after', '"nbf": expected not after'],
    hint: /off by 3[56]\d\d s, and 60 s are allowed/,
    step: 'identity.checked',
    ...LOGIN_FAILED,
  },
  {
    fault: 'key_rotated_unpublished',
    code: 'jws_key_unknown',
    reason: [/publishes no key "[^"]+"; it publishes "[^"]+"/],
    hint: /Compare the address of the keys/,
    step: 'identity.checked',
    ...LOGIN_FAILED,
  },
  {
    fault: 'same_kid_other_key',
    code: 'jws_signature_invalid',
    reason: ['signature'],
    step: 'identity.checked',
    ...LOGIN_FAILED,
  },
  {
    fault: 'wrong_aud',
    code: 'id_token_audience_mismatch',
    reason: ['"aud"', '"another-client"'],
    step: 'identity.checked',
    ...LOGIN_FAILED,
  },
  {
    fault: 'wrong_iss',
    code: 'id_token_issuer_mismatch',
    reason: ['"iss"', '"https://issuer.another.test/oidc"'],
    step: 'identity.checked',
    ...LOGIN_FAILED,
  },
  {
    fault: 'wrong_nonce',
    code: 'id_token_nonce_mismatch',
    reason: ['"nonce"'],
    step: 'identity.checked',
    ...LOGIN_FAILED,
  },
  ...(['none', 'HS256'] as const).map((name) => ({
    fault: name === 'none' ? 'alg_none' : 'hs256_with_public_key',
    code: 'jws_algorithm_not_allowed',
    reason: [`"${name}"`, 'RS256'],
    step: 'identity.checked',
    ...LOGIN_FAILED,
  })),
];
/** Faults that the hub must survive, and those that end at the sandbox: their tests stand below. */
const SURVIVED = ['key_rotated_published', 'jwks_quirks', 'email_changed'];
const AT_THE_SANDBOX = ['wrong_redirect_uri', 'never_returns'];

describe('a fault that must end the sign-in', () => {
  const named = FAILING.map((row) => ({
    ...row,
    name: [row.fault, row.parameter, row.setting].filter((part) => part !== undefined).join(', '),
  }));
  it.each(named)('$name: $code', async (expected) => {
    const { fault, parameter, setting = 'guide', code, heading, error, description } = expected;
    const person = await newPerson();
    await sandbox.approve(person, { fault, ...(parameter !== undefined && { parameter }) });
    const journey = await leave(setting);
    const { answer, event } = await expectRefused(
      hub,
      { code, error: heading === undefined ? error! : null, ...(expected.creates && { creates: true }) },
      () => comeBack(journey),
    );
    for (const part of expected.reason) expect(event.outcome.reason).toMatch(part);
    if (expected.hint === undefined) expect(event.debugContext.debugData).not.toHaveProperty('hint');
    else expect(event.debugContext.debugData.hint).toMatch(expected.hint);
    expect(event.target).toEqual([expect.objectContaining({ id: providers[setting] })]);
    expect(await firstFailure(event.transaction.id)).toMatchObject({ kind: expected.step, code });
    expect(await sandbox.received(PATHS.userInfo)).toBe(setting === 'guide' ? 0 : 1);
    if (heading === undefined) {
      expect(new URL(answer.location!).searchParams.get('error_description')).toBe(description);
      expect(new URL(answer.location!).searchParams.get('state')).toBe('abc123');
    } else {
      await expectPage(journey, answer, { ...expected, heading, traceId: event.transaction.id });
    }
    await signsIn(person);
    expect(await userOf(person)).toMatchObject({ profile: { lastName: 'Twinkle', idme_uuid: person.uuid } });
  });

  /** The page's two ways on: back to the application with its error, or once more with the request kept. */
  async function expectPage(
    { browser, verifier }: Journey,
    page: Answer,
    expected: { heading: string; traceId: string; error?: string; description?: string; setting?: Setting },
  ) {
    expect(page.body).toContain(`<h1>${expected.heading}</h1>`);
    expect(page.body).toContain(expected.traceId);
    const left = await browser.clone().post(hub.config.url + formTo(page.body, 'leave'), {});
    const { origin, pathname, searchParams } = new URL(left.location!);
    expect(origin + pathname).toBe(REDIRECT_URI);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      error: expected.error,
      error_description: expected.description,
      state: 'abc123',
    });
    const again = await browser.post(hub.config.url + formTo(page.body, 'retry'), {});
    const there = await browser.follow(again, isReturn);
    const back = await browser.get(there.location!);
    // With userinfo set, the sandbox's ordinary answer there is one that a plain client cannot read.
    if (expected.setting === undefined) await expectSignedIn(hub, client, verifier, back);
  }

  it('is covered by these tests, whichever the sandbox has', async () => {
    const covered = [...FAILING.map(({ fault }) => fault), ...SURVIVED, ...AT_THE_SANDBOX];
    expect(new Set(covered)).toEqual(new Set(await sandbox.faults()));
  });
});

describe('a fault at userinfo', () => {
  it.each(['userinfo_json_string', 'userinfo_jwe', 'userinfo_500', 'userinfo_401'])(
    '%s is not met while the endpoint is left blank: it is never called',
    async (fault) => {
      await signsIn(await newPerson(), 'guide', { fault });
      expect(await sandbox.received(PATHS.userInfo)).toBe(0);
    },
  );

  it('userinfo_json_string is read where the setting says that it comes quoted', async () => {
    const person = await newPerson();
    await signsIn(person, 'userInfoQuoted', { fault: 'userinfo_json_string' });
    expect(await sandbox.received(PATHS.userInfo)).toBe(1);
    expect(await userOf(person)).toMatchObject({ profile: { lastName: 'Twinkle' } });
  });
});

describe('claims that are not there', () => {
  it.each(['missing_claim', 'null_attribute'])(
    '%s of an optional attribute: the user is created without',
    async (fault) => {
      const person = await newPerson();
      await signsIn(person, 'guide', { fault, parameter: 'phone' });
      const { profile } = await userOf(person);
      expect(profile).toMatchObject({ lastName: 'Twinkle', zipCode: '97217' });
      expect(profile.mobilePhone ?? null).toBeNull();
    },
  );

  it.each([
    { fault: 'null_attribute', parameter: 'lname' },
    { fault: 'missing_claim', parameter: 'email' },
    { fault: 'scope_silently_no_claims' },
  ])('$fault: somebody who was here before is known by the uuid and keeps what is on file', async (fault) => {
    const person = await newPerson();
    await signsIn(person);
    const before = await userOf(person);
    const { sub } = await signsIn(person, 'guide', fault);
    expect(sub).toBe(before.id);
    expect((await userOf(person)).profile).toEqual(before.profile);
  });

  it('email_changed: the same uuid stays the same user, with the new address', async () => {
    const person = await newPerson();
    const first = await signsIn(person);
    const second = await signsIn(person, 'guide', { fault: 'email_changed' });
    expect(second.sub).toBe(first.sub);
    expect(second.email).toBe(`changed.${person.email}`);
    expect((await signsIn(person)).sub).toBe(first.sub);
  });
});

describe('clocks that differ within what is allowed', () => {
  it.each([
    ['clock_skew_past', '300'],
    ['clock_skew_future', '30'],
  ])('%s by %s s is accepted', async (fault, parameter) => {
    await signsIn(await newPerson(), 'guide', { fault, parameter });
  });
});

describe('signing keys that change', () => {
  let person: Person;
  beforeEach(async () => {
    person = await newPerson();
    await signsIn(person);
    clock.advance(MINUTE + 1000);
    await sandbox.forgetRequests();
  });

  it.each(['key_rotated_published', 'jwks_quirks'])(
    '%s: the key set is fetched once more, and then known',
    async (fault) => {
      await signsIn(person, 'guide', { fault });
      expect(await sandbox.received(PATHS.jwks)).toBe(1);
      for (let times = 0; times < 3; times++) await signsIn(person);
      expect(await sandbox.received(PATHS.jwks)).toBe(1);
    },
  );

  it('key_rotated_unpublished: the key set is fetched at most once a minute, however many come', async () => {
    const refused = async () => {
      await sandbox.approve(person, { fault: 'key_rotated_unpublished' });
      const journey = await leave('guide');
      await expectRefused(hub, { code: 'jws_key_unknown', error: 'access_denied' }, () => comeBack(journey));
    };
    for (let times = 0; times < 4; times++) await refused();
    expect(await sandbox.received(PATHS.jwks)).toBe(1);
    await signsIn(person);
    expect(await sandbox.received(PATHS.jwks)).toBe(1);
    clock.advance(MINUTE + 1000);
    for (let times = 0; times < 3; times++) await refused();
    expect(await sandbox.received(PATHS.jwks)).toBe(2);
    await signsIn(person);
  });

  it('same_kid_other_key: a bad signature under a known key makes no fetch', async () => {
    await sandbox.approve(person, { fault: 'same_kid_other_key' });
    const journey = await leave('guide');
    await expectRefused(hub, { code: 'jws_signature_invalid', error: 'access_denied' }, () => comeBack(journey));
    expect(await sandbox.received(PATHS.jwks)).toBe(0);
  });
});

describe('a fault that keeps the person at the provider', () => {
  it('wrong_redirect_uri: nobody comes back and nothing happens here; the registered address works', async () => {
    const person = await newPerson();
    const [before, mark] = [await prizesOf(hub), await logMark(hub)];
    await sandbox.approve(person, { fault: 'wrong_redirect_uri' });
    const { there } = await leave('guide');
    expect(there).toMatchObject({ status: 400, location: null });
    expect(there.url.startsWith(sandbox.url)).toBe(true);
    expect(await prizesOf(hub)).toEqual(before);
    expect((await logSince(hub, mark)).filter(({ outcome }) => outcome.result === 'FAILURE')).toEqual([]);
    await signsIn(person);
  });

  it('never_returns: who comes back too late is told so and starts again with the request kept', async () => {
    const person = await newPerson();
    await sandbox.approve(person, { fault: 'never_returns' });
    const { browser, verifier, there } = await leave('guide');
    expect(there).toMatchObject({ status: 200, location: null });
    const state = new URL(there.url).searchParams.get('state')!;
    clock.advance(61 * MINUTE);
    const late = `${hub.config.url}/oauth2/v1/authorize/callback?${new URLSearchParams({ state, code: 'late' })}`;
    const { answer, event } = await expectRefused(hub, { code: 'social_transaction_expired', error: null }, () =>
      browser.get(late),
    );
    expect(event.outcome.reason).toContain("transaction's lifetime");
    expect(answer.body).toContain('<h1>The sign-in took too long</h1>');
    clock.rewind();
    const again = await browser.follow(await browser.post(hub.config.url + formTo(answer.body, 'retry'), {}), isReturn);
    await expectSignedIn(hub, client, verifier, await browser.get(again.location!));
  });
});

function machineClock(): TestClock & { rewind(): void } {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance(milliseconds) {
      ahead += milliseconds;
    },
    /** Back to the machine's time: a token that the sandbox issues now would be too old an hour later. */
    rewind() {
      ahead = 0;
    },
  };
}
