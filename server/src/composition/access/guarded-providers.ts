/** Which identity providers a super administrator signs in through, or may from now on: who decides about these decides who is one. */
import { ApiError } from '../../http/index.ts';
import type { Caller } from '../../system-log/index.ts';
import type { Modules } from '../modules.ts';

/** What a call names: a provider, a mapping, or a key that providers trust. */
export type NamedProvider = { idpId: string } | { mappingId: string } | { kid: string };

export function createGuardedProviders(house: Modules) {
  const linked = async (orgId: string) => {
    const people = await house.users.superAdministrators(orgId);
    const links = await Promise.all(people.map((userId) => house.externalIdentities.ofUser(orgId, userId)));
    return new Set(links.flat().map(({ idpId }) => idpId));
  };
  const sourceOf = async (orgId: string, mappingId: string) => {
    try {
      const { body } = await house.mappings.read({ orgId, baseUrl: '' } as Caller, mappingId);
      return body.source.id;
    } catch (error) {
      if (error instanceof ApiError) return null;
      throw error;
    }
  };
  return async (orgId: string, named: NamedProvider): Promise<boolean> => {
    const known = await linked(orgId);
    // Also one that is switched off: what is decided about it now holds when it is switched on.
    const guarded = (await house.identityProviders.list(orgId)).filter(
      ({ id, policy }) => known.has(id) || !policy.accountLink.excludeAdmins,
    );
    if (guarded.length === 0) return false;
    if ('kid' in named)
      return guarded.some(({ saml }) => saml?.certificates.some(({ kid }) => kid === named.kid) === true);
    const idpId = 'idpId' in named ? named.idpId : await sourceOf(orgId, named.mappingId);
    return guarded.some(({ id }) => id === idpId);
  };
}
