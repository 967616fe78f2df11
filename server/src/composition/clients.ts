/** The applications that hold tokens of a user, in the shape in which clients know OAuth clients. */
import type { Caller } from '../system-log/index.ts';
import type { Modules } from './modules.ts';

export async function clientsOf(
  { authorizationServer, applications }: Modules,
  { orgId, baseUrl }: Pick<Caller, 'orgId' | 'baseUrl'>,
  userId: string,
) {
  const ids = await authorizationServer.appsWithTokensOf(orgId, userId);
  const found = await Promise.all(ids.map((id) => applications.byId(orgId, id)));
  return found.flatMap((application) =>
    application === null
      ? []
      : [
          {
            client_id: application.clientId,
            client_name: application.label,
            client_uri: null,
            logo_uri: null,
            _links: { app: { href: `${baseUrl}/api/v1/apps/${application.id}` } },
          },
        ],
  );
}
