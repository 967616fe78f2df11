/** One instance of the SAML side: its keys, its service providers, the requests that wait for a person, and the Responses it gives. */
import { randomBytes } from 'node:crypto';
import type { ChosenFault } from '../faults/table.ts';
import type { Person } from '../people/persons.ts';
import { createSamlKeys, type SamlKeys } from './keys.ts';
import { ISSUER, NAME_ID } from './names.ts';
import { createServiceProviders, type ServiceProvider, type ServiceProviders } from './onboarding/service-providers.ts';
import { samlAttributes, samlClaims } from './response/attributes.ts';
import { newId, played } from './response/play.ts';
import { finishedResponse, type ResponseDraft, type Status, SUCCEEDED } from './response/response.ts';

const WAITING_AT_MOST = 1_000;

/** A request whose signature, Destination and ACS were found good; or a start without one. */
export interface SignOnRequest {
  provider: ServiceProvider;
  acsUrl: string;
  /** null: nobody asked, the Response is unsolicited. */
  requestId: string | null;
  relayState: string | undefined;
  /** The policy, which is also the AuthnContextClassRef of the assertion. */
  authnContext: string;
  nameIdFormat: string;
}

/** What the browser posts to the service provider. */
export interface Outgoing {
  acsUrl: string;
  name: string;
  document: string;
  relayState: string | undefined;
}

type Session = Pick<ResponseDraft, 'nameId' | 'sessionIndex'>;

export interface SamlIdentityProvider {
  keys: SamlKeys;
  providers: ServiceProviders;
  /** Keeps a request until a person has decided; gives the id of its pages. */
  wait(request: SignOnRequest): string;
  waiting(uid: string): SignOnRequest | undefined;
  /** The Response for a person who agreed, with a fault or sound. */
  succeed(request: SignOnRequest, person: Person, fault: ChosenFault | null): Promise<Outgoing>;
  fail(request: SignOnRequest, status: Status): Promise<Outgoing>;
  /** Whom the last successful Response for a service provider named. */
  lastSession(entityId: string): Session | undefined;
}

export async function createSamlIdentityProvider(): Promise<SamlIdentityProvider> {
  const keys = await createSamlKeys();
  const requests = new Map<string, SignOnRequest>();
  /** Ids of the last Response and assertion of each service provider, for `saml_replay`. */
  const lastIds = new Map<string, { responseId: string; assertionId: string }>();

  const sessions = new Map<string, Session>();

  const draftOf = (request: SignOnRequest): ResponseDraft => ({
    responseId: newId(),
    assertionId: newId(),
    sessionIndex: newId(),
    issuer: ISSUER,
    destination: request.acsUrl,
    recipient: request.acsUrl,
    audience: request.provider.entity_id,
    inResponseTo: request.requestId,
    now: new Date(),
    authnContext: request.authnContext,
    nameId: { format: request.nameIdFormat, value: '', qualifier: ISSUER, spQualifier: request.provider.entity_id },
    attributes: [],
    status: SUCCEEDED,
    withAssertion: true,
    signs: request.provider.signs,
    algorithm: request.provider.signature_algorithm,
    key: keys.signing(),
    encryption: encryptionOf(request.provider),
  });

  const outgoing = async (request: SignOnRequest, draft: ResponseDraft): Promise<Outgoing> => ({
    acsUrl: request.acsUrl,
    name: request.provider.name,
    document: await finishedResponse(draft),
    relayState: request.relayState,
  });

  return {
    keys,
    providers: createServiceProviders(),
    wait(request) {
      const uid = `saml-${randomBytes(12).toString('hex')}`;
      requests.set(uid, request);
      const [oldest] = requests.keys();
      if (requests.size > WAITING_AT_MOST && oldest !== undefined) requests.delete(oldest);
      return uid;
    },
    waiting: (uid) => requests.get(uid),
    async succeed(request, person, fault) {
      const sound = draftOf(request);
      const entityId = request.provider.entity_id;
      const ids = (fault?.fault === 'saml_replay' ? lastIds.get(entityId) : undefined) ?? {
        responseId: sound.responseId,
        assertionId: sound.assertionId,
      };
      lastIds.set(entityId, ids);
      const draft = {
        ...sound,
        ...ids,
        nameId: { ...sound.nameId, value: nameIdValue(request.nameIdFormat, person) },
        attributes: samlAttributes(samlClaims(person, request.authnContext)),
      };
      sessions.set(entityId, { nameId: draft.nameId, sessionIndex: draft.sessionIndex });
      return outgoing(request, await played(draft, fault, keys));
    },
    lastSession: (entityId) => sessions.get(entityId),
    fail: (request, status) => outgoing(request, { ...draftOf(request), status, withAssertion: false }),
  };
}

function encryptionOf({ encryption, encryption_certificate: certificate }: ServiceProvider) {
  return encryption === 'none' || certificate === null ? null : { name: encryption, certificate };
}

/** An unspecified format is answered with the uuid, as the persistent one. */
function nameIdValue(format: string, { uuid, email }: Person): string {
  if (format === NAME_ID.emailAddress) return email;
  return format === NAME_ID.transient ? newId() : uuid;
}
