/** `/api/gatehouse/v1/org/settings`: the hub's own settings of an org. */
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { describedUnder, ifMatch, sendVersioned } from '../http/index.ts';
import type { OrgRoutesDeps } from './routes.ts';
import { rateLimitsOf } from './store.ts';

/** Less would shut the console out, which asks a few things at a time. */
const FEWEST = 60;
const limit = (minimum: number) => Type.Optional(Type.Integer({ minimum, maximum: 1_000_000 }));
const SettingsBody = Type.Object({ requestsPerMinute: limit(FEWEST), tokenFailuresPerMinute: limit(1) });
type SettingsBody = Static<typeof SettingsBody>;

export type OrgSettingsWire = ReturnType<typeof rateLimitsOf>;

const URL = '/api/gatehouse/v1/org/settings';

const described = describedUnder('Org');

export function settingsRoutes({ orgs, recordUpdate }: OrgRoutesDeps) {
  return async (server: FastifyInstance) => {
    server.get(URL, described("Reads the org's limits"), async (request, reply) => {
      const org = await orgs.byId(request.org.id);
      return sendVersioned(reply, org.version, rateLimitsOf(org));
    });
    server.put<{ Body: SettingsBody }>(
      URL,
      described("Changes the org's limits: what is left out stays", { body: SettingsBody }),
      async (request, reply) => {
        const { requestsPerMinute, tokenFailuresPerMinute } = request.body;
        const rateLimits = {
          ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
          ...(tokenFailuresPerMinute === undefined ? {} : { tokenFailuresPerMinute }),
        };
        const org = await orgs.change(
          request.org.id,
          { rateLimits },
          { expectedVersion: ifMatch(request), record: (tx, at) => recordUpdate(tx, request, at) },
        );
        return sendVersioned(reply, org.version, rateLimitsOf(org));
      },
    );
  };
}
