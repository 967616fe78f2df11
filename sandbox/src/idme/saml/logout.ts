import { sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { markupOf, html as xml } from '../../pages/html.ts';
import type { Outgoing, SamlIdentityProvider } from './identity-provider.ts';
import type { SamlKey } from './keys.ts';
import { attributeAt, textsAt } from './library.ts';
import { checkSignature, type IncomingMessage, issuerOf, MessageRefused } from './messages.ts';
import { ASSERTION, ISSUER, PROTOCOL, REDIRECT, SAML_PATHS, SIGNATURES, SUCCESS } from './names.ts';
import type { ServiceProvider } from './onboarding/service-providers.ts';
import { newId } from './response/play.ts';
import { SUCCEEDED, signedElement, statusElement } from './response/response.ts';

/** How a message of the sign-out is sent: a redirect's address, or a form. */
export type LogoutAnswer = { address: string } | (Outgoing & { parameter: Parameter });

/** Answers a signed LogoutRequest with a signed LogoutResponse, in the binding that the service provider registered. Throws MessageRefused. */
export function logoutAnswer(
  message: IncomingMessage,
  url: string,
  { providers, keys }: SamlIdentityProvider,
): LogoutAnswer {
  const root = 'LogoutRequest';
  const provider = signerOf(message, root, providers);
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
  const id = attributeAt(message.document, [root], 'ID') ?? '';
  const document = markupOf(
    xml`<samlp:LogoutResponse xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}" ID="${newId()}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${provider.logout.url}" InResponseTo="${id}"><saml:Issuer>${ISSUER}</saml:Issuer>${statusElement(SUCCEEDED)}</samlp:LogoutResponse>`,
  );
  return sent(provider, document, 'SAMLResponse', message.relayState, keys.signing());
}

/** A signed LogoutRequest for the last person who was signed in there. Throws MessageRefused. */
export function logoutRequest(entityId: string, { providers, keys, lastSession }: SamlIdentityProvider): LogoutAnswer {
  const provider = providers.find(entityId);
  const session = lastSession(entityId);
  if (!provider?.logout || session === undefined) {
    throw new MessageRefused(
      'There is nothing to end',
      'Nobody has signed in to this application yet, or it registered no SingleLogoutService.',
    );
  }
  const { nameId, sessionIndex } = session;
  const document = markupOf(
    xml`<samlp:LogoutRequest xmlns:samlp="${PROTOCOL}" xmlns:saml="${ASSERTION}" ID="${newId()}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${provider.logout.url}"><saml:Issuer>${ISSUER}</saml:Issuer><saml:NameID Format="${nameId.format}" NameQualifier="${nameId.qualifier}" SPNameQualifier="${nameId.spQualifier}">${nameId.value}</saml:NameID><samlp:SessionIndex>${sessionIndex}</samlp:SessionIndex></samlp:LogoutRequest>`,
  );
  return sent(provider, document, 'SAMLRequest', undefined, keys.signing());
}

/** Throws MessageRefused unless a known application signed it and says Success. */
export function checkLogoutResponse(message: IncomingMessage, { providers }: SamlIdentityProvider): void {
  const root = 'LogoutResponse';
  signerOf(message, root, providers);
  const status = attributeAt(message.document, [root, 'Status', 'StatusCode'], 'Value');
  if (status !== SUCCESS) {
    throw new MessageRefused(
      'The application did not sign out',
      `It answered with the status ${status ?? '(nothing)'}.`,
    );
  }
}

/** The registered application that issued and signed the message. Throws MessageRefused. */
function signerOf(
  message: IncomingMessage,
  root: 'LogoutRequest' | 'LogoutResponse',
  providers: SamlIdentityProvider['providers'],
): ServiceProvider {
  const issuer = issuerOf(message.document, root);
  const provider = providers.find(issuer);
  if (provider === undefined) {
    throw new MessageRefused(
      'This application is not known',
      `No service provider is registered as ${issuer || '(nothing)'}.`,
    );
  }
  checkSignature(message, root, provider);
  return provider;
}

type Parameter = 'SAMLRequest' | 'SAMLResponse';

function sent(
  provider: ServiceProvider,
  document: string,
  parameter: Parameter,
  relayState: string | undefined,
  key: SamlKey,
): LogoutAnswer {
  const { url: target, binding } = provider.logout as NonNullable<ServiceProvider['logout']>;
  if (binding === REDIRECT)
    return { address: redirectAddress(target, document, parameter, relayState, key.privateKey) };
  const signed = signedElement(document, '/*', { algorithm: provider.signature_algorithm, key });
  return { acsUrl: target, name: provider.name, document: signed, relayState, parameter };
}

/** The signature of a redirect goes over its parameters (SAML bindings §3.4.4.1). */
function redirectAddress(
  target: string,
  document: string,
  parameter: Parameter,
  relayState: string | undefined,
  privateKey: string,
): string {
  const pairs: [string, string | undefined][] = [
    [parameter, deflateRawSync(document).toString('base64')],
    ['RelayState', relayState],
    ['SigAlg', SIGNATURES.sha256],
  ];
  const octets = pairs
    .flatMap(([name, value]) => (value === undefined ? [] : `${name}=${encodeURIComponent(value)}`))
    .join('&');
  const signature = sign('sha256', Buffer.from(octets), privateKey).toString('base64');
  return `${target}${target.includes('?') ? '&' : '?'}${octets}&Signature=${encodeURIComponent(signature)}`;
}
