import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testClock } from '../../../test/support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { ISSUER, samlBody } from '../../../test/support/saml-federation.ts';
import { rsaKeys } from '../../../test/support/saml-signer.ts';
import { createEgress } from '../../http/index.ts';
import { createConfiguration } from '../../orgs/index.ts';
import { selfSignedCertificate } from '../../protocol/saml/index.ts';
import { DAY } from '../../shared/clock.ts';
import { createSecretBox } from '../../shared/secret-box.ts';
import type { Caller } from '../../system-log/index.ts';
import { createIdentityProviders, type IdentityProviders } from '../index.ts';

const ORG = '00oDaily';
const caller = {
  orgId: ORG,
  baseUrl: 'https://hub.example',
  actor: { id: '00uAdmin', type: 'User', alternateId: 'admin@example.com', displayName: 'Admin' },
  client: { ip: '127.0.0.1', userAgent: 'test' },
  requestId: 'r',
} as unknown as Caller;

const clock = testClock(new Date('2026-11-20T10:00:00Z'));
let test: TestDatabase;
let providers: IdentityProviders;
let web: Server;
let metadataUrl: string;
let metadata: { status: number; text: string };

beforeAll(async () => {
  test = await createTestDatabase();
  web = createServer((_request, response) => response.writeHead(metadata.status).end(metadata.text));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  metadataUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/metadata`;
  await test.database.query({
    text: `insert into orgs (id, company_name, subdomain, base_url, created, last_updated) values ($1, 'Test', 'test', $2, $3, $3)`,
    values: [ORG, caller.baseUrl, clock.now()],
  });
  providers = createIdentityProviders({
    database: test.database,
    configuration: createConfiguration(test.database),
    clock,
    secretBox: createSecretBox(randomBytes(32)),
    egress: createEgress({ allow: ['127.0.0.0/8'] }),
    orgName: async () => 'Test',
    clientKeys: async () => Promise.reject(new Error('no client key is used here')),
    directory: { userAttribute: async () => ({ type: 'string' }), unknownGroups: async () => [] },
    onCreated: async () => {},
    onRemoved: async () => {},
  });
});
afterAll(async () => {
  web.close();
  await test.drop();
});
beforeEach(async () => {
  for (const table of ['identity_providers', 'idp_trust_keys', 'idp_signing_keys', 'system_log'])
    await test.database.query({ text: `delete from ${table}`, values: [] });
});

const keys = rsaKeys();
const certificateUntil = (notAfter: Date, of = keys) =>
  selfSignedCertificate({ name: 'idp', ...of, notBefore: new Date('2026-01-01T00:00:00Z'), notAfter }).toString(
    'base64',
  );
const trust = async (x5c: string) => (await providers.keys.addTrust(caller, { x5c: [x5c] })).kid;
const create = async (kid: string, name: string, settings = {}) =>
  (await providers.create(caller, samlBody(kid, { name, settings }))).body.id;
const events = async (type: string) =>
  (
    await test.database.query<{
      payload: {
        outcome: { result: string; reason: string | null };
        debugContext: { debugData: Record<string, string> };
      };
    }>({
      text: 'select payload from system_log where event_type = $1 order by xid, id',
      values: [type],
    })
  ).rows.map(({ payload }) => payload);
const daily = () => providers.daily(new AbortController().signal);
const kidsOf = async (id: string) => {
  const { body } = await providers.read(caller, id);
  if (body.type !== 'SAML2') throw new Error('No SAML provider.');
  const { kid, additionalKids = [] } = body.protocol.credentials.trust;
  return [kid, ...additionalKids];
};

const descriptor = (uses: [use: string, certificate: string][], issuer = ISSUER) =>
  `<!-- published --><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${issuer}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${uses
    .map(
      ([use, certificate]) =>
        `<KeyDescriptor${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`,
    )
    .join(
      '',
    )}<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>`;

describe('a certificate that ends soon', () => {
  it('is told of at 30, 14, 7 and 1 days and at its end, once each, for every provider that trusts it', async () => {
    const kid = await trust(certificateUntil(new Date(clock.now().getTime() + 40 * DAY)));
    await create(kid, 'One');
    await create(kid, 'Two');
    const told: number[] = [];
    for (let day = 0; day <= 41; day++) {
      await daily();
      told.push((await events('gatehouse.idp.certificate_expiring')).length);
      clock.advance(DAY);
    }
    const changes = told.flatMap((count, day) => (count === (told[day - 1] ?? 0) ? [] : [[40 - day, count]]));
    expect(changes).toEqual([
      [30, 2],
      [14, 4],
      [7, 6],
      [1, 8],
      [0, 10],
    ]);
  });
});

describe('a key of the hub that a newer one replaced', () => {
  it('is retired after a month without use, and neither earlier nor while it is active or the newer', async () => {
    const id = await create(await trust(certificateUntil(new Date(clock.now().getTime() + 400 * DAY))), 'Rolls over');
    const [old] = await providers.keys.signingList(ORG, id);
    clock.advance(DAY);
    const next = await providers.keys.generate(caller, id, 2);
    clock.advance(40 * DAY);
    await daily();
    expect(await providers.keys.signingList(ORG, id)).toHaveLength(2);
    await providers.keys.activate(caller, id, next.kid);
    const use = { text: 'update idp_signing_keys set last_used = $1 where kid = $2', values: [clock.now(), old!.kid] };
    await test.database.query(use);
    await daily();
    expect(await providers.keys.signingList(ORG, id)).toHaveLength(2);
    clock.advance(31 * DAY);
    await daily();
    expect((await providers.keys.signingList(ORG, id)).map(({ kid }) => kid)).toEqual([next.kid]);
    expect(await events('system.idp.key.delete')).toHaveLength(1);
  });
});

describe('metadata that is kept in step', () => {
  const current = () => certificateUntil(new Date(clock.now().getTime() + 400 * DAY));
  const renewed = rsaKeys();

  it('brings new certificates, with an event that names them; one without a use serves signatures (S13)', async () => {
    const known = current();
    const id = await create(await trust(known), 'In step', { metadataUrl });
    metadata = {
      status: 200,
      text: descriptor([
        [' use="signing"', known],
        [' use="encryption"', rsaKeys().certificate],
        ['', renewed.certificate],
      ]),
    };
    await daily();
    const kids = await kidsOf(id);
    expect(kids).toHaveLength(2);
    const [event, ...more] = await events('gatehouse.idp.metadata_refresh');
    expect(more).toEqual([]);
    expect(event?.debugContext.debugData.added).toBe((await providers.keys.trust(ORG, kids[1]!))['x5t#S256']);
    await daily();
    expect(await events('gatehouse.idp.metadata_refresh')).toHaveLength(1);
  });

  it.each([
    ['has no signing key', () => descriptor([[' use="encryption"', renewed.certificate]])],
    ['has expired ones only', () => descriptor([['', certificateUntil(new Date(clock.now().getTime() - DAY))]])],
    ['describes another provider', () => descriptor([['', renewed.certificate]], 'https://other.example')],
    ['is no metadata', () => '<html/>'],
    [
      'would fetch an entity',
      () => `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${descriptor([['', renewed.certificate]])}`,
    ],
  ])('changes nothing when it %s, and says so', async (_what, text) => {
    const id = await create(await trust(current()), 'In step', { metadataUrl });
    const before = await kidsOf(id);
    metadata = { status: 200, text: text() };
    await daily();
    expect(await kidsOf(id)).toEqual(before);
    expect((await events('gatehouse.idp.metadata_refresh')).map(({ outcome }) => outcome.result)).toEqual(['FAILURE']);
  });

  it('drops what is withdrawn and expired, and keeps what is withdrawn and still valid', async () => {
    const [spent, valid] = [certificateUntil(new Date(clock.now().getTime() + DAY)), current()];
    const [spentKid, validKid] = [await trust(spent), await trust(valid)];
    const id = await create(validKid, 'In step', { metadataUrl });
    const { body } = await providers.read(caller, id);
    if (body.type !== 'SAML2') throw new Error();
    const { protocol } = body;
    const named = { ...protocol.credentials.trust, additionalKids: [spentKid] };
    await providers.replace(
      caller,
      id,
      { ...body, protocol: { ...protocol, credentials: { ...protocol.credentials, trust: named } } },
      null,
    );
    clock.advance(2 * DAY);
    metadata = { status: 200, text: descriptor([['', renewed.certificate]]) };
    await daily();
    const kids = await kidsOf(id);
    expect(kids).toContain(validKid);
    expect(kids).not.toContain(spentKid);
    expect(kids).toHaveLength(2);
  });

  it('goes on with the others when one fails, and says at the end that it did', async () => {
    const known = current();
    const kid = await trust(known);
    const broken = await create(kid, 'Broken', { metadataUrl });
    const well = await create(kid, 'Well', { metadataUrl });
    metadata = {
      status: 200,
      text: descriptor([
        ['', known],
        ['', renewed.certificate],
      ]),
    };
    const trigger = (text: string) => test.database.query({ text, values: [] });
    await trigger(
      `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'The disk is full.'; end $$`,
    );
    await trigger(
      `create trigger refusing before update on identity_providers for each row when (old.name = 'Broken') execute function refuse()`,
    );
    try {
      await expect(daily()).rejects.toThrow('1 failed, the first: The disk is full.');
    } finally {
      await trigger('drop function refuse cascade');
    }
    expect([await kidsOf(broken), await kidsOf(well)].map((kids) => kids.length)).toEqual([1, 2]);
    await daily();
    expect(await kidsOf(broken)).toHaveLength(2);
  });
});
