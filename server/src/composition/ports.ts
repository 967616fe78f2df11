/** What sign-in asks of the others (its `SignInPorts`), answered. */

import type { CompiledSchema, Schemas, Violation } from '../directory/profile-schemas/index.ts';
import { canonicalEmail, canonicalLogin, resolveSources, type SourceNames } from '../directory/users/index.ts';
import type { ProfileRules } from '../profile-mappings/index.ts';
import type { Json } from '../shared/json.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { createPasswordCheck, findCredentials, type SignInPorts } from '../sign-in/index.ts';
import type { Modules } from './modules.ts';
import { wishPasswordLink } from './password-links.ts';

type Profile = Record<string, Json>;

/** The authorization server is made later than the sign-in, so it is read from the house when it is called. */
export function signInPorts(house: Modules): SignInPorts {
  const { database, applications, identityProviders, routingRules, mappings, schemas, orgs } = house;
  const passwords = createPasswordCheck({
    database,
    clock: house.clock,
    canonicalLogin: canonicalOf(canonicalLogin),
    findCredentials: (orgId, loginKey) => findCredentials(database, orgId, loginKey),
    verify: house.users.verifyPassword,
    lockOut: (from, userId, guesses) => house.users.credentials.lockOut(from, userId, guesses),
  });
  return {
    applications,
    identityProviders,
    routing: routingRules,
    signOn: (orgId, context) => routingRules.signOn(orgId, context),
    mappings,
    schemas: {
      user: (orgId, typeId) => schemas.compiledUserSchema(orgId, typeId),
      async of(orgId, ownerId) {
        const schema = await schemas.compiledSchemaOf(orgId, ownerId);
        if (schema === null) throw new Error(`The identity provider ${ownerId} has no profile schema.`);
        return schema;
      },
      validate: schemas.validate,
      coerce: (schema, values) => coerceAll(schemas, schema, values),
      valueRows: schemas.valueRows,
    },
    profileSources: (orgId) => profileSourcesOf(house, orgId),
    canonicalLogin: canonicalOf(canonicalLogin),
    canonicalEmail: canonicalOf(canonicalEmail),
    groupRules: {
      compiled: (orgId) => house.groupRules.compiled(orgId),
      outcome: (rules, person, standing) => house.groupRules.outcome(rules, person, standing),
    },
    passwords,
    ownPasswords: ownPasswords(house),
    authorization: {
      accepts: (application, request) => house.authorizationServer.accepts(application, request),
      draftGrant: (request, by) => house.authorizationServer.draftGrant(request, by),
      insertGrantSql: (parameter) => house.authorizationServer.insertGrantSql(parameter),
      respond: (request, reply, authorization, draft, user) =>
        house.authorizationServer.respond(request, reply, authorization, draft, user),
      respondError: (request, reply, authorization, error) =>
        house.authorizationServer.respondError(request, reply, authorization, error),
    },
    org: {
      createsUsers: async (orgId) => (await orgs.byId(orgId)).settings.jitProvisioning ?? true,
      name: async (orgId) => (await orgs.byId(orgId)).companyName,
    },
    async linkedIdentities(orgId, userId) {
      const links = await house.externalIdentities.ofUser(orgId, userId);
      return Promise.all(
        links.map(async (link) => ({
          name: (await identityProviders.byId(orgId, link.idpId))?.displayName ?? link.idpId,
          since: link.created,
        })),
      );
    },
    async appLinks(orgId, userId) {
      const { baseUrl } = await orgs.byId(orgId);
      return (await applications.appLinks(orgId, baseUrl, userId)).map((link) => ({
        label: link.label,
        href: link.linkUrl,
      }));
    },
  };
}

/** Active providers that are profile sources. */
export async function profileSourcesOf(house: Modules, orgId: string): Promise<ReadonlySet<string>> {
  const providers = await house.identityProviders.list(orgId);
  return new Set(
    providers.filter((idp) => idp.status === 'ACTIVE' && idp.policy.provisioning.profileMaster).map(({ id }) => id),
  );
}

/** What the sources of profiles are called. */
export async function sourceNamesOf(house: Modules, orgId: string): Promise<SourceNames> {
  const providers = await house.identityProviders.list(orgId);
  const applications = await house.applications.list(orgId);
  return new Map<string, SourceNames extends ReadonlyMap<string, infer Name> ? Name : never>([
    ...providers.map(({ id, name }) => [id, { type: 'IDENTITY_PROVIDER', name }] as const),
    ...applications.map(({ id, label }) => [id, { type: 'APPLICATION', name: label }] as const),
  ]);
}

/** `users` is read when it is called. */
function ownPasswords(house: Modules): SignInPorts['ownPasswords'] {
  return {
    async find(orgId, token) {
      const found = await house.users.credentials.links.find(orgId, token);
      return found === null ? null : { purpose: found.purpose, login: String(found.user.profile.login ?? '') };
    },
    redeem: (input) => house.users.credentials.links.redeem(input),
    async renew(input) {
      const user = await house.users.credentials.renewPassword(input);
      return user === false ? 'same' : user;
    },
    wishLink: (wish) => wishPasswordLink(house.database, wish),
  };
}

/** The canonical form, or the sentence that says why there is none. */
function canonicalOf<P>(canonical: (text: string) => Result<string, P>) {
  return (text: string): Result<string, string> => {
    const result = canonical(text);
    return result.ok ? ok(result.value) : err(String((result.error as { message?: string }).message ?? result.error));
  };
}

/** The directory's rules, as mappings ask for them. */
export const profileRules = (schemas: Schemas): ProfileRules => ({
  coerce: (schema, values) => coerceAll(schemas, schema, values),
  validate: schemas.validate,
  canonicalLogin: canonicalOf(canonicalLogin),
  resolve: resolveSources,
});

function coerceAll(
  schemas: Schemas,
  schema: CompiledSchema,
  values: Profile,
): { values: Profile; violations: Violation[] } {
  const coerced: Profile = {};
  const violations: Violation[] = [];
  for (const [name, value] of Object.entries(values)) {
    const attribute = schema.attributes.get(name);
    if (attribute === undefined) continue;
    if (value === '') {
      coerced[name] = value;
      continue;
    }
    const result = schemas.coerce(attribute, value);
    if (result.ok) coerced[name] = result.value;
    else violations.push(result.error);
  }
  return { values: coerced, violations };
}
