/** What an assertion says of a person, under the names that mappings use (contract §2.5). Pure. */
import type { VerifiedAssertion } from '../../protocol/saml/index.ts';
import { isUnsafeName, type Json } from '../../shared/json.ts';

const LONGEST_NAME = 128;

/** An attribute with one value is a text, with several a list; one without a value is absent. Names that nobody may use are left out and told. */
export function claimsOf(assertion: VerifiedAssertion): { claims: Record<string, Json>; dropped: string[] } {
  const claims: Record<string, Json> = {};
  const dropped: string[] = [];
  for (const { name, values } of assertion.attributes) {
    if (isUnsafeName(name) || name.length > LONGEST_NAME || SUBJECT.has(name)) {
      dropped.push(name.slice(0, 100));
      continue;
    }
    if (values.length === 0) continue;
    const before = claims[name];
    const all = before === undefined ? values : [before as string | string[], values].flat();
    claims[name] = all.length === 1 ? all[0]! : all;
  }
  for (const [name, value] of Object.entries(subjectOf(assertion))) if (value !== null) claims[name] = value;
  return { claims, dropped };
}

/** Written by the hub from the assertion's own parts: no attribute of the same name may take their place. */
const SUBJECT = new Set([
  'subjectNameId',
  'subjectNameFormat',
  'subjectNameQualifier',
  'subjectSpNameQualifier',
  'subjectSpProvidedId',
  'subjectConfirmationMethod',
  'subjectConfirmationAddress',
  'authnContextClassRef',
]);

function subjectOf({ nameId, confirmation, authnContextClassRef }: VerifiedAssertion): Record<string, string | null> {
  return {
    subjectNameId: nameId.value,
    subjectNameFormat: nameId.format,
    subjectNameQualifier: nameId.nameQualifier,
    subjectSpNameQualifier: nameId.spNameQualifier,
    subjectSpProvidedId: nameId.spProvidedId,
    subjectConfirmationMethod: confirmation.method,
    subjectConfirmationAddress: confirmation.address,
    authnContextClassRef,
  };
}

/** The values of the attribute that names groups, found without regard to case (contract §2.3); null where it was not sent. */
export function groupsIn(assertion: VerifiedAssertion, attribute: string): string[] | null {
  const wanted = attribute.toLowerCase();
  const found = assertion.attributes.filter(({ name }) => name.toLowerCase() === wanted);
  return found.length === 0 ? null : found.flatMap(({ values }) => values);
}
