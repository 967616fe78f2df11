/**
 * From the form parameter to a verified assertion, as a list: guard, shape, signature of the Response, decryption, signature of the
 * assertion, then the checks. After a signature was verified, only the bytes that it covers are read any further (security.md §0.2).
 */
import { err, ok, type Result } from '../../shared/result.ts';
import { decodeMessage } from './document/decode.ts';
import { attribute, declaration, type Element, type Tree, withTree } from './document/tree.ts';
import { type Decrypted, decryptAssertion, UNDECRYPTABLE } from './encryption/decrypt.ts';
import { Refused, refuse } from './failures.ts';
import { SAML } from './names.ts';
import { readAssertion } from './response/assertion.ts';
import { checkEnvelope, requireShape, requireSuccess } from './response/envelope.ts';
import type { Clock } from './response/times.ts';
import { signatureIn, verifySignature } from './signature/verify-signature.ts';
import type { ResponseExpectation, SamlFailure, VerifiedAssertion } from './types.ts';

/** What has been found out on the way. */
interface Progress {
  id: string | null;
  signed: VerifiedAssertion['evidence']['signed'];
  certificateKid: string;
  signatureAlgorithm: string;
  decrypted: Decrypted | null;
}

/** The message as bytes; runs to its end on the calling thread. Never throws. */
export function verifyBytes(bytes: Uint8Array, expected: ResponseExpectation): Result<VerifiedAssertion, SamlFailure> {
  const progress: Progress = { id: null, signed: [], certificateKid: '', signatureAlgorithm: '', decrypted: null };
  try {
    return ok(withTree(bytes, (tree) => response(tree, expected, progress)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return err({ ...error.failure, id: error.failure.id ?? progress.id });
  }
}

/** As `verifyBytes`, from the base64 of the form parameter. */
export function verifyEncoded(encoded: string, expected: ResponseExpectation): Result<VerifiedAssertion, SamlFailure> {
  try {
    return verifyBytes(decodeMessage(encoded), expected);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return err(error.failure);
  }
}

function response(tree: Tree, expected: ResponseExpectation, progress: Progress): VerifiedAssertion {
  progress.id = attribute(tree.root, 'ID');
  requireShape(tree.root);
  const signature = signatureIn(tree.root);
  if (signature === null) {
    if (expected.signatureScope === 'RESPONSE') {
      // A failed sign-in is often told without a signature: its status may be believed as far as a refusal goes.
      requireSuccess(tree.root);
      refuse(
        'saml_signature_missing',
        'The Response is not signed; this identity provider is configured so that it must be.',
      );
    }
    return contents(tree, expected, progress);
  }
  const { bytes, ...signer } = verifySignature(tree, tree.root, signature, expected.certificates, expected.now);
  noteSignature(progress, 'RESPONSE', signer);
  return withTree(bytes, (signed) => contents(signed, expected, progress));
}

function noteSignature(
  progress: Progress,
  what: 'RESPONSE' | 'TOKEN',
  signer: { certificateKid: string; algorithm: string },
): void {
  progress.signed.push(what);
  progress.certificateKid = signer.certificateKid;
  progress.signatureAlgorithm = signer.algorithm;
}

function contents(tree: Tree, expected: ResponseExpectation, progress: Progress): VerifiedAssertion {
  const clock = { now: expected.now, skewMs: expected.maxClockSkewSeconds * 1000 };
  const holder = requireShape(tree.root);
  checkEnvelope(tree.root, expected, clock, progress.signed.length > 0);
  if (holder === null) return refuse('saml_structure', 'The Response holds no assertion.');
  const responseId = attribute(tree.root, 'ID')!;
  const read =
    holder.name === 'Assertion'
      ? assertion(tree, holder, expected, progress, clock)
      : encrypted(holder, expected, progress, clock);
  const { certificateKid, signed, signatureAlgorithm, decrypted } = progress;
  return {
    ...read,
    responseId,
    evidence: {
      certificateKid,
      signed,
      signatureAlgorithm,
      decryptionKid: decrypted?.kid ?? null,
      encryptionAlgorithm: decrypted?.algorithm ?? null,
    },
  };
}

type Read = ReturnType<typeof readAssertion>;

function encrypted(holder: Element, expected: ResponseExpectation, progress: Progress, clock: Clock): Read {
  const decrypted = decryptAssertion(holder, expected.decryptionKeys, expected.allowCbc);
  progress.decrypted = decrypted;
  // Of an unauthenticated ciphertext, no answer may tell more than "undecryptable" until a signature covers the plaintext (S15).
  const covered = progress.signed.length > 0;
  try {
    return withTree(inContext(decrypted.plaintext, holder), (tree) => {
      const [found, ...more] = tree.root.children;
      if (found?.name !== 'Assertion' || found.namespace !== SAML || more.length > 0 || tree.root.text.trim() !== '')
        return refuse('saml_undecryptable', UNDECRYPTABLE);
      return assertion(tree, found, expected, progress, clock);
    });
  } catch (error) {
    const silent =
      error instanceof Refused && !decrypted.authenticated && !covered && !progress.signed.includes('TOKEN');
    if (silent) return refuse('saml_undecryptable', UNDECRYPTABLE);
    throw error;
  }
}

/** The plaintext where the ciphertext stood: with the prefixes that were declared around it (xmlenc §4.3.3). */
function inContext(plaintext: Buffer, holder: Element): Buffer {
  const declarations = Object.entries(holder.node.namespaces)
    .map(([prefix, uri]) => declaration(prefix, uri))
    .join('');
  return Buffer.concat([Buffer.from(`<Plaintext${declarations}>`), plaintext, Buffer.from('</Plaintext>')]);
}

function assertion(
  tree: Tree,
  element: Element,
  expected: ResponseExpectation,
  progress: Progress,
  clock: Clock,
): Read {
  const signature = signatureIn(element);
  if (signature === null) {
    if (expected.signatureScope === 'TOKEN' || progress.signed.length === 0)
      refuse(
        'saml_signature_missing',
        'The assertion is not signed; this identity provider is configured so that it must be.',
      );
    progress.id = attribute(element, 'ID') ?? progress.id;
    return readAssertion(element, expected, clock);
  }
  const { bytes, ...signer } = verifySignature(tree, element, signature, expected.certificates, expected.now);
  noteSignature(progress, 'TOKEN', signer);
  return withTree(bytes, ({ root }) => {
    progress.id = attribute(root, 'ID') ?? progress.id;
    return readAssertion(root, expected, clock);
  });
}
