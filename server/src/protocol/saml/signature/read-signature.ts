/** An enveloped XML signature, read strictly: one of everything, in its place, nothing else (security.md S1, S6, S8, S9, S16). */
import { fromBase64 } from '../document/decode.ts';
import { attribute, type Element, textOf } from '../document/tree.ts';
import { refuse, shown } from '../failures.ts';
import { DS, ENVELOPED, EXC_C14N } from '../names.ts';
import { DIGEST_ALGORITHMS, isSha1, SIGNATURE_ALGORITHMS } from './algorithms.ts';

export interface ReadSignature {
  element: Element;
  signedInfo: Element;
  algorithm: string;
  value: Buffer;
  digestHash: 'sha256' | 'sha384' | 'sha512';
  digest: Buffer;
  /** InclusiveNamespaces of SignedInfo's own canonical form, and of the signed element's. */
  signedInfoPrefixes: string[];
  prefixes: string[];
}

/** @param signed the element that the signature stands in, which it must refer to. Throws Refused. */
export function readSignature(element: Element, signed: Element): ReadSignature {
  const [signedInfo, value, ...rest] = sequence(element, ['SignedInfo', 'SignatureValue'], ['KeyInfo']);
  if (rest.length > 1) structure('Signature has more than one KeyInfo');
  const [canonicalization, method, reference] = sequence(
    signedInfo!,
    ['CanonicalizationMethod', 'SignatureMethod', 'Reference'],
    [],
  );
  const signedInfoPrefixes = exclusive(canonicalization!, 'CanonicalizationMethod');
  const algorithm = algorithmOf(method!, SIGNATURE_ALGORITHMS);
  if (method!.children.length > 0) structure('SignatureMethod has parameters');
  requireReference(reference!, signed);
  const [transforms, digestMethod, digestValue] = sequence(
    reference!,
    ['Transforms', 'DigestMethod', 'DigestValue'],
    [],
  );
  if (digestMethod!.children.length > 0) structure('DigestMethod has parameters');
  return {
    element,
    signedInfo: signedInfo!,
    algorithm,
    value: base64(value!),
    digestHash: DIGEST_ALGORITHMS.get(algorithmOf(digestMethod!, DIGEST_ALGORITHMS))!,
    digest: base64(digestValue!),
    signedInfoPrefixes,
    prefixes: readTransforms(transforms!),
  };
}

function structure(what: string): never {
  return refuse('saml_signature_structure', `The signature is not as SAML allows: ${what}.`);
}

/** The children, when they are exactly the wanted ones in their order, and then none but the optional ones. */
function sequence(element: Element, wanted: readonly string[], optional: readonly string[]): Element[] {
  const { children } = element;
  const fits =
    element.text.trim() === '' &&
    children.length >= wanted.length &&
    children.every(
      (child, at) =>
        child.namespace === DS && (at < wanted.length ? child.name === wanted[at] : optional.includes(child.name)),
    );
  if (!fits) structure(`${element.name} must hold exactly ${wanted.join(', ')}`);
  return children;
}

function algorithmOf(element: Element, allowed: ReadonlyMap<string, unknown>): string {
  const algorithm = attribute(element, 'Algorithm') ?? '';
  if (isSha1(algorithm))
    refuse('saml_signature_sha1', `${element.name} is ${shown(algorithm)}: SHA-1 is refused, SHA-256 is expected.`);
  if (!allowed.has(algorithm))
    refuse('saml_signature_algorithm', `${element.name} is ${shown(algorithm)}, which is not accepted.`);
  return algorithm;
}

/** Exclusive canonicalization without comments; its InclusiveNamespaces. */
function exclusive(element: Element, what: string): string[] {
  const algorithm = attribute(element, 'Algorithm') ?? '';
  if (algorithm !== EXC_C14N)
    refuse(
      'saml_signature_algorithm',
      `${what} is ${shown(algorithm)}; only exclusive canonicalization without comments is accepted.`,
    );
  const [inclusive, ...more] = element.children;
  if (inclusive === undefined) return [];
  if (more.length > 0 || inclusive.name !== 'InclusiveNamespaces' || inclusive.namespace !== EXC_C14N)
    structure(`${what} has unknown parameters`);
  const prefixes = (attribute(inclusive, 'PrefixList') ?? '').split(/[ \t\r\n]+/).filter((prefix) => prefix !== '');
  if (prefixes.length > 20 || prefixes.some((prefix) => !/^(#default|[A-Za-z_][\w.-]*)$/.test(prefix)))
    structure('PrefixList is not a short list of prefixes');
  return prefixes;
}

/** The Reference decides what is signed, and it must be the element that holds the signature (S9). */
function requireReference(reference: Element, signed: Element): void {
  const id = attribute(signed, 'ID');
  const uri = attribute(reference, 'URI');
  if (id === null || id === '' || uri !== `#${id}`)
    refuse(
      'saml_signature_reference',
      `The signature in ${signed.name} refers to ${shown(uri)} instead of ${shown(`#${id ?? ''}`)}.`,
    );
}

function readTransforms(transforms: Element): string[] {
  const [enveloped, canonical, ...more] = transforms.children;
  const known = (element: Element | undefined) => element?.name === 'Transform' && element.namespace === DS;
  if (!known(enveloped) || !known(canonical) || more.length > 0 || transforms.text.trim() !== '')
    structure('the transforms must be enveloped-signature and exclusive canonicalization');
  const algorithm = attribute(enveloped!, 'Algorithm') ?? '';
  if (algorithm !== ENVELOPED || enveloped!.children.length > 0)
    refuse('saml_signature_algorithm', `The first transform is ${shown(algorithm)} instead of enveloped-signature.`);
  return exclusive(canonical!, 'The second transform');
}

function base64(element: Element): Buffer {
  const bytes = fromBase64(textOf(element));
  if (bytes === null || bytes.length === 0) structure(`${element.name} is not base64`);
  return bytes!;
}
