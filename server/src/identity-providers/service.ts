/** Identity providers as others use them: the compiled ones for a running sign-in, the stored ones for the management API. */
import { apiErrors, pageOf } from '../http/index.ts';
import { record } from '../system-log/index.ts';
import { createChanges } from './changes.ts';
import { compile, openSecret } from './compile.ts';
import { eventOf, type IdentityProviders, type IdentityProvidersDeps, NOT_FOUND_TYPE } from './deps.ts';
import { createKeySets } from './oidc/key-sets.ts';
import * as store from './store.ts';
import { toWire } from './wire.ts';

export function createIdentityProviders(deps: IdentityProvidersDeps): IdentityProviders {
  const { database, configuration, clock, secretBox, egress, clientKeys } = deps;
  const connectorDeps = { egress, clientKeys, keySets: createKeySets({ egress, clock }) };
  const compiled = configuration.slice(async (db, orgId) => {
    const stored = await store.allOf(db, orgId);
    return new Map(stored.map((provider) => [provider.id, compile(provider, secretBox, connectorDeps)]));
  });

  return {
    ...createChanges(deps),
    byId: async (orgId, id) => (await compiled.get(orgId)).get(id) ?? null,
    list: async (orgId) => [...(await compiled.get(orgId)).values()],

    async describe(orgId, baseUrl, ids) {
      return (await store.findSome(database, orgId, ids)).map((stored) => toWire(stored, baseUrl, null));
    },

    async search(orgId, baseUrl, search, limit) {
      const page = pageOf(await store.search(database, orgId, search, limit + 1), limit, (last) =>
        search.q !== null && store.nameKey(last.name) === store.nameKey(search.q) ? store.START : last.id,
      );
      return { items: page.items.map((stored) => toWire(stored, baseUrl, null)), after: page.after };
    },

    async read(caller, id) {
      const stored = await store.find(database, caller.orgId, id);
      if (stored === null) throw apiErrors.notFound(id, NOT_FOUND_TYPE);
      const secret = openSecret(stored, secretBox);
      if (secret !== null) {
        await record(database, eventOf(caller, 'system.idp.lifecycle.read_client_secret', stored, clock.now()));
      }
      return { body: toWire(stored, caller.baseUrl, secret), version: stored.version };
    },
  };
}
