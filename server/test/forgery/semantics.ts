/** S18-S20: genuine signatures over a message that was made for another place, another time or another question. */
import { signXml } from '../support/saml-signer.ts';
import { EVIL, FORGED, type Forgery, genuine, NOW, PARTS, provider, swap, unsigned } from './documents.ts';

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const AUDIENCE = `<saml:Audience>${PARTS.audience}</saml:Audience>`;
const RESTRICTION = `<saml:AudienceRestriction>${AUDIENCE}</saml:AudienceRestriction>`;
const YEARS = later(315_360_000);

/** Each changes the message before the provider signs it: the signature is good, the message is not for us. */
const MESSAGES: Record<string, (xml: string) => string> = {
  'S18 InResponseTo of another request': (xml) => xml.replaceAll('"_request"', '"_other"'),
  'S18 InResponseTo missing': (xml) => xml.replaceAll(' InResponseTo="_request"', ''),
  'S18 InResponseTo missing in the confirmation': (xml) =>
    swap(xml, /(?<=NotOnOrAfter="[^"]*") InResponseTo="_request"/, ''),
  'S18 InResponseTo of the confirmation wrong': (xml) =>
    swap(xml, /(?<=NotOnOrAfter="[^"]*" InResponseTo=")_request/, '_other'),
  'S18 InResponseTo in other letters': (xml) => xml.replaceAll('"_request"', '"_REQUEST"'),
  'S19 Recipient of another': (xml) => swap(xml, / Recipient="[^"]*"/, ` Recipient="${EVIL}"`),
  'S19 Recipient missing': (xml) => swap(xml, / Recipient="[^"]*"/, ''),
  'S19 Recipient with a slash more': (xml) => swap(xml, / Recipient="([^"]*)"/, ` Recipient="${PARTS.acsUrl}/"`),
  'S19 Destination of another': (xml) => swap(xml, / Destination="[^"]*"/, ` Destination="${EVIL}"`),
  'S19 Destination in capitals': (xml) =>
    swap(xml, / Destination="[^"]*"/, ` Destination="${PARTS.acsUrl.toUpperCase()}"`),
  'S19 Audience of another': (xml) => swap(xml, AUDIENCE, `<saml:Audience>${EVIL}</saml:Audience>`),
  'S19 Audience prefix': (xml) => swap(xml, AUDIENCE, `<saml:Audience>${PARTS.audience}2</saml:Audience>`),
  'S19 Audience restriction missing': (xml) => swap(xml, RESTRICTION, ''),
  'S19 Audience restriction empty': (xml) =>
    swap(xml, RESTRICTION, '<saml:AudienceRestriction></saml:AudienceRestriction>'),
  'S19 second Audience restriction excludes us': (xml) =>
    swap(
      xml,
      RESTRICTION,
      `${RESTRICTION}<saml:AudienceRestriction><saml:Audience>${EVIL}</saml:Audience></saml:AudienceRestriction>`,
    ),
  'S19 unknown condition': (xml) => swap(xml, RESTRICTION, `${RESTRICTION}<saml:Condition xmlns:x="urn:x"/>`),
  'S19 Conditions missing': (xml) => swap(xml, /<saml:Conditions[\s\S]*<\/saml:Conditions>/, ''),
  'S19 confirmation holder-of-key': (xml) => swap(xml, 'cm:bearer', 'cm:holder-of-key'),
  'S19 confirmation sender-vouches': (xml) => swap(xml, 'cm:bearer', 'cm:sender-vouches'),
  'S19 confirmation missing': (xml) => swap(xml, /<saml:SubjectConfirmation [\s\S]*<\/saml:SubjectConfirmation>/, ''),
  'S19 confirmation without expiry': (xml) => swap(xml, /(?<=Recipient="[^"]*") NotOnOrAfter="[^"]*"/, ''),
  'S19 confirmation with NotBefore': (xml) => swap(xml, ' Recipient=', ` NotBefore="${NOW.toISOString()}" Recipient=`),
  'S19 status Responder with an assertion': (xml) => swap(xml, 'status:Success', 'status:Responder'),
  'S19 status missing': (xml) => swap(xml, /<samlp:Status>[\s\S]*<\/samlp:Status>/, ''),
  'S19 version 1.1': (xml) => swap(xml, 'Version="2.0"', 'Version="1.1"'),
  'S19 time without zone': (xml) => swap(xml, /(?<=<saml:Conditions NotBefore=")[^"]*/, '2026-11-20T10:00:00'),
  'S19 time that is no time': (xml) => swap(xml, /(?<=<saml:Conditions NotBefore=")[^"]*/, 'yesterday'),
  'S19 AuthnStatement missing': (xml) => swap(xml, /<saml:AuthnStatement[\s\S]*<\/saml:AuthnStatement>/, ''),
  'S20 ZITADEL CVE-2026-109372 Issuer of another provider': (xml) =>
    xml.replaceAll(PARTS.issuer, 'https://other.example/saml'),
  'S20 Issuer of the assertion differs': (xml) =>
    swap(xml, /(?<=<saml:Assertion[^>]*><saml:Issuer>)[^<]*/, 'https://other.example/saml'),
  'S20 Issuer with a blank more': (xml) => swap(xml, `>${PARTS.issuer}<`, `>${PARTS.issuer} x<`),
};

const TIMES: Record<string, Parameters<typeof unsigned>[0]> = {
  'S19 expired 61 s ago': { notBefore: later(-300), notOnOrAfter: later(-61), issueInstant: later(-300) },
  'S19 expired a year ago': {
    notBefore: later(-31_600_000),
    notOnOrAfter: later(-31_500_000),
    issueInstant: later(-31_600_000),
  },
  'S19 not yet valid for 61 s': { notBefore: later(61), notOnOrAfter: later(300) },
  'S19 issued in the future': { issueInstant: later(3600), notOnOrAfter: later(4000) },
  'S19 ten years, issued an hour ago': { issueInstant: later(-3600), notBefore: later(-3600), notOnOrAfter: YEARS },
};

const ADMIN = { nameId: FORGED, attributes: { email: FORGED } };
export const semantics: readonly Forgery[] = (['assertion', 'response', 'both'] as const).flatMap((way) => {
  const benign = genuine(way);
  return [
    ...Object.entries(MESSAGES)
      .filter(([id]) => PARTS.requestId !== null || !id.startsWith('S18 '))
      .map(([id, change]) => ({
        id: `${id}, ${way} signed`,
        xml: signXml(change(unsigned(ADMIN)), provider, way),
        benign,
      })),
    ...Object.entries(TIMES).map(([id, parts]) => ({
      id: `${id}, ${way} signed`,
      xml: genuine(way, { ...ADMIN, ...parts }),
      benign,
    })),
  ];
});
