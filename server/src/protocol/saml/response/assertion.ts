/** The assertion itself, from verified bytes: who, confirmed how, for whom, until when (SAML core §2, profiles §4.1.4.2-3). */
import { attribute, childrenNamed, type Element, onlyChild, textOf } from '../document/tree.ts';
import { refuse, shown } from '../failures.ts';
import { BEARER, SAML } from '../names.ts';
import type { NameId, ResponseExpectation, VerifiedAssertion } from '../types.ts';
import { attributesOf } from './attributes.ts';
import { checkConditions } from './conditions.ts';
import { requireInResponseTo, requireIssuer } from './envelope.ts';
import { type Clock, instantAt, requireBefore, requireBegun } from './times.ts';

/** An assertion may be used for ten minutes after it was issued, whatever it says itself (rulings 25). */
const LIFETIME_MS = 10 * 60_000;
const MAX_NAME_ID = 1024;

type Read = Omit<VerifiedAssertion, 'responseId' | 'evidence'>;

export function readAssertion(assertion: Element, expected: ResponseExpectation, clock: Clock): Read {
  if (attribute(assertion, 'Version') !== '2.0')
    refuse('saml_structure', 'The Assertion has another version than 2.0.');
  const id = attribute(assertion, 'ID') ?? '';
  if (id === '') refuse('saml_structure', 'The Assertion has no ID.');
  const issuer = need(assertion, 'Issuer');
  requireIssuer(issuer, expected.issuer, 'Assertion');
  const issued = instantAt(assertion, 'IssueInstant') ?? refuse('saml_structure', 'The Assertion has no IssueInstant.');
  requireBegun(issued, 'The assertion', clock);
  const cap = new Date(issued.getTime() + LIFETIME_MS);
  requireBefore(cap, 'The time in which an assertion may be used (10 minutes)', clock);
  const subject = need(assertion, 'Subject');
  const confirmed = confirmationOf(subject, expected, clock);
  const until = checkConditions(need(assertion, 'Conditions', 'saml_conditions'), expected.audience, clock);
  const statement = statementOf(assertion, expected, clock);
  const ends = [cap, confirmed.notOnOrAfter, ...(until === null ? [] : [until])].map((date) => date.getTime());
  return {
    assertionId: id,
    issuer: textOf(issuer),
    nameId: nameIdOf(subject),
    confirmation: { method: BEARER, address: confirmed.address },
    ...statement,
    attributes: attributesOf(assertion),
    expires: new Date(Math.min(...ends) + clock.skewMs),
  };
}

function need(element: Element, name: string, code: 'saml_structure' | 'saml_conditions' = 'saml_structure'): Element {
  return onlyChild(element, SAML, name) ?? refuse(code, `${element.name} has no ${name}.`);
}

function nameIdOf(subject: Element): NameId {
  const element = onlyChild(subject, SAML, 'NameID');
  if (element === null) return refuse('saml_name_id', 'The Subject has no NameID.');
  const value = textOf(element).trim();
  if (value === '' || value.length > MAX_NAME_ID)
    refuse('saml_name_id', `The NameID has ${value.length} characters; 1 to ${MAX_NAME_ID} are expected.`);
  return {
    value,
    format: attribute(element, 'Format'),
    nameQualifier: attribute(element, 'NameQualifier'),
    spNameQualifier: attribute(element, 'SPNameQualifier'),
    spProvidedId: attribute(element, 'SPProvidedID'),
  };
}

/** One bearer confirmation that holds in every part is enough; what the last one lacked is told. */
function confirmationOf(subject: Element, expected: ResponseExpectation, clock: Clock) {
  const bearers = childrenNamed(subject, SAML, 'SubjectConfirmation').filter(
    (confirmation) => attribute(confirmation, 'Method') === BEARER,
  );
  let refusal: unknown;
  for (const bearer of bearers.slice(0, 5)) {
    try {
      return bearerOf(bearer, expected, clock);
    } catch (error) {
      refusal = error;
    }
  }
  if (refusal !== undefined) throw refusal;
  return refuse('saml_subject_confirmation', 'The Subject has no bearer confirmation.');
}

function bearerOf(bearer: Element, expected: ResponseExpectation, clock: Clock) {
  const data = onlyChild(bearer, SAML, 'SubjectConfirmationData');
  if (data === null)
    return refuse('saml_subject_confirmation', 'The bearer confirmation has no SubjectConfirmationData.');
  const recipient = attribute(data, 'Recipient');
  if (recipient !== expected.acsUrl)
    refuse('saml_recipient', `The Recipient is ${shown(recipient)}; expected is ${shown(expected.acsUrl)}.`);
  requireInResponseTo(attribute(data, 'InResponseTo'), expected.requestId, 'subject confirmation');
  if (attribute(data, 'NotBefore') !== null)
    refuse('saml_subject_confirmation', 'A bearer confirmation must not have NotBefore.');
  const notOnOrAfter = instantAt(data, 'NotOnOrAfter');
  if (notOnOrAfter === null) return refuse('saml_subject_confirmation', 'The bearer confirmation has no NotOnOrAfter.');
  requireBefore(notOnOrAfter, 'The confirmation of the subject', clock);
  return { notOnOrAfter, address: attribute(data, 'Address') };
}

function statementOf(assertion: Element, expected: ResponseExpectation, clock: Clock) {
  const [statement] = childrenNamed(assertion, SAML, 'AuthnStatement');
  if (statement === undefined)
    return refuse(
      'saml_authn_statement',
      'The assertion has no AuthnStatement: it does not say that anybody signed in.',
    );
  const authnInstant =
    instantAt(statement, 'AuthnInstant') ?? refuse('saml_authn_statement', 'The AuthnStatement has no AuthnInstant.');
  requireBegun(authnInstant, 'The sign-in at the identity provider', clock);
  const sessionNotOnOrAfter = instantAt(statement, 'SessionNotOnOrAfter');
  if (sessionNotOnOrAfter !== null) requireBefore(sessionNotOnOrAfter, 'The session at the identity provider', clock);
  const context = onlyChild(statement, SAML, 'AuthnContext');
  const reference = context === null ? null : onlyChild(context, SAML, 'AuthnContextClassRef');
  const authnContextClassRef = reference === null ? null : textOf(reference).trim();
  const { authnContexts } = expected;
  if (authnContexts.length > 0 && (authnContextClassRef === null || !authnContexts.includes(authnContextClassRef)))
    refuse(
      'saml_authn_context',
      `The AuthnContext that came back is ${shown(authnContextClassRef)}; asked for was ${authnContexts.map(shown).join(' or ')}.`,
    );
  return {
    sessionIndex: attribute(statement, 'SessionIndex'),
    authnContextClassRef,
    authnInstant,
    sessionNotOnOrAfter,
  };
}
