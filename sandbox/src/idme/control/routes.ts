import type { FastifyInstance } from 'fastify';
import { onlyLoopback } from '../../http/guards.ts';
import { type ClientRequest, InvalidClient } from '../clients/clients.ts';
import { type ChosenFault, chooseFault, FAULTS, InvalidFault } from '../faults/table.ts';
import { InvalidPerson, type Person } from '../people/persons.ts';
import { ISSUER, SAML_PATHS } from '../saml/names.ts';
import type { ServiceProviderRequest } from '../saml/onboarding/service-providers.ts';
import type { Sandbox } from '../sandbox.ts';

interface FaultBody {
  fault?: string;
  parameter?: string;
  times?: number;
}

class InvalidTimes extends Error {}

/** The control API: JSON, loopback only. Documented in the sandbox's README. */
export function controlRoutes(parent: FastifyInstance, sandbox: Sandbox): void {
  parent.register(
    async (app) => {
      app.addHook('onRequest', onlyLoopback);
      app.setErrorHandler(async (error, _request, reply) => {
        const known = [InvalidFault, InvalidPerson, InvalidClient, InvalidTimes].some((kind) => error instanceof kind);
        const status = known ? 400 : ((error as { statusCode?: number }).statusCode ?? 500);
        await reply
          .code(status)
          .send({ error: 'refused', message: status === 500 ? 'It failed.' : (error as Error).message });
      });
      faultRoutes(app, sandbox);
      approvalRoutes(app, sandbox);
      personRoutes(app, sandbox);
      clientRoutes(app, sandbox);
      serviceProviderRoutes(app, sandbox);
      app.get('/requests', async () => ({ requests: sandbox.requests.list() }));
      app.delete('/requests', async (_request, reply) => {
        sandbox.requests.clear();
        return reply.code(204).send();
      });
    },
    { prefix: '/control' },
  );
}

function faultRoutes(app: FastifyInstance, { defaults }: Sandbox): void {
  const state = () => {
    const set = defaults.fault();
    return { default: set && { ...set.chosen, remaining: set.remaining }, faults: FAULTS };
  };
  app.get('/faults', async () => state());
  app.post<{ Body: FaultBody }>('/faults', async ({ body }) => {
    const chosen = faultIn(body);
    if (chosen === null) throw new InvalidFault('fault: a name is needed.');
    defaults.setFault(chosen, timesIn(body));
    return state();
  });
  app.delete('/faults', async (_request, reply) => {
    defaults.clearFault();
    return reply.code(204).send();
  });
}

function approvalRoutes(app: FastifyInstance, { defaults, persons }: Sandbox): void {
  const state = () => {
    const set = defaults.approval();
    return { approval: set && { person: set.person, ...set.fault, remaining: set.remaining } };
  };
  app.get('/approve', async () => state());
  app.post<{ Body: FaultBody & { person?: string } }>('/approve', async ({ body }) => {
    const person = persons.find(body?.person ?? '');
    if (person === undefined) throw new InvalidPerson('person: the uuid or the e-mail address of a person.');
    defaults.setApproval(person.uuid, faultIn(body), timesIn(body));
    return state();
  });
  app.delete('/approve', async (_request, reply) => {
    defaults.clearApproval();
    return reply.code(204).send();
  });
}

function personRoutes(app: FastifyInstance, { persons }: Sandbox): void {
  app.get('/persons', async () => ({ persons: persons.list() }));
  app.post<{ Body: Partial<Person> }>('/persons', async ({ body }, reply) =>
    reply.code(201).send(persons.create(body ?? {})),
  );
  app.put<{ Params: { uuid: string }; Body: Partial<Person> }>('/persons/:uuid', async ({ params, body }, reply) => {
    const person = persons.update(params.uuid, body ?? {});
    return person ?? reply.code(404).send({ error: 'not_found', message: 'Nobody has this uuid.' });
  });
}

function clientRoutes(app: FastifyInstance, { clients }: Sandbox): void {
  app.get('/clients', async () => ({
    clients: clients.list().map(({ client_secret: _hidden, ...client }) => client),
  }));
  app.post<{ Body: ClientRequest }>('/clients', async ({ body }, reply) =>
    reply.code(201).send(clients.register(body ?? { redirect_uris: [], policies: [] })),
  );
}

function serviceProviderRoutes(app: FastifyInstance, { saml, url }: Sandbox): void {
  app.get('/service-providers', async () => ({ service_providers: saml.providers.list() }));
  app.post<{ Body: ServiceProviderRequest }>('/service-providers', async ({ body }, reply) =>
    reply.code(201).send({
      ...saml.providers.register(body ?? {}),
      issuer: ISSUER,
      sso_url: `${url}${SAML_PATHS.signOn}`,
      metadata_url: `${url}${SAML_PATHS.metadataProvider}`,
      idp_certificate: saml.keys.signing().certificate,
    }),
  );
}

const faultIn = (body: FaultBody | null): ChosenFault | null => chooseFault(body?.fault ?? '', body?.parameter);

/** For how many sign-ins; absent means all. */
function timesIn(body: FaultBody | null): number | null {
  const times = body?.times ?? null;
  if (times !== null && !(Number.isInteger(times) && times > 0))
    throw new InvalidTimes('times: a whole number above 0.');
  return times;
}
