/** Ways to become an administrator without being made one, each beside the benign twin. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Administrator, administrator, refusal } from './support/administrators.ts';
import { ADMIN, startHub, type TestHub } from './support/app.ts';
import { createBrowser } from './support/browser.ts';
import {
  ATTRIBUTES,
  federateSaml,
  postSaml,
  type SamlFederation,
  samlAnswer,
  samlBody,
  startSaml,
} from './support/saml-federation.ts';
import { rsaKeys, type SamlKeys } from './support/saml-signer.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const FORBIDDEN = [403, 'E0000006'];

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
  await hub.api('PUT', '/api/gatehouse/v1/org/settings', { requestsPerMinute: 10_000 });
});
afterAll(() => hub?.close());

describe('a provider that may link administrators, of which none is linked yet', () => {
  const linking = (excludeAdmins: boolean, more: { issuer: string; name: string }) => ({
    ...more,
    policy: { accountLink: { action: 'AUTO', filter: { users: { excludeAdmins } } } },
  });
  const GUARDED = linking(false, { name: 'For administrators too', issuer: 'https://guarded.example.com' });
  const OPEN = linking(true, { name: 'For people', issuer: 'https://open.example.com' });

  let orgAdmin: Administrator;
  let guarded: SamlFederation;
  let open: SamlFederation;

  beforeAll(async () => {
    orgAdmin = await administrator(hub, 'ORG_ADMIN');
    guarded = await federateSaml(hub, GUARDED);
    open = await federateSaml(hub, OPEN);
  });

  const arrive = async (of: SamlFederation, issuer: string, keys: SamlKeys) => {
    const browser = createBrowser();
    const asked = await startSaml(hub, browser, of);
    const attributes = { ...ATTRIBUTES, email: ADMIN.email };
    const more = { keys, issuer, attributes, nameId: 'whoever' };
    const answer = await samlAnswer(of, hub.clock.now(), asked.requestId, more);
    await postSaml(browser, of.acsUrl, answer, asked.relayState);
    const me = await browser.get(`${hub.url}/api/v1/sessions/me`);
    return me.status === 200 ? JSON.parse(me.body).login : null;
  };

  it('keeps the keys that it is trusted by from other administrators, who could sign for a super administrator', async () => {
    const own = rsaKeys();
    const key = `/api/v1/idps/credentials/keys/${guarded.trustKid}`;
    expect(refusal(await orgAdmin.call('PUT', key, { x5c: [own.certificate] }))).toEqual(FORBIDDEN);
    expect(await arrive(guarded, GUARDED.issuer, own)).toBeNull();
    const ordinary = `/api/v1/idps/credentials/keys/${open.trustKid}`;
    expect((await orgAdmin.call('PUT', ordinary, { x5c: [own.certificate] })).status).toBe(200);
    expect(await arrive(open, OPEN.issuer, own)).toBeNull();
  });

  it('is changed by super administrators alone, in every part that decides who comes, also while it is switched off', async () => {
    const other = await hub.api<Any>('POST', '/api/v1/idps', { ...samlBody(open.trustKid), name: 'Another one' });
    const change = async (of: SamlFederation, body: object) => {
      const [mapping]: Any = await hub.api('GET', `/api/v1/mappings?sourceId=${of.idpId}`);
      const idp = `/api/v1/idps/${of.idpId}`;
      const [{ kid }]: Any = await hub.api('GET', `${idp}/credentials/keys`);
      const [{ kid: otherKid }]: Any = await hub.api('GET', `/api/v1/idps/${other.id}/credentials/keys`);
      const calls: [string, string, unknown?][] = [
        ['PUT', idp, body],
        ['POST', `/api/v1/mappings/${mapping.id}`, { properties: {} }],
        ['POST', `/api/v1/meta/schemas/apps/${of.idpId}/default`, {}],
        ['POST', `${idp}/credentials/keys/generate?validityYears=2`],
        ['POST', `${idp}/credentials/keys/${kid}/clone?targetIdpId=${other.id}`],
        ['POST', `/api/v1/idps/${other.id}/credentials/keys/${otherKid}/clone?targetIdpId=${of.idpId}`],
        ['POST', `${idp}/lifecycle/deactivate`],
        ['POST', `${idp}/lifecycle/activate`],
        ['DELETE', `/api/v1/idps/credentials/keys/${of.trustKid}`],
        ['DELETE', idp],
      ];
      const statuses: number[] = [];
      for (const [method, path, sent] of calls) statuses.push((await orgAdmin.call(method, path, sent)).status);
      return statuses;
    };
    const ordinary = { name: OPEN.name, issuer: OPEN.issuer };
    for (const action of ['AUTO', 'DISABLED']) {
      const policy = { accountLink: { action, filter: { users: { excludeAdmins: false } } } };
      await hub.api('PUT', `/api/v1/idps/${guarded.idpId}`, samlBody(guarded.trustKid, { ...GUARDED, policy }));
      expect(await change(guarded, samlBody(guarded.trustKid, { ...ordinary, name: GUARDED.name }))).toEqual(
        Array(10).fill(403),
      );
    }
    await hub.api('PUT', `/api/v1/idps/${guarded.idpId}`, samlBody(guarded.trustKid, GUARDED));
    await hub.api('POST', `/api/v1/idps/${guarded.idpId}/lifecycle/deactivate`);
    expect((await orgAdmin.call('POST', `/api/v1/idps/${guarded.idpId}/lifecycle/activate`)).status).toBe(403);
    await hub.api('POST', `/api/v1/idps/${guarded.idpId}/lifecycle/activate`);
    // The certificate is in use, so it stays, for that reason alone.
    expect(await change(open, samlBody(open.trustKid, ordinary))).toEqual([
      200, 200, 200, 200, 201, 201, 200, 200, 400, 204,
    ]);
  });

  it('lets in the super administrator whom its own key vouches for', async () => {
    expect(await arrive(guarded, GUARDED.issuer, guarded.keys)).toBe(ADMIN.email);
  });
});
