/** `/api/v1/org` and `/.well-known/okta-organization` (contract §10.3). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Executor } from '../database/index.ts';
import { administrator, apiErrors, ifMatch, sendVersioned, signedIn } from '../http/index.ts';
import { contactRoutes } from './contact-routes.ts';
import type { Orgs } from './service.ts';
import { settingsRoutes } from './settings-routes.ts';
import type { Org } from './store.ts';

const CONTACT_FIELDS = [
  'website',
  'address1',
  'address2',
  'city',
  'country',
  'phoneNumber',
  'postalCode',
  'state',
  'supportPhoneNumber',
  'endUserSupportHelpURL',
] as const;

/** Of these, those that pages may show as links. */
const ADDRESSES = ['website', 'endUserSupportHelpURL'] as const;

const OrgChange = Type.Object({
  companyName: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  ...Object.fromEntries(
    CONTACT_FIELDS.map((field) => [field, Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()]))]),
  ),
});

const ANY_ORIGIN = { 'access-control-allow-origin': '*' };
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Accept, X-Okta-User-Agent-Extended, X-Okta-User-Agent',
  'access-control-max-age': '3600',
};

export interface OrgRoutesDeps {
  orgs: Orgs;
  userExists(orgId: string, userId: string): Promise<boolean>;
  /** Writes the log event of a change in its transaction. */
  recordUpdate(tx: Executor, request: FastifyRequest, at: Date): Promise<void>;
}

export function orgRoutes(deps: OrgRoutesDeps) {
  return async (server: FastifyInstance) => {
    server.get(
      '/api/v1/org',
      { onRequest: signedIn, schema: { tags: ['Org'], summary: 'Reads the org' } },
      async (request, reply) => sendOrg(reply, await deps.orgs.byId(request.org.id)),
    );
    for (const method of ['POST', 'PUT'] as const) {
      server.route({
        method,
        url: '/api/v1/org',
        onRequest: administrator,
        schema: {
          tags: ['Org'],
          summary: method === 'POST' ? 'Changes some fields of the org' : "Replaces the org's fields",
          body: OrgChange,
        },
        handler: async (request, reply) => {
          const body = request.body as { companyName?: string } & Record<string, string | null>;
          requireWebAddresses(body);
          const sent = CONTACT_FIELDS.filter((field) => method === 'PUT' || body[field] !== undefined);
          const contact = Object.fromEntries(sent.map((field) => [field, body[field] ?? null]));
          const change = { ...(body.companyName ? { companyName: body.companyName } : {}), contact };
          const updated = await deps.orgs.change(request.org.id, change, {
            expectedVersion: ifMatch(request),
            record: (tx, at) => deps.recordUpdate(tx, request, at),
          });
          return sendOrg(reply, updated);
        },
      });
    }
    await server.register(contactRoutes(deps));
    await server.register(settingsRoutes(deps));
    // Public, and read by pages of every origin (contract §1.1).
    const readable = { onRequest: async (_request: unknown, reply: FastifyReply) => void reply.headers(ANY_ORIGIN) };
    server.options('/.well-known/okta-organization', readable, async (_request, reply) =>
      reply.status(204).headers(PREFLIGHT).send(),
    );
    server.get(
      '/.well-known/okta-organization',
      { ...readable, schema: { tags: ['Org'], summary: 'Tells clients about the org' } },
      async (request) => ({
        id: request.org.id,
        cell: 'local',
        _links: { organization: { href: request.org.baseUrl } },
        pipeline: 'v1',
        settings: { analyticsCollectionEnabled: false, bugReportingEnabled: false, omEnabled: false },
      }),
    );
  };
}

/** A browser runs some of the other addresses. An empty one is none. */
function requireWebAddresses(body: Record<string, string | null | undefined>): void {
  for (const field of ADDRESSES) {
    const address = body[field];
    if (address && !(/^https?:\/\/\S+$/i.test(address) && URL.canParse(address)))
      throw apiErrors.validation(field, `${field}: must be an address such as https://www.example.com`);
  }
}

const sendOrg = (reply: FastifyReply, org: Org) => sendVersioned(reply, org.version, toWire(org));

export type OrgWire = ReturnType<typeof toWire>;

function toWire(org: Org) {
  const contact = org.settings.contact ?? {};
  return {
    id: org.id,
    companyName: org.companyName,
    subdomain: org.subdomain,
    status: 'ACTIVE',
    ...Object.fromEntries(CONTACT_FIELDS.map((field) => [field, contact[field] ?? null])),
    created: org.created.toISOString(),
    lastUpdated: org.lastUpdated.toISOString(),
    expiresAt: null,
    _links: {
      self: { href: `${org.baseUrl}/api/v1/org` },
      contacts: { href: `${org.baseUrl}/api/v1/org/contacts` },
      logo: null,
    },
  };
}
