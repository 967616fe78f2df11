/** The ID.me sandbox as a program of its own, steered over HTTP: nothing of it is imported here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './app.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export const PATHS = { jwks: '/oidc/.well-known/jwks', token: '/oauth/token', userInfo: '/api/public/v3/userinfo' };
export const POLICY = 'nist_aal2_ial2';

export interface Person extends Record<string, string> {
  uuid: string;
  email: string;
}

export interface PlayedFault {
  fault: string;
  parameter?: string;
}

export interface IdmeSandbox {
  url: string;
  clientId: string;
  clientSecret: string;
  /** The names of its table of faults, as far as they concern OpenID Connect. */
  faults(): Promise<string[]>;
  createPerson(values: Record<string, string>): Promise<Person>;
  changePerson(uuid: string, values: Record<string, string>): Promise<Person>;
  /** From now on everybody is this person; the fault is played once. */
  approve(person: Person, fault?: PlayedFault | null): Promise<void>;
  /** Forgets what was received. */
  forgetRequests(): Promise<void>;
  /** How often a path was asked for since. */
  received(path: string): Promise<number>;
  close(): Promise<void>;
}

/** `redirectUri` is the one that is registered for the hub. */
export async function startIdmeSandbox(redirectUri: string): Promise<IdmeSandbox> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const client = { client_id: randomBytes(16).toString('hex'), client_secret: randomBytes(24).toString('hex') };
  const registered = { ...client, client_name: 'Hub of tests', redirect_uris: [redirectUri], policies: [POLICY] };
  const child = spawn(
    process.execPath,
    ['--import', `${ROOT}scripts/end-with-parent.mjs`, `${ROOT}sandbox/src/main.ts`],
    {
      env: { PATH: process.env.PATH, IDME_PORT: String(port), IDME_CLIENTS: JSON.stringify([registered]) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  await listening(child);

  async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /control/${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
  return {
    url,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    faults: async () => {
      const { faults } = await control<{ faults: { name: string; kind: string }[] }>('GET', 'faults');
      return faults.filter(({ kind }) => kind !== 'saml').map(({ name }) => name);
    },
    createPerson: (values) => control('POST', 'persons', values),
    changePerson: (uuid, values) => control('PUT', `persons/${uuid}`, values),
    async approve(person, fault = null) {
      await control('POST', 'approve', { person: person.uuid });
      if (fault === null) await control('DELETE', 'faults');
      else await control('POST', 'faults', { ...fault, times: 1 });
    },
    forgetRequests: () => control('DELETE', 'requests'),
    async received(path) {
      const { requests } = await control<{ requests: { path: string }[] }>('GET', 'requests');
      return requests.filter((request) => request.path === path).length;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Resolves at its first line; rejects with what it said when it ends before. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    child.stderr?.on('data', (data) => {
      complaint += data;
    });
    createInterface({ input: child.stdout! }).once('line', () => resolve());
    child.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}: ${complaint}`)));
  });
}
