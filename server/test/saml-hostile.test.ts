/** S15, S22-S24: messages that are made to cost, to reach out, or to ask the decrypting key questions. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inflateMessage, MAX_MESSAGE_BYTES, verifyEncoded, verifyResponse } from '../src/protocol/saml/index.ts';
import { EXPECTED, genuine, hub, signatureOf, swap } from './forgery/documents.ts';
import { base64, encryptAssertion } from './support/saml-signer.ts';

let hits = 0;
const canary = createServer((_request, response) => {
  hits += 1;
  response.end('canary');
});
let canaryUrl: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  canaryUrl = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/x`;
});
afterAll(() => new Promise((resolve) => canary.close(resolve)));

const xml = genuine();
const STATUS = '<samlp:Status>';
const before = (text: string) => swap(xml, STATUS, text + STATUS);
const declared = (internal: string) =>
  `<!DOCTYPE samlp:Response [${internal}]>${swap(xml, '>mallory@example.com<', '>&x;<')}`;
const ROOM = MAX_MESSAGE_BYTES - xml.length - 1_000;
const fill = (piece: (index: number) => string) => {
  let text = '';
  for (let index = 0; text.length + 40 < ROOM; index++) text += piece(index);
  return text;
};
const LAUGHS = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join(
  '',
);

const MESSAGES: Record<string, () => string | Buffer> = {
  'more than 256 KB of padding': () => before(' '.repeat(MAX_MESSAGE_BYTES)),
  'elements in depth': () => before('<a>'.repeat(30_000) + '</a>'.repeat(30_000)),
  'elements in width': () => before(fill(() => '<a/>')),
  'attributes on one element': () => before(`<a ${fill((index) => `a${index}="" `)}/>`),
  'namespaces on one element': () => before(`<a ${fill((index) => `xmlns:n${index}="u:${index}" `)}/>`),
  'namespaces in depth': () =>
    before(
      Array.from({ length: 3_000 }, (_, index) => `<a xmlns:n${index}="u:${index}">`).join('') + '</a>'.repeat(3_000),
    ),
  'many signatures': () => before(signatureOf(xml).repeat(150)),
  'many references': () =>
    swap(xml, '</ds:Reference>', `</ds:Reference>${/<ds:Reference[\s\S]*<\/ds:Reference>/.exec(xml)![0].repeat(400)}`),
  'ten to the eighth entities': () => declared(`<!ENTITY l0 "x">${LAUGHS}<!ENTITY x "&l9;">`),
  'a quadratic entity': () => declared(`<!ENTITY y "${'y'.repeat(50_000)}"><!ENTITY x "${'&y;'.repeat(20_000)}">`),
  'an entity of a file': () => declared('<!ENTITY x SYSTEM "file:///etc/passwd">'),
  'an entity of the network': () => declared(`<!ENTITY x SYSTEM "${canaryUrl}">`),
  'a parameter entity of the network': () => declared(`<!ENTITY % p SYSTEM "${canaryUrl}"> %p; <!ENTITY x "y">`),
  'a document type of the network': () => `<!DOCTYPE samlp:Response SYSTEM "${canaryUrl}">${xml}`,
  'a style sheet of the network': () => `<?xml-stylesheet href="${canaryUrl}"?>${xml}`,
  'an inclusion of the network': () =>
    before(`<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${canaryUrl}"/>`),
  'UTF-16 with a document type': () => Buffer.from(`\ufeff${declared(`<!ENTITY x SYSTEM "${canaryUrl}">`)}`, 'utf16le'),
  'UTF-16 declared': () => `<?xml version="1.0" encoding="UTF-16"?>${xml}`,
  'UTF-7 declared': () => `<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-${xml}`,
  'bytes that are no UTF-8': () =>
    Buffer.concat([Buffer.from(xml.slice(0, 400)), Buffer.from([0xc0, 0xbc, 0xff]), Buffer.from(xml.slice(400))]),
};

describe('a hostile message', () => {
  it.each(Object.entries(MESSAGES))('of %s is refused with a code, and nobody is called', async (_name, build) => {
    const message = build();
    const encoded = Buffer.isBuffer(message) ? message.toString('base64') : base64(message);
    const [hostile, other] = await Promise.all([
      verifyResponse(encoded, EXPECTED),
      verifyResponse(base64(xml), EXPECTED),
    ]);
    expect(hostile).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^saml_[a-z0-9_]+$/) } });
    expect(hostile.ok || hostile.error.code).not.toBe('saml_verification_timeout');
    expect(other.ok).toBe(true);
    expect(hits).toBe(0);
  });

  it('by redirect does not inflate beyond the bound, and an honest one inflates', () => {
    const bomb = deflateRawSync(Buffer.alloc(100 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(MAX_MESSAGE_BYTES);
    expect(() => inflateMessage(bomb)).toThrow('saml_message_too_large');
    expect(inflateMessage(deflateRawSync(xml)).toString()).toBe(xml);
  });

  it('has a twin of the same size that is read: a thousand groups', async () => {
    const groups = Array.from(
      { length: 1_000 },
      (_, index) => `group of the company number ${index}, ${'x'.repeat(30)}`,
    );
    const large = genuine('both', { attributes: { email: 'mallory@example.com', groups } });
    expect(large.length).toBeGreaterThan(80_000);
    expect(await verifyResponse(base64(large), EXPECTED)).toMatchObject({ ok: true });
  });
});

describe('S15: a decryption oracle', () => {
  it.each([
    ['AES-GCM', 'http://www.w3.org/2009/xmlenc11#aes256-gcm', false],
    ['AES-CBC', 'http://www.w3.org/2001/04/xmlenc#aes256-cbc', true],
  ])(
    'has one answer for eleven hundred changed ciphertexts of %s',
    { timeout: 60_000 },
    async (_name, content, allowCbc) => {
      const message = await encryptAssertion(xml, hub, { content });
      const expected = { ...EXPECTED, allowCbc };
      expect(verifyEncoded(base64(message), expected).ok).toBe(true);
      const values = [...message.matchAll(/<(\w+):CipherValue[^>]*>([^<]+)</g)].map(([, , value]) => value!);
      expect(values).toHaveLength(2);
      const answers = new Set<string>();
      for (let round = 0; round < 1_100; round++) {
        const value = values[round % 2]!;
        const bytes = Buffer.from(value, 'base64');
        const place = (round * 7919) % bytes.length;
        bytes[place] = bytes[place]! ^ (1 + (round % 255));
        const result = verifyEncoded(base64(message.replace(value, () => bytes.toString('base64'))), expected);
        answers.add(result.ok ? 'accepted' : `${result.error.code}: ${result.error.reason}`);
      }
      expect([...answers]).toHaveLength(1);
      expect([...answers][0]).toMatch(/^saml_undecryptable: /);
    },
  );
});
