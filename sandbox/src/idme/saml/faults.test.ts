import { X509Certificate } from 'node:crypto';
import type { SAML } from '@node-saml/node-saml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  formOf,
  messageOf,
  pem,
  postRequest,
  registerServiceProvider,
  serviceProvider,
} from '../../../test/service-provider.ts';
import { ALEX } from '../../../test/wire.ts';
import { chooseFault, type FaultName } from '../faults/table.ts';
import { type RunningIdme, startIdme } from '../index.ts';

let idme: RunningIdme;
beforeAll(async () => {
  idme = await startIdme({ port: 0 });
});
afterAll(() => idme.close());

interface Played {
  saml: SAML;
  page: string;
  message: string;
}

/** One sign-in with the fault; not encrypted unless said, so that the assertion can be looked at. */
async function play(fault: FaultName | '', parameter?: string, encryption = 'none'): Promise<Played> {
  registerServiceProvider(idme, { encryption });
  idme.control.defaults.setApproval(idme.control.persons.find(ALEX)?.uuid ?? '', chooseFault(fault, parameter), 1);
  const saml = serviceProvider(idme);
  const { text } = await postRequest(idme, saml);
  return { saml, page: text, message: messageOf(text) };
}

const validated = ({ saml, page }: Played) =>
  saml.validatePostResponseAsync({ SAMLResponse: formOf(page).fields.SAMLResponse ?? '' });

const attribute = (message: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(message)?.[1];
const element = (message: string, name: string) => new RegExp(`<saml:${name}[^>]*>([^<]*)<`).exec(message)?.[1];

test('a sign-in without a fault is believed', async () => {
  expect((await validated(await play(''))).profile).toMatchObject({ email: ALEX });
});

describe('node-saml refuses', () => {
  test.each<[FaultName]>([
    ['saml_unsigned_assertion'],
    ['saml_cert_rotated'],
    ['saml_wrong_audience'],
    ['saml_user_denied'],
    ['unsolicited'],
    ['in_response_to'],
    ['clock_skew_past'],
    ['clock_skew_future'],
  ])('%s', async (fault) => {
    const played = await play(fault);
    await expect(validated(played)).rejects.toThrow();
    expect((await validated(await play(''))).profile).toMatchObject({ email: ALEX });
  });

  test('saml_encrypted_unknown_key', async () => {
    const played = await play('saml_encrypted_unknown_key', undefined, 'aes256-cbc');
    expect(played.message).toContain('EncryptedAssertion');
    await expect(validated(played)).rejects.toThrow();
  });
});

describe('what only the message shows', () => {
  test('wrong_recipient', async () => {
    expect(attribute((await play('wrong_recipient')).message, 'Recipient')).toBe('https://another.test/acs');
  });
  test('wrong_destination', async () => {
    expect(attribute((await play('wrong_destination')).message, 'Destination')).toBe('https://another.test/acs');
  });
  test('saml_wrong_issuer', async () => {
    expect(element((await play('saml_wrong_issuer')).message, 'Issuer')).toBe('https://api.idmelabs.com');
    expect(element((await play('')).message, 'Issuer')).toBe('api.idmelabs.com');
  });
  test('saml_status_not_success_with_assertion', async () => {
    const { message } = await play('saml_status_not_success_with_assertion');
    expect(message).toContain('status:Responder');
    expect(message).toContain(ALEX);
  });
  test('saml_user_denied', async () => {
    const { message } = await play('saml_user_denied');
    expect(message).toContain('Subject did not consent to attribute release');
    expect(message).not.toContain(ALEX);
  });
  test('not_encrypted', async () => {
    expect((await play('not_encrypted', undefined, 'aes256-cbc')).message).toContain(ALEX);
    expect((await play('', undefined, 'aes256-cbc')).message).not.toContain(ALEX);
  });
  test('saml_lower_authn_context', async () => {
    const { message } = await play('saml_lower_authn_context');
    expect(element(message, 'AuthnContextClassRef')).toBe('http://idmanagement.gov/ns/assurance/loa/1');
  });
  test('saml_sha1', async () => {
    expect((await play('saml_sha1')).message).toContain('xmldsig#rsa-sha1');
    expect((await play('')).message).not.toContain('sha1');
  });
  test('saml_replay repeats the ids for another request', async () => {
    const idsOf = ({ message }: Played) => [...message.matchAll(/ ID="([^"]+)"/g)].map(([, id]) => id);
    const first = await play('');
    const again = await play('saml_replay');
    expect(idsOf(again)).toEqual(idsOf(first));
    expect(attribute(again.message, 'InResponseTo')).not.toBe(attribute(first.message, 'InResponseTo'));
    expect(idsOf(await play(''))).not.toEqual(idsOf(first));
  });
});

describe('attributes', () => {
  test('missing_claim leaves out the one that is named', async () => {
    const { message } = await play('missing_claim', 'lname');
    expect(message).not.toContain('Name="lname"');
    expect(message).toContain('Name="fname"');
  });
  test('null_attribute has no value', async () => {
    expect((await play('null_attribute', 'phone')).message).toMatch(
      /Name="phone"[^>]*><saml:AttributeValue xsi:nil="true"\/>/,
    );
  });
  test('scope_silently_no_claims has none at all', async () => {
    expect((await play('scope_silently_no_claims')).message).not.toContain('AttributeStatement');
  });
});

test('never_returns stays on a page', async () => {
  expect(formOf((await play('never_returns')).page).fields).toEqual({});
});

test('two_certs_in_metadata signs with a key that the metadata lists beside the former one', async () => {
  const former = idme.control.saml.keys.signing().certificate;
  const saml = serviceProvider(idme);
  const played = await play('two_certs_in_metadata');
  await expect(validated({ ...played, saml })).rejects.toThrow();
  const metadata = await (await fetch(`${idme.url}/saml/metadata/provider`)).text();
  const certificates = [...metadata.matchAll(/<ds:X509Certificate>([^<]+)</g)].map(([, text = '']) => text);
  const current = idme.control.saml.keys.signing().certificate;
  expect(certificates).toEqual(expect.arrayContaining([former, current]));
  expect(current).not.toBe(former);
  expect((await validated(await play(''))).profile).toMatchObject({ email: ALEX });
});

test('the metadata lists an expired certificate of the same key beside each current one', async () => {
  const fresh = await startIdme({ port: 0 });
  try {
    const metadata = await (await fetch(`${fresh.url}/saml/metadata`)).text();
    const found = [
      ...metadata.matchAll(/use="(\w+)"( active="true")?>\s*<ds:KeyInfo><ds:X509Data><ds:X509Certificate>([^<]+)</g),
    ];
    const read = found.map(([, use, active, text = '']) => ({
      use,
      active,
      certificate: new X509Certificate(pem(text)),
    }));
    expect(read.map(({ use, active }) => [use, active !== undefined])).toEqual([
      ['signing', true],
      ['signing', false],
      ['encryption', true],
      ['encryption', false],
    ]);
    for (const { active, certificate } of read) {
      expect(certificate.validToDate.getTime() > Date.now()).toBe(active !== undefined);
    }
    expect(read[0]?.certificate.publicKey.equals(read[1]?.certificate.publicKey as never)).toBe(true);
    expect(metadata).toContain('entityID="api.idmelabs.com"');
  } finally {
    await fresh.close();
  }
});
