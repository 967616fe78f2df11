/** `/api/v1/org/contacts`: whom to ask about billing and about technical matters (contract §10.3). */
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { apiErrors, describedUnder, ifMatch, sendVersioned } from '../http/index.ts';
import type { OrgRoutesDeps } from './routes.ts';
import { CONTACT_TYPES, type ContactType } from './store.ts';

const ContactBody = Type.Object({ userId: Type.String({ minLength: 1, maxLength: 100 }) });
type ContactBody = Static<typeof ContactBody>;
type ByType = { Params: { contactType: string } };

const ALL = '/api/v1/org/contacts';
const ONE = `${ALL}/:contactType`;

const described = describedUnder('Org');

export function contactRoutes({ orgs, userExists, recordUpdate }: OrgRoutesDeps) {
  return async (server: FastifyInstance) => {
    server.get(ALL, described('Lists whom to ask'), async (request) =>
      CONTACT_TYPES.map((contactType) => ({
        contactType,
        _links: { user: { href: `${request.org.baseUrl}${ALL}/${contactType}` } },
      })),
    );
    server.get<ByType>(ONE, described('Reads whom to ask'), async (request, reply) => {
      const type = contactType(request.params.contactType);
      const { version, settings } = await orgs.byId(request.org.id);
      return sendVersioned(reply, version, contactToWire(settings.contacts?.[type] ?? null, request.org.baseUrl));
    });
    server.put<ByType & { Body: ContactBody }>(
      ONE,
      described('Sets whom to ask', { body: ContactBody }),
      async (request, reply) => {
        const type = contactType(request.params.contactType);
        const { userId } = request.body;
        if (!(await userExists(request.org.id, userId)))
          throw apiErrors.validation('userId', `userId: there is no user with the id ${userId}`);
        const { version } = await orgs.change(
          request.org.id,
          { contacts: { [type]: userId } },
          { expectedVersion: ifMatch(request), record: (tx, at) => recordUpdate(tx, request, at) },
        );
        return sendVersioned(reply, version, contactToWire(userId, request.org.baseUrl));
      },
    );
  };
}

function contactType(text: string): ContactType {
  const type = CONTACT_TYPES.find((known) => known === text);
  if (type === undefined) throw apiErrors.notFound(text, 'ContactType');
  return type;
}

function contactToWire(userId: string | null, baseUrl: string) {
  return { userId, _links: userId === null ? {} : { user: { href: `${baseUrl}/api/v1/users/${userId}` } } };
}
