/** Whom an access token acts for at the management API: a person or an application, with its roles, as far as its scopes still reach. */
import { userTarget } from '../../directory/users/index.ts';
import type { Principal, RequestOrg } from '../../http/index.ts';
import type { Modules } from '../modules.ts';

export function accessTokens(house: Modules) {
  return {
    async verify(org: RequestOrg, token: string): Promise<Principal | null> {
      const found = await house.authorizationServer.apiAccess(org, token);
      if (found === null) return null;
      const granted = await house.clientAccess.of(org.id, found.appId);
      const { user, clientId, label, tokenId: credentialId } = found;
      const scopes = found.scopes.filter((scope) => granted.scopes.has(scope));
      if (user === null)
        return {
          kind: 'oauth-client',
          ...{ userId: clientId, login: clientId, displayName: label, roles: granted.roles, scopes, credentialId },
        };
      const login = String(user.profile.login ?? '');
      const { displayName } = userTarget(user);
      return { kind: 'oauth-user', userId: user.id, login, displayName, roles: user.roles, scopes, credentialId };
    },
  };
}
