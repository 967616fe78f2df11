/** Which identity providers a super administrator signs in through: who decides about these decides who is one. */
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
    const guarded = await linked(orgId);
    if (guarded.size === 0) return false;
    if ('idpId' in named) return guarded.has(named.idpId);
    if ('mappingId' in named) return guarded.has((await sourceOf(orgId, named.mappingId)) ?? '');
    const providers = (await house.identityProviders.list(orgId)).filter(({ id }) => guarded.has(id));
    return providers.some(({ saml }) => saml?.certificates.some(({ kid }) => kid === named.kid) === true);
  };
}
