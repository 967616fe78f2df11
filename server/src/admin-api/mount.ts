/** Puts the management API together from the route plugins that app.ts has made. */
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Clock } from '../shared/clock.ts';
import { allowOrigins, type IsRegisteredOrigin } from './cors.ts';
import { collectOpenApi, openApiRoutes } from './openapi.ts';
import { DEFAULT_REQUESTS_PER_MINUTE, limitRate } from './rate-limit.ts';

export interface AdminApiDeps {
  clock: Clock;
  /** One plugin a module; each registers its full paths. */
  plugins: readonly FastifyPluginAsync[];
  isRegisteredOrigin: IsRegisteredOrigin;
  /** Per API token, session or address. */
  requestsPerMinute?: number;
}

/** A plugin for the server itself, before any other: unknown paths below /api are answered and counted like known ones. */
export function adminApi({ clock, plugins, isRegisteredOrigin, requestsPerMinute }: AdminApiDeps): FastifyPluginAsync {
  const mount = async (server: FastifyInstance) => {
    limitRate(server, { clock, requestsPerMinute: requestsPerMinute ?? DEFAULT_REQUESTS_PER_MINUTE });
    allowOrigins(server, isRegisteredOrigin);
    collectOpenApi(server);
    server.register(async (api) => {
      for (const plugin of plugins) api.register(plugin);
      api.register(openApiRoutes);
    });
  };
  return Object.assign(mount, { [Symbol.for('skip-override')]: true });
}
