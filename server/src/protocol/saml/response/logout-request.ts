/** A LogoutRequest of the provider (SAML core §3.7.1): signed, fresh, for us; unsigned ones do not exist (security.md S27). */
import { err, ok, type Result } from '../../../shared/result.ts';
import { decodeMessage, decodeRedirected, fromBase64 } from '../document/decode.ts';
import { attribute, childrenNamed, onlyChild, type Tree, textOf, withTree } from '../document/tree.ts';
import { Refused, refuse, shown } from '../failures.ts';
import { SAML, SAMLP } from '../names.ts';
import { madeBy, SIGNATURE_ALGORITHMS } from '../signature/algorithms.ts';
import { signatureIn, verifySignature } from '../signature/verify-signature.ts';
import type { SamlFailure, TrustedCertificate } from '../types.ts';
import { requireIssuer } from './envelope.ts';
import { instantAt, requireBefore, requireBegun } from './times.ts';

export interface LogoutExpectation {
  issuer: string;
  /** The address at which the request arrived. */
  url: string;
  certificates: readonly TrustedCertificate[];
  now: Date;
  maxClockSkewSeconds: number;
}

export interface VerifiedLogoutRequest {
  id: string;
  nameId: string;
  /** Empty: every session of the person that came from this provider. */
  sessionIndexes: string[];
  /** Until when the id must be remembered against replay. */
  expires: Date;
}

const LIFETIME_MS = 10 * 60_000;

/** `encoded`: the form parameter SAMLRequest, with an enveloped signature. Never throws. */
export function verifyPostedLogout(
  encoded: string,
  expected: LogoutExpectation,
): Result<VerifiedLogoutRequest, SamlFailure> {
  return guarded(() =>
    withTree(decodeMessage(encoded), (tree) => {
      const signature = signatureIn(tree.root);
      if (signature === null) return refuse('saml_signature_missing', 'The LogoutRequest is not signed.');
      const { bytes } = verifySignature(tree, tree.root, signature, expected.certificates, expected.now);
      return withTree(bytes, (signed) => read(signed, expected));
    }),
  );
}

/** `query`: as it arrived, without the question mark; the signature covers its exact characters (bindings §3.4.4.1). Never throws. */
export function verifyRedirectedLogout(
  query: string,
  expected: LogoutExpectation,
): Result<VerifiedLogoutRequest, SamlFailure> {
  return guarded(() => {
    const raw = new Map(query.split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair] as const));
    requireQuerySignature(raw, expected);
    return withTree(decodeRedirected(valueIn(raw, 'SAMLRequest')), (tree) => read(tree, expected));
  });
}

const valueIn = (raw: ReadonlyMap<string, string>, name: string) =>
  new URLSearchParams(raw.get(name) ?? '').get(name) ?? '';

function requireQuerySignature(raw: ReadonlyMap<string, string>, { certificates, now }: LogoutExpectation): void {
  const name = valueIn(raw, 'SigAlg');
  const algorithm = SIGNATURE_ALGORITHMS.get(name);
  const signature = fromBase64(valueIn(raw, 'Signature'));
  if (signature === null || signature.length === 0)
    throw new Refused('saml_signature_missing', 'The LogoutRequest is not signed.');
  if (algorithm === undefined)
    throw new Refused('saml_signature_algorithm', `The signature is ${shown(name)}, which is not accepted.`);
  const covered = Buffer.from(['SAMLRequest', 'RelayState', 'SigAlg'].flatMap((part) => raw.get(part) ?? []).join('&'));
  const made = certificates.some(
    ({ publicKey, notBefore, notAfter }) =>
      notBefore <= now && notAfter >= now && madeBy(publicKey, algorithm, covered, signature),
  );
  if (!made)
    refuse('saml_signature_invalid', 'None of the trusted certificates made the signature of the LogoutRequest.');
}

function guarded(work: () => VerifiedLogoutRequest): Result<VerifiedLogoutRequest, SamlFailure> {
  try {
    return ok(work());
  } catch (error) {
    if (error instanceof Refused) return err(error.failure);
    throw error;
  }
}

function read({ root }: Tree, expected: LogoutExpectation): VerifiedLogoutRequest {
  if (root.name !== 'LogoutRequest' || root.namespace !== SAMLP || attribute(root, 'Version') !== '2.0')
    refuse('saml_structure', `The message is ${shown(root.name)} instead of a SAML 2.0 LogoutRequest.`);
  const issuer = onlyChild(root, SAML, 'Issuer') ?? refuse('saml_structure', 'The LogoutRequest has no Issuer.');
  requireIssuer(issuer, expected.issuer, 'LogoutRequest');
  const destination = attribute(root, 'Destination');
  if (destination !== expected.url)
    refuse('saml_destination', `The Destination is ${shown(destination)}; expected is ${shown(expected.url)}.`);
  const clock = { now: expected.now, skewMs: expected.maxClockSkewSeconds * 1000 };
  const issued = instantAt(root, 'IssueInstant') ?? refuse('saml_structure', 'The LogoutRequest has no IssueInstant.');
  requireBegun(issued, 'The LogoutRequest', clock);
  const cap = new Date(issued.getTime() + LIFETIME_MS);
  requireBefore(cap, 'The time in which a LogoutRequest may be used (10 minutes)', clock);
  const until = instantAt(root, 'NotOnOrAfter');
  if (until !== null) requireBefore(until, 'The LogoutRequest', clock);
  const nameId = onlyChild(root, SAML, 'NameID') ?? refuse('saml_name_id', 'The LogoutRequest has no NameID.');
  return {
    id: attribute(root, 'ID') ?? refuse('saml_structure', 'The LogoutRequest has no ID.'),
    nameId: textOf(nameId).trim(),
    sessionIndexes: childrenNamed(root, SAMLP, 'SessionIndex').map((element) => textOf(element).trim()),
    expires: new Date(cap.getTime() + clock.skewMs),
  };
}
