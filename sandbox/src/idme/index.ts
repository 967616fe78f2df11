/**
 * ID.me by OpenID Connect and SAML, played for tests and demos: the wire behaviour of the providers contract §2, a sign-in page with fictional
 * persons, an onboarding desk, named faults and a control API. It is not ID.me, verifies nobody, and keeps everything in memory.
 */
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { listen } from '../http/listen.ts';
import { PAGE_HEADERS } from '../pages/page.ts';
import type { ClientRequest } from './clients/clients.ts';
import { deskRoutes } from './clients/routes.ts';
import { controlRoutes } from './control/routes.ts';
import { faultsPage } from './faults/page.ts';
import { homePage } from './pages/home.ts';
import { problemPage } from './pages/problem.ts';
import { personRoutes } from './people/routes.ts';
import { discoveryDocument } from './protocol/discovery.ts';
import { logoutRoutes } from './protocol/logout.ts';
import { PATHS } from './protocol/paths.ts';
import { createProvider } from './protocol/provider.ts';
import { samlRoutes } from './saml/routes.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { signInRoutes } from './sign-in/routes.ts';

export { type ClientRequest, InvalidClient } from './clients/clients.ts';

export interface IdmeOptions {
  /** Listening port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Public base URL; `http://localhost:{port}` when absent. */
  url?: string;
  clients?: readonly ClientRequest[];
}

export interface RunningIdme {
  url: string;
  /** `${url}/oidc`. */
  issuer: string;
  /** The same that the control API offers, for a test in the same process. */
  control: Pick<Sandbox, 'defaults' | 'persons' | 'clients' | 'requests' | 'saml'>;
  close(): Promise<void>;
}

const NOT_HERE = { title: 'There is nothing here', text: 'The address is not one of this sandbox.' };

/** Resolves when it answers. Throws InvalidClient for clients that cannot be, and the system's error when the port is taken. */
export async function startIdme({ port, url, clients = [] }: IdmeOptions): Promise<RunningIdme> {
  const { app, port: bound, open, close } = await listen(port);
  try {
    const sandbox = await createSandbox((url ?? `http://localhost:${bound}`).replace(/\/$/, ''), clients);
    await app.register(formbody);
    mount(app, sandbox);
    await open();
    const { defaults, persons, requests, saml } = sandbox;
    return {
      url: sandbox.url,
      issuer: sandbox.issuer,
      control: { defaults, persons, clients: sandbox.clients, requests, saml },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function mount(app: FastifyInstance, sandbox: Sandbox): void {
  const provider = createProvider(sandbox);
  const answerByProvider = provider.callback();
  const wire = new Set<string>([PATHS.authorization, PATHS.token, PATHS.userinfo]);
  app.addHook('onRequest', async (request, reply) => {
    const [pathname = ''] = request.url.split('?');
    if (!wire.has(pathname) && !pathname.startsWith(`${PATHS.authorization}/`)) return;
    reply.hijack();
    await answerByProvider(request.raw, reply.raw);
  });
  app.get(PATHS.discovery, async (request) => logged(request.raw.method, request.url, discoveryDocument(sandbox.url)));
  app.get(PATHS.jwks, async (request) => logged(request.raw.method, request.url, sandbox.keys.keySet()));
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => ({ status: 'ok' }));
  app.get('/', async (_request, reply) => reply.headers(PAGE_HEADERS).send(homePage(sandbox)));
  app.get('/faults', async (_request, reply) => reply.headers(PAGE_HEADERS).send(faultsPage()));
  logoutRoutes(app, sandbox);
  signInRoutes(app, sandbox, provider);
  samlRoutes(app, sandbox);
  personRoutes(app, sandbox);
  deskRoutes(app, sandbox);
  controlRoutes(app, sandbox);
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).headers(PAGE_HEADERS).send(problemPage(NOT_HERE)));

  function logged<T>(method = 'GET', path: string, answer: T): T {
    sandbox.requests.add(method, path, undefined).status = 200;
    return answer;
  }
}
