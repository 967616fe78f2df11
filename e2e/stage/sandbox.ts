/** The provider sandbox's control API: people and faults. */

/** A fictional person as the sandbox knows them. */
export interface Person {
  uuid: string;
  email: string;
  fname: string;
  mname: string;
  lname: string;
  birth_date: string;
  phone: string;
  street: string;
  city: string;
  state: string;
  zip: string;
}

export interface Sandbox {
  url: string;
  createPerson(values: Partial<Person>): Promise<Person>;
  changePerson(uuid: string, values: Partial<Person>): Promise<Person>;
  /** A client of the provider, as the onboarding desk would give one. */
  createClient(
    redirectUri: string,
    policy: string,
    name: string,
  ): Promise<{ client_id: string; client_secret: string }>;
  /** Requests that reached the provider's own endpoints since the last clearing. */
  requests(): Promise<{ method: string; path: string }[]>;
}

export function sandboxAt(url: string): Sandbox {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /control${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }
  return {
    url,
    createPerson: (values) => call('POST', '/persons', values),
    changePerson: (uuid, values) => call('PUT', `/persons/${uuid}`, values),
    createClient: (redirectUri, policy, name) =>
      call('POST', '/clients', { client_name: name, redirect_uris: [redirectUri], policies: [policy] }),
    requests: async () => (await call<{ requests: { method: string; path: string }[] }>('GET', '/requests')).requests,
  };
}
