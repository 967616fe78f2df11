/** What mappings ask of the others when they are tried out or applied to everybody, answered. */
import type { ExternalIdentity } from '../directory/external-identities/index.ts';
import { SUPER_ADMIN } from '../http/index.ts';
import type { UpdatePorts } from '../profile-mappings/index.ts';
import type { Modules } from './modules.ts';
import { profileSourcesOf, sourceNamesOf } from './ports.ts';

/** Every module is read from the house when it is called. */
export function mappingPorts(house: Modules): UpdatePorts {
  return {
    profileSources: (orgId) => profileSourcesOf(house, orgId),
    async userName(orgId, idpId, source, now) {
      const idp = await house.identityProviders.byId(orgId, idpId);
      const made = idp?.policy.subject.template.evaluate({ idpuser: source, now });
      const value = made?.ok && !made.value.usedNull ? made.value.value : null;
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
    },
    sourceNames: (orgId) => sourceNamesOf(house, orgId),
    async person(orgId, idOrLogin) {
      const user = await house.users.get(orgId, idOrLogin);
      return { user, sources: await house.users.sourcesOf(orgId, user.id) };
    },
    async isSuperAdministrator(db, orgId, { id, type }) {
      if (type !== 'PublicClientApp')
        return (await house.users.roles.list(orgId, id, db)).some(({ role }) => role === SUPER_ADMIN);
      const application = await house.applications.byClientId(orgId, id);
      return application !== null && (await house.clientAccess.of(orgId, application.id)).roles.includes(SUPER_ADMIN);
    },
    administratorsAmong: (tx, orgId, ids) => house.users.administratorsAmong(tx, orgId, ids),
    lockPeople: (tx, orgId, ids) => house.users.lockPeople(tx, orgId, ids),
    async applyProfiles(tx, caller, changes) {
      const outcome = await house.users.applyProfiles(tx, caller, changes);
      const changed = changes.filter((change) => change.changed.length > 0);
      if (outcome === 'done' && changed.length > 0)
        await house.groupRules.evaluate(
          tx,
          caller,
          changed.map(({ user }) => user.id),
          changed[0]!.at,
        );
      return outcome;
    },
    async asserted(orgId, sourceId, userId) {
      const link = await house.externalIdentities.find(orgId, sourceId, userId);
      return link === null ? null : assertedBy(link);
    },
    assertedAfter: async (db, orgId, idpId, userId, limit) =>
      (await house.externalIdentities.after(db, orgId, idpId, userId, limit)).map(assertedBy),
    countAsserted: (db, orgId, idpId) => house.externalIdentities.count(db, orgId, idpId),
  };
}

const assertedBy = ({ userId, profile, lastSignIn, lastUpdated }: ExternalIdentity) => ({
  userId,
  profile,
  at: lastSignIn ?? lastUpdated,
});
