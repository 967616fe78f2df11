import { policyOf } from '../people/policies.ts';
import type { SamlIdentityProvider, SignOnRequest } from './identity-provider.ts';
import { attributeAt, textsAt } from './library.ts';
import { checkSignature, type IncomingMessage, issuerOf, MessageRefused } from './messages.ts';
import { NAME_ID, SAML_PATHS } from './names.ts';
import type { ServiceProvider } from './onboarding/service-providers.ts';

/** What came of a request: good, or an AuthnContext that the provider may not ask for. */
export interface SignOn {
  request: SignOnRequest;
  passive: boolean;
  contextKnown: boolean;
}

const ROOT = 'AuthnRequest';

/** Checks an AuthnRequest in the order signature, Destination, ACS. Throws MessageRefused: nobody is sent to an address that was not verified. */
export function signOnOf(message: IncomingMessage, url: string, { providers }: SamlIdentityProvider): SignOn {
  const { document } = message;
  const provider = known(providers.find(issuerOf(document, ROOT)), issuerOf(document, ROOT));
  checkSignature(message, ROOT, provider);
  const asked = new URLSearchParams(message.query).get('AuthnContext');
  checkDestination(attributeAt(document, [ROOT], 'Destination'), `${url}${SAML_PATHS.signOn}`, asked);
  const [requested] = textsAt(document, [ROOT, 'RequestedAuthnContext', 'AuthnContextClassRef']);
  return {
    ...contextOf(provider, asked ?? requested ?? null),
    passive: /^(true|1)$/.test(attributeAt(document, [ROOT], 'IsPassive') ?? ''),
    request: {
      provider,
      acsUrl: acsOf(provider, attributeAt(document, [ROOT], 'AssertionConsumerServiceURL')),
      requestId: attributeAt(document, [ROOT], 'ID') ?? '',
      relayState: message.relayState,
      authnContext: contextOf(provider, asked ?? requested ?? null).authnContext,
      nameIdFormat: formatOf(attributeAt(document, [ROOT, 'NameIDPolicy'], 'Format')),
    },
  };
}

/** ID.me's own start: a GET that names the service provider and carries no AuthnRequest; its Response is unsolicited. */
export function startOf(query: URLSearchParams, { providers }: SamlIdentityProvider): SignOn {
  const entityId = query.get('EntityID') ?? '';
  const provider = known(providers.find(entityId), entityId);
  const { authnContext, contextKnown } = contextOf(provider, query.get('AuthnContext') || null);
  return {
    contextKnown,
    passive: false,
    request: {
      provider,
      acsUrl: provider.acs_urls[0] as string,
      requestId: null,
      relayState: query.get('RelayState') || undefined,
      authnContext,
      nameIdFormat: formatOf(query.get('NameIDPolicy') ?? undefined),
    },
  };
}

function known(provider: ServiceProvider | undefined, entityId: string): ServiceProvider {
  if (provider !== undefined) return provider;
  throw new MessageRefused(
    'This application is not known',
    `No service provider is registered as ${entityId || '(nothing)'}.`,
  );
}

/** The address of the request with its AuthnContext, compared decoded: escaping may differ, the values may not. */
function checkDestination(destination: string | undefined, address: string, asked: string | null): void {
  const named = URL.parse(destination ?? '');
  const parameters = [...(named?.searchParams ?? [])];
  const right =
    named !== null &&
    `${named.origin}${named.pathname}` === address &&
    parameters.length === (asked === null ? 0 : 1) &&
    named.searchParams.get('AuthnContext') === asked;
  if (right) return;
  const expected = asked === null ? address : `${address}?AuthnContext=${asked}`;
  throw new MessageRefused(
    'This request is for another address',
    `Its Destination is ${destination ?? 'absent'}, expected is ${expected}.`,
  );
}

function acsOf({ acs_urls: registered }: ServiceProvider, asked: string | undefined): string {
  if (asked === undefined) return registered[0] as string;
  if (registered.includes(asked)) return asked;
  throw new MessageRefused(
    'This ACS URL is not registered',
    `The application asked for the answer at ${asked}, which is not registered for it. It is compared character by character.`,
  );
}

function contextOf({ policies }: ServiceProvider, asked: string | null) {
  const authnContext = asked ?? (policies[0] as string);
  return { authnContext, contextKnown: policies.includes(authnContext) && policyOf(authnContext) !== undefined };
}

/** Absent, unspecified or unknown: persistent, which ID.me recommends. */
function formatOf(asked: string | undefined): string {
  const given = Object.entries(NAME_ID).find(([name, format]) => asked === format || asked === name)?.[1];
  return given === undefined || given === NAME_ID.unspecified ? NAME_ID.persistent : given;
}
