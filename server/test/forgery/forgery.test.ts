import { describe, expect, test } from 'vitest';
import { verifyEncoded } from '../../src/protocol/saml/index.ts';
import { base64 } from '../support/saml-signer.ts';
import { corpus } from './corpus.ts';
import { EXPECTED, FORGED, type Forgery } from './documents.ts';

const verify = (xml: string, { change }: Forgery) => verifyEncoded(base64(xml), { ...EXPECTED, ...change });
const benignTwin = (forgery: Forgery) =>
  verifyEncoded(base64(forgery.benign), { ...EXPECTED, signatureScope: forgery.change?.signatureScope ?? 'ANY' });

/** A document refused for a reason of another family would leave its own attack untried. */
const CODES: Record<string, string[]> = {
  S1: ['structure', 'duplicate_id'],
  S2: ['structure'],
  S3: ['duplicate_id'],
  S4: ['document_refused'],
  S5: ['document_refused'],
  S6: ['document_refused', 'signature_invalid', 'signature_structure', 'structure'],
  S7: ['document_refused', 'not_wellformed', 'signature_invalid', 'signature_missing', 'structure'],
  S8: ['duplicate_id', 'signature_invalid', 'signature_structure', 'structure'],
  S9: ['signature_reference', 'signature_structure', 'structure'],
  S10: ['signature_missing', 'signature_invalid', 'signature_structure'],
  S11: ['signature_invalid'],
  S12: ['signature_algorithm', 'signature_sha1', 'signature_invalid'],
  S14: ['signature_missing', 'signature_invalid', 'structure'],
  S15: ['encryption_algorithm'],
  S16: ['signature_algorithm', 'signature_sha1', 'signature_structure', 'signature_invalid'],
  S18: ['in_response_to'],
  S19: [
    'audience',
    'authn_statement',
    'conditions',
    'destination',
    'expired',
    'not_yet_valid',
    'recipient',
    'status_not_success',
    'structure',
    'subject_confirmation',
  ],
  S20: ['issuer'],
};

test('the corpus holds at least 150 documents, each with a name of its own', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(150);
  expect(new Set(corpus.map(({ id }) => id)).size).toBe(corpus.length);
});

test('most documents say that an administrator signs in', () => {
  expect(corpus.filter(({ xml }) => xml.includes(FORGED)).length).toBeGreaterThanOrEqual(150);
});

describe.each(corpus)('$id', (forgery) => {
  test('is refused with a code, and its benign twin is read', () => {
    const result = verify(forgery.xml, forgery);
    const family = forgery.id.split(' ')[0]!;
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(CODES[family]?.map((code) => `saml_${code}`)).toContain(result.error.code);
    const twin = benignTwin(forgery);
    expect(twin).toMatchObject({ ok: true });
    if (!twin.ok) throw new Error();
    expect(twin.value.nameId.value).not.toBe(FORGED);
  });
});
