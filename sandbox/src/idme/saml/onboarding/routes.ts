import type { FastifyInstance } from 'fastify';
import { onlyOwnForms } from '../../../http/guards.ts';
import { PAGE_HEADERS } from '../../../pages/page.ts';
import { InvalidClient } from '../../clients/clients.ts';
import type { Sandbox } from '../../sandbox.ts';
import { type DeskForm, registeredPage, samlDeskPage } from './page.ts';

/** The desk for service providers: the guide's section "Configure ID.me", played by a form. */
export function onboardingRoutes(app: FastifyInstance, { saml, url }: Sandbox): void {
  app.get('/desk/saml', async (_request, reply) =>
    reply.headers(PAGE_HEADERS).send(samlDeskPage({ providers: saml.providers.list(), values: {} })),
  );

  app.post<{ Body: DeskForm }>('/desk/saml', { preHandler: onlyOwnForms }, async ({ body }, reply) => {
    const values = body ?? {};
    try {
      const provider = saml.providers.register({
        ...values,
        acs_urls: (values.acs_url ?? '').split(/\s+/).filter((address) => address !== ''),
        policies: [values.policy ?? ''],
      });
      return reply.headers(PAGE_HEADERS).send(registeredPage(provider, url, saml.keys.signing().certificate));
    } catch (error) {
      if (!(error instanceof InvalidClient)) throw error;
      const page = samlDeskPage({ providers: saml.providers.list(), values, problem: error.message });
      return reply.code(400).headers(PAGE_HEADERS).send(page);
    }
  });
}
