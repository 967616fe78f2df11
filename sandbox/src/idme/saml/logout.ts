import { sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { markupOf, html as xml } from '../../pages/html.ts';
import type { SamlIdentityProvider } from './identity-provider.ts';
import { attributeAt, textsAt } from './library.ts';
import { checkSignature, type IncomingMessage, issuerOf, MessageRefused } from './messages.ts';
import { ASSERTION, ISSUER, PROTOCOL, REDIRECT, SAML_PATHS, SIGNATURES } from './names.ts';
import { newId } from './response/play.ts';
import { SUCCEEDED, signedElement, statusElement } from './response/response.ts';

/** How a LogoutResponse goes back: a redirect's address, or a form. */
export type LogoutAnswer =
  | { address: string }
  | { acsUrl: string; name: string; document: string; relayState?: string };

/** Answers a signed LogoutRequest with a signed LogoutResponse, in the binding that the service provider registered. Throws MessageRefused. */
export function logoutAnswer(
  message: IncomingMessage,
  url: string,
  { providers, keys }: SamlIdentityProvider,
): LogoutAnswer {
  const root = 'LogoutRequest';
  const issuer = issuerOf(message.document, root);
  const provider = providers.find(issuer);
  if (provider === undefined) {
    throw new MessageRefused(
      'This application is not known',
      `No service provider is registered as ${issuer || '(nothing)'}.`,
    );
  }
  checkSignature(message, root, provider);
  const destination = attributeAt(message.document, [root], 'Destination');
  if (destination !== `${url}${SAML_PATHS.logout}`) {
    throw new MessageRefused('This request is for another address', `Its Destination is ${destination ?? 'absent'}.`);
  }
  if (textsAt(message.document, [root, 'NameID'])[0] === undefined || provider.logout === null) {
    throw new MessageRefused(
      'This sign-out cannot be answered',
      'It names nobody, or no SingleLogoutService is registered.',
    );
  }
  const { url: target, binding } = provider.logout;
  const id = attributeAt(message.document, [root], 'ID') ?? '';
  const document = markupOf(
    xml`<samlp:LogoutResponse xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}" ID="${newId()}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${target}" InResponseTo="${id}"><saml:Issuer>${ISSUER}</saml:Issuer>${statusElement(SUCCEEDED)}</samlp:LogoutResponse>`,
  );
  const { relayState } = message;
  const key = keys.signing();
  if (binding === REDIRECT) return { address: redirectAddress(target, document, relayState, key.privateKey) };
  const signed = signedElement(document, '/*', { algorithm: provider.signature_algorithm, key });
  return { acsUrl: target, name: provider.name, document: signed, ...(relayState !== undefined && { relayState }) };
}

/** The signature of a redirect goes over its parameters (SAML bindings §3.4.4.1). */
function redirectAddress(target: string, document: string, relayState: string | undefined, privateKey: string): string {
  const pairs: [string, string | undefined][] = [
    ['SAMLResponse', deflateRawSync(document).toString('base64')],
    ['RelayState', relayState],
    ['SigAlg', SIGNATURES.sha256],
  ];
  const octets = pairs
    .flatMap(([name, value]) => (value === undefined ? [] : `${name}=${encodeURIComponent(value)}`))
    .join('&');
  const signature = sign('sha256', Buffer.from(octets), privateKey).toString('base64');
  return `${target}${target.includes('?') ? '&' : '?'}${octets}&Signature=${encodeURIComponent(signature)}`;
}
