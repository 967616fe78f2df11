import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  base64,
  encryptAssertion,
  PERSISTENT,
  type ResponseParts,
  responseXml,
  rsaKeys,
  type Signed,
  signXml,
} from '../../../test/support/saml-signer.ts';
import { type ResponseExpectation, verifyEncoded, verifyResponse } from './index.ts';

const NOW = new Date('2026-11-20T10:00:00Z');
const idp = rsaKeys();
const hub = rsaKeys();
const stranger = rsaKeys();
const ACS = 'https://hub.example/sso/saml2/0oa1';
const PARTS: ResponseParts = {
  issuer: 'api.idmelabs.com',
  audience: 'https://hub.example/saml2/service-provider/sp1',
  acsUrl: ACS,
  now: NOW,
  requestId: '_request',
  attributes: { email: 'ada@example.com', identity_subgroups: ['IAL2', 'AAL2'] },
};
const certificate = (keys = idp, change = {}) => ({
  kid: 'kid-1',
  publicKey: keys.publicKey,
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
  ...change,
});
const EXPECTED: ResponseExpectation = {
  issuer: PARTS.issuer,
  audience: PARTS.audience,
  acsUrl: ACS,
  certificates: [certificate()],
  signatureScope: 'ANY',
  decryptionKeys: [{ kid: 'hub-1', privateKey: hub.privateKey }],
  allowCbc: false,
  requestId: '_request',
  authnContexts: [],
  now: NOW,
  maxClockSkewSeconds: 60,
};

const verify = (xml: string, change: Partial<ResponseExpectation> = {}) =>
  verifyEncoded(base64(xml), { ...EXPECTED, ...change });
const code = (xml: string, change: Partial<ResponseExpectation> = {}) => {
  const result = verify(xml, change);
  return result.ok ? 'accepted' : result.error.code;
};
const signed = (change: Partial<ResponseParts> = {}, what: Signed = 'assertion') =>
  signXml(responseXml({ ...PARTS, ...change }), idp, what);

describe('a genuine response', () => {
  test.each(['assertion', 'response', 'both'] as const)('signed at %s is read', (what) => {
    const result = verify(signed({}, what));
    expect(result).toMatchObject({
      ok: true,
      value: {
        issuer: 'api.idmelabs.com',
        nameId: { value: '88f572d4', format: PERSISTENT },
        evidence: { certificateKid: 'kid-1', decryptionKid: null },
        expires: new Date('2026-11-20T10:06:00Z'),
      },
    });
    if (!result.ok) throw new Error();
    expect(result.value.attributes.map(({ name, values }) => [name, values])).toEqual([
      ['email', ['ada@example.com']],
      ['identity_subgroups', ['IAL2', 'AAL2']],
    ]);
  });

  test.each([
    ['http://www.w3.org/2009/xmlenc11#aes128-gcm', false],
    ['http://www.w3.org/2009/xmlenc11#aes256-gcm', false],
    ['http://www.w3.org/2001/04/xmlenc#aes128-cbc', true],
    ['http://www.w3.org/2001/04/xmlenc#aes256-cbc', true],
  ])('encrypted with %s is decrypted', async (content, allowCbc) => {
    const xml = await encryptAssertion(signed(), hub, { content });
    expect(verify(xml, { allowCbc })).toMatchObject({
      ok: true,
      value: { evidence: { decryptionKid: 'hub-1', encryptionAlgorithm: content, signed: ['TOKEN'] } },
    });
  });

  test('whose ciphertext the response’s signature covers needs no signature inside, where the scope says so', async () => {
    const xml = signXml(await encryptAssertion(responseXml(PARTS), hub), idp, 'response');
    expect(code(xml)).toBe('accepted');
    expect(code(xml, { signatureScope: 'RESPONSE' })).toBe('accepted');
    expect(code(xml, { signatureScope: 'TOKEN' })).toBe('saml_signature_missing');
  });

  test('is accepted by the second of two certificates, and by both keys of a rollover', async () => {
    expect(code(signed(), { certificates: [certificate(stranger), certificate()] })).toBe('accepted');
    const xml = await encryptAssertion(signed(), hub);
    const keys = [{ kid: 'new', privateKey: stranger.privateKey }, ...EXPECTED.decryptionKeys];
    expect(verify(xml, { decryptionKeys: keys })).toMatchObject({
      ok: true,
      value: { evidence: { decryptionKid: 'hub-1' } },
    });
  });
});

