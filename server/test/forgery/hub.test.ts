/** The corpus through a whole hub: sign-ins that begin at the provider, so that nothing but the message stands between an attacker and a session. */
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHub, type TestHub } from '../support/app.ts';
import { expectAlive, expectNothingGained, logMark, logSince, prizesOf } from '../support/attacks.ts';
import { createBrowser } from '../support/browser.ts';
import { federateSaml, postSaml, type SamlFederation } from '../support/saml-federation.ts';
import { base64 } from '../support/saml-signer.ts';
import type { Forgery } from './documents.ts';
import { setting } from './setting.ts';

let hub: TestHub;
let idp: SamlFederation;
let corpus: readonly Forgery[];

beforeAll(async () => {
  hub = await startHub();
  // An address that asks for no level, so that no document is refused for the one that it lacks.
  const sso = { url: 'https://idp.example/sso', binding: 'HTTP-POST', destination: 'https://idp.example/sso' };
  const mapped = {
    settings: { allowUnsolicited: true },
    issuer: 'https://idp.example/saml',
    name: 'Forged',
    endpoints: { sso, acs: { binding: 'HTTP-POST', type: 'INSTANCE' } },
  };
  idp = await federateSaml(hub, mapped, setting.provider);
  const [key] = await hub.api<{ x5c: string[] }[]>('GET', `/api/v1/idps/${idp.idpId}/credentials/keys`);
  const certificate = key!.x5c[0]!;
  const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
  Object.assign(setting, {
    now: hub.clock.now(),
    acsUrl: idp.acsUrl,
    audience: idp.audience,
    requestId: null,
    hub: { ...setting.hub, publicKey, certificate },
  });
  ({ corpus } = await import('./corpus.ts'));
});
afterAll(() => hub?.close());

const post = (xml: string) => postSaml(createBrowser(), idp.acsUrl, base64(xml));

it('no forged document gains anything; each is refused on a page and leaves one event with a code', {
  timeout: 120_000,
}, async () => {
  // What needs other settings than a provider's defaults is tried on the verifier alone.
  const tried = corpus.filter(({ change }) => change === undefined);
  expect(tried.length).toBeGreaterThanOrEqual(150);
  const before = await prizesOf(hub);
  const mark = await logMark(hub);
  const statuses: [string, number][] = [];
  for (const { id, xml } of tried) {
    const answer = await post(xml);
    expectNothingGained(answer);
    expect(answer.location, id).toBeNull();
    statuses.push([id, answer.status]);
  }
  expect(statuses.filter(([, status]) => status < 400 || status > 499)).toEqual([]);
  const events = await logSince(hub, mark);
  expect(events.filter(({ outcome }) => outcome.result === 'SUCCESS')).toEqual([]);
  const failures = events.filter(({ eventType }) => eventType === 'user.authentication.auth_via_IDP');
  expect(failures).toHaveLength(tried.length);
  for (const { debugContext } of failures) expect(debugContext.debugData.code).toMatch(/^saml_[a-z0-9_]+$/);
  expect(await prizesOf(hub)).toEqual(before);
  await expectAlive(hub);
});

it('every benign twin signs in', { timeout: 120_000 }, async () => {
  const twins = new Set(corpus.filter(({ change }) => change === undefined).map(({ benign }) => benign));
  for (const benign of twins) {
    // They bear one id, and an id is believed once: that is another test's subject.
    await hub.database.query({ text: 'delete from consumed_once', values: [] });
    expect((await post(benign)).location, benign).toBe(`${hub.url}/`);
  }
});
