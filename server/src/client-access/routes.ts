/** `/api/v1/apps/{id}/grants`, the scopes that there are, and `/oauth2/v1/clients/{id}/roles` in the shapes of the clients. */
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { API_SCOPES, apiErrors, describedUnder, NO_CONTENT, ROLES, type Role } from '../http/index.ts';
import { callerOf } from '../system-log/index.ts';
import type { ClientAccess } from './service.ts';
import { grantToWire, roleToWire } from './wire.ts';

const GrantBody = Type.Object({
  issuer: Type.Optional(Type.String({ maxLength: 500 })),
  scopeId: Type.String({ maxLength: 200 }),
});
type GrantBody = Static<typeof GrantBody>;
const RoleBody = Type.Object({ type: Type.Enum(Object.keys(ROLES) as Role[]) });
type RoleBody = Static<typeof RoleBody>;

type App = { Params: { id: string } };
type OneGrant = { Params: { id: string; grantId: string } };
type OfClient = { Params: { clientId: string } };
type OneRole = { Params: { clientId: string; roleId: string } };

const GRANTS = '/api/v1/apps/:id/grants';
const CLIENT_ROLES = '/oauth2/v1/clients/:clientId/roles';
const described = describedUnder('Access of applications');

export function clientAccessRoutes({ clientAccess }: { clientAccess: ClientAccess }) {
  return async (server: FastifyInstance) => {
    server.get(
      '/api/gatehouse/v1/api-scopes',
      described('Lists the scopes of this API that applications can be granted'),
      async () => API_SCOPES,
    );
    server.register(grantRoutes(clientAccess));
    server.register(roleRoutes(clientAccess));
  };
}

function grantRoutes(clientAccess: ClientAccess) {
  return async (server: FastifyInstance) => {
    server.get<App>(GRANTS, described('Lists the scopes that an application may ask for'), async (request) => {
      const app = await clientAccess.application(request.org.id, request.params.id);
      const grants = await clientAccess.grants(request.org.id, app);
      return grants.map((grant) => grantToWire(grant, app, request.org.baseUrl));
    });
    server.post<App & { Body: GrantBody }>(
      GRANTS,
      described('Lets an application ask for a scope', {
        body: GrantBody,
        response: { 200: { description: 'It had the scope.' }, 201: { description: 'Granted.' } },
      }),
      async (request, reply) => {
        const app = await clientAccess.application(request.org.id, request.params.id);
        const { grant, created } = await clientAccess.grant(callerOf(request), app, request.body);
        return reply
          .status(created ? 201 : 200)
          .type('application/json')
          .send(grantToWire(grant, app, request.org.baseUrl));
      },
    );
    server.get<OneGrant>(`${GRANTS}/:grantId`, described('Reads the grant of a scope'), async (request) => {
      const app = await clientAccess.application(request.org.id, request.params.id);
      const { grantId } = request.params;
      const grant = (await clientAccess.grants(request.org.id, app)).find(({ id }) => id === grantId);
      if (grant === undefined) throw apiErrors.notFound(grantId, 'OAuth2ScopeConsentGrant');
      return grantToWire(grant, app, request.org.baseUrl);
    });
    server.delete<OneGrant>(
      `${GRANTS}/:grantId`,
      described('Takes a scope away from an application, also from the tokens that it has', { response: NO_CONTENT }),
      async (request, reply) => {
        const app = await clientAccess.application(request.org.id, request.params.id);
        await clientAccess.revoke(callerOf(request), app, request.params.grantId);
        return reply.status(204).send();
      },
    );
  };
}

function roleRoutes(clientAccess: ClientAccess) {
  return async (server: FastifyInstance) => {
    const rolesOf = async (orgId: string, clientId: string) => {
      const app = await clientAccess.application(orgId, clientId);
      return { app, roles: await clientAccess.roles(orgId, app) };
    };
    server.get<OfClient>(
      CLIENT_ROLES,
      described('Lists the administrator roles of an application that acts by itself'),
      async (request) => {
        const { app, roles } = await rolesOf(request.org.id, request.params.clientId);
        return roles.map((role) => roleToWire(role, app, request.org.baseUrl));
      },
    );
    server.post<OfClient & { Body: RoleBody }>(
      CLIENT_ROLES,
      described('Gives an administrator role to an application that acts by itself', { body: RoleBody }),
      async (request) => {
        const app = await clientAccess.application(request.org.id, request.params.clientId);
        const role = await clientAccess.assignRole(callerOf(request), app, request.body.type);
        return roleToWire(role, app, request.org.baseUrl);
      },
    );
    server.get<OneRole>(`${CLIENT_ROLES}/:roleId`, described('Reads a role of an application'), async (request) => {
      const { app, roles } = await rolesOf(request.org.id, request.params.clientId);
      const found = roles.find(({ role }) => role === request.params.roleId);
      if (found === undefined) throw apiErrors.notFound(request.params.roleId, 'RoleAssignment');
      return roleToWire(found, app, request.org.baseUrl);
    });
    server.delete<OneRole>(
      `${CLIENT_ROLES}/:roleId`,
      described('Takes an administrator role away from an application', { response: NO_CONTENT }),
      async (request, reply) => {
        const app = await clientAccess.application(request.org.id, request.params.clientId);
        await clientAccess.takeRole(callerOf(request), app, request.params.roleId);
        return reply.status(204).send();
      },
    );
  };
}
