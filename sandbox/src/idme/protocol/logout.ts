import type { FastifyInstance } from 'fastify';
import { PAGE_HEADERS } from '../../pages/page.ts';
import { problemPage } from '../pages/problem.ts';
import type { Sandbox } from '../sandbox.ts';
import { PATHS } from './paths.ts';

type Query = Partial<Record<'client_id' | 'redirect_uri' | 'state', string>>;

/** ID.me's logout: `client_id` and a registered `redirect_uri`; errors invalid_request, invalid_client, invalid_redirect_uri (contract: providers §2.4). */
export function logoutRoutes(app: FastifyInstance, { clients }: Sandbox): void {
  app.get<{ Querystring: Query }>(PATHS.logout, async ({ query }, reply) => {
    const { client_id: clientId, redirect_uri: redirectUri, state } = query;
    const error = refusalOf(clientId, redirectUri);
    if (error !== null || redirectUri === undefined) {
      const page = problemPage({ title: 'You cannot be signed out this way', text: `${error}.` });
      return reply.code(400).headers(PAGE_HEADERS).send(page);
    }
    const target = new URL(redirectUri);
    if (state !== undefined) target.searchParams.set('state', state);
    return reply
      .header('set-cookie', 'idme_sandbox_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax')
      .redirect(target.href, 303);
  });

  function refusalOf(clientId?: string, redirectUri?: string): string | null {
    if (clientId === undefined || redirectUri === undefined) return 'invalid_request';
    const client = clients.find(clientId);
    if (client === undefined) return 'invalid_client';
    return client.redirect_uris.includes(redirectUri) ? null : 'invalid_redirect_uri';
  }
}
