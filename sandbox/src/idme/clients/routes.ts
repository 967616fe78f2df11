import type { FastifyInstance } from 'fastify';
import { onlyOwnForms } from '../../http/guards.ts';
import { PAGE_HEADERS } from '../../pages/page.ts';
import type { Sandbox } from '../sandbox.ts';
import { InvalidClient } from './clients.ts';
import { deskPage, registeredPage } from './page.ts';

type Form = Partial<Record<'name' | 'redirect_uris' | 'policy', string>>;

/** The onboarding desk. */
export function deskRoutes(app: FastifyInstance, { clients, url }: Sandbox): void {
  const blank = { name: '', redirectUris: '', policy: '' };

  app.get('/desk', async (_request, reply) =>
    reply.headers(PAGE_HEADERS).send(deskPage({ clients: clients.list(), values: blank })),
  );

  app.post<{ Body: Form }>('/desk', { preHandler: onlyOwnForms }, async ({ body }, reply) => {
    const { name = '', redirect_uris: redirectUris = '', policy = '' } = body;
    try {
      const client = clients.register({
        client_name: name,
        redirect_uris: redirectUris.split(/\s+/).filter((uri) => uri !== ''),
        policies: [policy],
      });
      return reply.headers(PAGE_HEADERS).send(registeredPage(client, url));
    } catch (error) {
      if (!(error instanceof InvalidClient)) throw error;
      const values = { name, redirectUris, policy };
      const page = deskPage({ clients: clients.list(), values, problem: error.message });
      return reply.code(400).headers(PAGE_HEADERS).send(page);
    }
  });
}
