/** The checks of the Response around the assertion (SAML core §3.2.2, profiles §4.1.4.3). */
import { attribute, type Element, everyElement, onlyChild, textOf } from '../document/tree.ts';
import { refuse, shown } from '../failures.ts';
import { DS, ENTITY, SAML, SAMLP, STATUS } from '../names.ts';
import type { ResponseExpectation } from '../types.ts';
import { type Clock, instantAt, requireBegun } from './times.ts';

const ASSERTIONS = ['Assertion', 'EncryptedAssertion'];
/** What a Response may hold, in the schema's order. */
const CHILDREN = ['Issuer', 'Signature', 'Extensions', 'Status', ...ASSERTIONS];
const NAMESPACE: Readonly<Record<string, string>> = {
  Issuer: SAML,
  Signature: DS,
  Extensions: SAMLP,
  Status: SAMLP,
  Assertion: SAML,
  EncryptedAssertion: SAML,
};

/** Shape alone: what is where, and that there is one assertion in the whole document (S1-S3). Throws Refused. */
export function requireShape(root: Element): Element | null {
  if (root.name !== 'Response' || root.namespace !== SAMLP)
    refuse('saml_structure', `The message is ${shown(root.name)} instead of a SAML 2.0 Response.`);
  if (attribute(root, 'Version') !== '2.0')
    refuse('saml_structure', `The Response has the version ${shown(attribute(root, 'Version'))} instead of 2.0.`);
  if ((attribute(root, 'ID') ?? '') === '') refuse('saml_structure', 'The Response has no ID.');
  let last = -1;
  for (const child of root.children) {
    const place = CHILDREN.indexOf(child.name);
    if (place === -1 || NAMESPACE[child.name] !== child.namespace || place < last)
      refuse('saml_structure', `The Response holds ${shown(child.name)} at a place where it does not belong.`);
    last = place;
  }
  const direct = root.children.filter(({ name }) => ASSERTIONS.includes(name));
  const anywhere = everyElement(root).filter(({ name }) => ASSERTIONS.includes(name));
  if (anywhere.length > 1 || anywhere.length !== direct.length)
    refuse(
      'saml_structure',
      `The message holds ${anywhere.length} assertions, or one out of its place; exactly one is expected.`,
    );
  requireSignaturesInPlace(root);
  return direct[0] ?? null;
}

/** A signature belongs to the Response or to its assertion; KeyInfo of an encrypted part holds none. */
function requireSignaturesInPlace(root: Element): void {
  for (const element of everyElement(root)) {
    if (element.name !== 'Signature') continue;
    const { parent } = element;
    const fits =
      element.namespace === DS &&
      parent !== null &&
      (parent === root || (parent.parent === root && parent.name === 'Assertion'));
    if (!fits)
      refuse(
        'saml_signature_structure',
        `A signature stands in ${shown(parent?.name ?? null)}, where it does not belong.`,
      );
  }
}

/** What the Response says of itself. `signed`: then Destination must be there (bindings §3.5.5.2). Throws Refused. */
export function checkEnvelope(root: Element, expected: ResponseExpectation, clock: Clock, signed: boolean): void {
  const issuer = onlyChild(root, SAML, 'Issuer');
  if (issuer !== null) requireIssuer(issuer, expected.issuer, 'Response');
  const destination = attribute(root, 'Destination');
  if (destination !== expected.acsUrl && (destination !== null || signed))
    refuse('saml_destination', `The Destination is ${shown(destination)}; expected is ${shown(expected.acsUrl)}.`);
  const issued = instantAt(root, 'IssueInstant') ?? refuse('saml_structure', 'The Response has no IssueInstant.');
  requireBegun(issued, 'The Response', clock);
  requireInResponseTo(attribute(root, 'InResponseTo'), expected.requestId, 'Response');
  requireSuccess(root);
}

export function requireIssuer(element: Element, expected: string, of: string): void {
  const format = attribute(element, 'Format');
  const value = textOf(element);
  if (value !== expected || (format !== null && format !== ENTITY))
    refuse(
      'saml_issuer',
      `The Issuer of the ${of} is ${shown(value)}; the identity provider is configured with ${shown(expected)}.`,
    );
}

export function requireInResponseTo(value: string | null, requestId: string | null, of: string): void {
  if (value === requestId) return;
  const expected = requestId === null ? 'no request: nobody was sent to the identity provider' : shown(requestId);
  refuse('saml_in_response_to', `InResponseTo of the ${of} is ${shown(value)}; expected is ${expected}.`);
}

/** The provider's own word that the sign-in failed, wherever it stands. Throws Refused. */
export function requireSuccess(root: Element): void {
  const status = onlyChild(root, SAMLP, 'Status') ?? refuse('saml_structure', 'The Response has no Status.');
  const code = onlyChild(status, SAMLP, 'StatusCode') ?? refuse('saml_structure', 'The Status has no StatusCode.');
  const value = attribute(code, 'Value') ?? '';
  const second = onlyChild(code, SAMLP, 'StatusCode');
  if (value === `${STATUS}Success` && second === null) return;
  const message = onlyChild(status, SAMLP, 'StatusMessage');
  const told = {
    code: shortStatus(value),
    subcode: second === null ? null : shortStatus(attribute(second, 'Value') ?? ''),
    message: message === null ? null : textOf(message).trim().slice(0, 200),
  };
  const words = [told.code, ...(told.subcode === null ? [] : [told.subcode])].map(shown).join(', ');
  refuse(
    'saml_status_not_success',
    `The identity provider answered with the status ${words}${told.message === null ? '' : ` and the message ${shown(told.message)}`} instead of Success.`,
    { status: told },
  );
}

const shortStatus = (value: string) => (value.startsWith(STATUS) ? value.slice(STATUS.length) : value);
