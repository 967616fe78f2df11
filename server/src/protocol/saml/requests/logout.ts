/** LogoutRequest and LogoutResponse (SAML core §3.7), built node by node. */
import { XmlDocument } from 'libxml2-wasm';
import { SAML, SAMLP, STATUS } from '../names.ts';
import { setAll } from './authn-request.ts';

export interface LogoutSubject {
  nameId: string;
  format: string | null;
  nameQualifier: string | null;
  spNameQualifier: string | null;
  sessionIndex: string | null;
}

interface Head {
  id: string;
  issuer: string;
  destination: string;
  issued: Date;
}

function begin(name: string, { id, issuer, destination, issued }: Head, more: Record<string, string>) {
  const document = XmlDocument.create();
  const root = document.createRoot(name, SAMLP, 'samlp');
  root.addNsDeclaration(SAML, 'saml');
  setAll(root, { ID: id, Version: '2.0', IssueInstant: issued.toISOString(), Destination: destination, ...more });
  root.addElement('Issuer', 'saml').addText(issuer);
  return { document, root };
}

/** The caller disposes of the document. */
export function buildLogoutRequest(head: Head, subject: LogoutSubject): XmlDocument {
  const { document, root } = begin('LogoutRequest', head, {
    NotOnOrAfter: new Date(head.issued.getTime() + 5 * 60_000).toISOString(),
  });
  const nameId = root.addElement('NameID', 'saml');
  setAll(nameId, {
    ...(subject.format !== null && { Format: subject.format }),
    ...(subject.nameQualifier !== null && { NameQualifier: subject.nameQualifier }),
    ...(subject.spNameQualifier !== null && { SPNameQualifier: subject.spNameQualifier }),
  });
  nameId.addText(subject.nameId);
  if (subject.sessionIndex !== null) root.addElement('SessionIndex', 'samlp').addText(subject.sessionIndex);
  return document;
}

export function buildLogoutResponse(head: Head, inResponseTo: string): XmlDocument {
  const { document, root } = begin('LogoutResponse', head, { InResponseTo: inResponseTo });
  root.addElement('Status', 'samlp').addElement('StatusCode', 'samlp').setAttr('Value', `${STATUS}Success`);
  return document;
}
