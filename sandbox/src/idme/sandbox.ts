import { type ClientRequest, type Clients, createClients } from './clients/clients.ts';
import { createRequestLog, type RequestLog } from './control/request-log.ts';
import { createDefaults, type Defaults } from './faults/defaults.ts';
import { createKeyRing, type KeyRing } from './keys/ring.ts';
import { createPersons, type Persons } from './people/persons.ts';
import { createSamlIdentityProvider, type SamlIdentityProvider } from './saml/identity-provider.ts';
import { createSignIns, type SignIns } from './sign-ins.ts';

/** Everything one sandbox remembers, handed to its endpoints and pages. */
export interface Sandbox {
  /** Public base URL without a trailing slash; the issuer is `${url}/oidc`. */
  url: string;
  issuer: string;
  clients: Clients;
  persons: Persons;
  defaults: Defaults;
  signIns: SignIns;
  keys: KeyRing;
  requests: RequestLog;
  saml: SamlIdentityProvider;
}

export async function createSandbox(url: string, clients: readonly ClientRequest[]): Promise<Sandbox> {
  return {
    url,
    issuer: `${url}/oidc`,
    clients: createClients(clients),
    persons: createPersons(),
    defaults: createDefaults(),
    signIns: createSignIns(),
    keys: await createKeyRing(),
    requests: createRequestLog(),
    saml: await createSamlIdentityProvider(),
  };
}
