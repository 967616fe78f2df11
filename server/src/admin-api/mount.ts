/** Puts the management API together from the route plugins that app.ts has made. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { isManagement, signedIn } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { collectOpenApi } from './openapi/document.ts';
import { openApiRoutes } from './openapi/routes.ts';
import { type AdministratorOf, protectAdministrators } from './protected-administrators.ts';
import { type AccessOf, protectClients } from './protected-clients.ts';
import { type IsGuarded, protectProviders } from './protected-providers.ts';
import { limitRate, type RequestsPerMinute } from './rate-limit.ts';
import { refuseUnstorableText } from './storable-text.ts';

export interface AdminApiDeps {
  clock: Clock;
  /** One plugin a module; each registers its full paths. */
  routes: readonly FastifyPluginAsync[];
  administratorOf: AdministratorOf;
  accessOf: AccessOf;
  isGuarded: IsGuarded;
  requestsPerMinute: RequestsPerMinute;
}

/**
 * To be called before other routes are registered on the server. No answer below /api allows another origin to read it: browsers
 * elsewhere have the authorization server (contract §1.1, rulings 29).
 */
export function mountAdminApi(
  server: FastifyInstance,
  { clock, routes, administratorOf, accessOf, isGuarded, requestsPerMinute }: AdminApiDeps,
): void {
  limitRate(server, { clock, requestsPerMinute });
  collectOpenApi(server);
  server.register(async (api) => {
    api.addHook('onRequest', refuseStrangers);
    refuseUnstorableText(api);
    protectAdministrators(api, administratorOf);
    protectClients(api, accessOf);
    protectProviders(api, isGuarded);
    for (const plugin of routes) api.register(plugin);
    api.register(openApiRoutes);
  });
}

/** Nobody without credentials gets as far as a body that is read; only what the document shows as open (`security: []`) answers everybody. */
async function refuseStrangers(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { url, schema } = request.routeOptions;
  const open = schema?.security?.length === 0;
  if (url !== undefined && isManagement(url) && !open) await signedIn(request, reply);
}