describe('a response is refused', () => {
  const cases: [string, () => string, Partial<ResponseExpectation>, string][] = [
    ['unsigned', () => responseXml(PARTS), {}, 'saml_signature_missing'],
    ['signed by another key', () => signXml(responseXml(PARTS), stranger), {}, 'saml_signature_invalid'],
    ['altered', () => signed().replace('ada@', 'eve@'), {}, 'saml_signature_invalid'],
    [
      'by an expired certificate',
      () => signed(),
      { certificates: [certificate(idp, { notAfter: new Date('2026-11-01T00:00:00Z') })] },
      'saml_certificate_expired',
    ],
    ['with no certificate known', () => signed(), { certificates: [] }, 'saml_certificate_missing'],
    [
      'SHA-1',
      () => signXml(responseXml(PARTS), idp, 'assertion', { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
      {},
      'saml_signature_sha1',
    ],
    ['of another issuer', () => signed({ issuer: 'https://api.idmelabs.com' }), {}, 'saml_issuer'],
    ['for another audience', () => signed({ audience: 'https://other.example' }), {}, 'saml_audience'],
    ['for another recipient', () => signed({ recipient: `${ACS}x` }), {}, 'saml_recipient'],
    ['without a recipient', () => signed({ recipient: null }), {}, 'saml_recipient'],
    ['for another destination', () => signed({ destination: `${ACS}x` }), {}, 'saml_destination'],
    ['signed without a destination', () => signed({ destination: null }, 'response'), {}, 'saml_destination'],
    ['to another request', () => signed({ requestId: '_other' }), {}, 'saml_in_response_to'],
    ['to no request', () => signed({ requestId: null }), {}, 'saml_in_response_to'],
    ['to a request that nobody made', () => signed(), { requestId: null }, 'saml_in_response_to'],
    ['expired', () => signed({ notOnOrAfter: new Date(NOW.getTime() - 60_000) }), {}, 'saml_expired'],
    ['from the future', () => signed({ notBefore: new Date(NOW.getTime() + 61_000) }), {}, 'saml_not_yet_valid'],
    [
      'issued eleven minutes ago',
      () => signed({ issueInstant: new Date(NOW.getTime() - 11 * 60_000) }),
      {},
      'saml_expired',
    ],
    ['of a failed sign-in with an assertion', () => signed({ status: 'Responder' }), {}, 'saml_status_not_success'],
    [
      'of a lower context',
      () => signed({ authnContext: 'loa/1' }),
      { authnContexts: ['ial/2/aal/2'] },
      'saml_authn_context',
    ],
    ['with a comment', () => signed().replace('ada@', 'ada<!---->@'), {}, 'saml_document_refused'],
    ['with a DOCTYPE', () => `<!DOCTYPE x>${signed()}`, {}, 'saml_document_refused'],
    [
      'with the response unsigned where it must be',
      () => signed(),
      { signatureScope: 'RESPONSE' },
      'saml_signature_missing',
    ],
    [
      'with the assertion unsigned where it must be',
      () => signed({}, 'response'),
      { signatureScope: 'TOKEN' },
      'saml_signature_missing',
    ],
  ];
  test.each(cases)('%s', (_name, xml, change, expected) => expect(code(xml(), change)).toBe(expected));

  test('that was encrypted for somebody else, or altered, with one answer', async () => {
    const foreign = await encryptAssertion(signed(), stranger);
    const own = await encryptAssertion(signed(), hub);
    const altered = own.replace(
      /(<e:CipherValue>|<xenc:CipherValue>)(.)/,
      (_all, tag, first) => tag + (first === 'A' ? 'B' : 'A'),
    );
    expect(altered).not.toBe(own);
    const [one, two] = [verify(foreign), verify(altered)];
    expect(one).toMatchObject({ ok: false, error: { code: 'saml_undecryptable' } });
    expect({ ...two, error: { ...(two as { error: object }).error, id: null } }).toEqual({
      ...one,
      error: { ...(one as { error: object }).error, id: null },
    });
  });

  test('S14: that was encrypted by anybody, because nobody signed it', async () => {
    expect(code(await encryptAssertion(responseXml(PARTS), hub))).toBe('saml_signature_missing');
  });

  test('for AES-CBC where it is not allowed', async () => {
    const xml = await encryptAssertion(signed(), hub, {
      content: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
    });
    expect(code(xml)).toBe('saml_encryption_algorithm');
  });
});

describe('whatever comes', () => {
  test('is answered with a failure, never thrown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(verify(text).ok).toBe(false);
        expect(verifyEncoded(text, EXPECTED).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('a genuine message with a stretch replaced is refused, or says the same', () => {
    const xml = signed({}, 'both');
    const genuine = verify(xml);
    fc.assert(
      fc.property(fc.nat(xml.length), fc.nat(20), fc.string({ maxLength: 10 }), (at, length, put) => {
        const result = verify(xml.slice(0, at) + put + xml.slice(at + length));
        if (result.ok) expect(result).toEqual(genuine);
        else expect(result.error.reason).toMatch(/^\P{Cc}{10,2000}$/u);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a large message', () => {
  const large = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`a${i}`, 'x'.repeat(2500)]));

  test('is verified aside, with the same answer', async () => {
    const encoded = base64(signed({ attributes: large }));
    expect(encoded.length).toBeGreaterThan(100_000);
    expect(await verifyResponse(encoded, EXPECTED)).toEqual(verifyEncoded(encoded, EXPECTED));
    expect(await verifyResponse(encoded, { ...EXPECTED, requestId: '_other' })).toMatchObject({
      ok: false,
      error: { code: 'saml_in_response_to' },
    });
  });

  test('several at once are answered each by its own', async () => {
    const encoded = base64(signed({ attributes: large }));
    const answers = await Promise.all(
      ['_request', '_other', '_request'].map((requestId) => verifyResponse(encoded, { ...EXPECTED, requestId })),
    );
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
  });
});

describe('a provider that renewed its certificate with the same key', () => {
  test('is believed, whichever of the two is named first', () => {
    const expired = certificate(idp, { kid: 'old', notAfter: new Date('2026-11-01T00:00:00Z') });
    for (const certificates of [
      [expired, certificate()],
      [certificate(), expired],
    ]) {
      expect(verify(signed(), { certificates })).toMatchObject({
        ok: true,
        value: { evidence: { certificateKid: 'kid-1' } },
      });
    }
    expect(code(signed(), { certificates: [expired] })).toBe('saml_certificate_expired');
  });

  test('and a failed sign-in without a signature is told as what it is', () => {
    const failed = responseXml({ ...PARTS, status: 'Responder' });
    expect(code(failed, { signatureScope: 'RESPONSE' })).toBe('saml_status_not_success');
    expect(code(responseXml(PARTS), { signatureScope: 'RESPONSE' })).toBe('saml_signature_missing');
  });
});
