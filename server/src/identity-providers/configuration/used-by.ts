/** Which settings of identity providers name an attribute: the user name format one of their own, the match one of a user. Pure. */
import type { UsedAttribute } from '../../directory/profile-schemas/index.ts';
import { readsAttribute } from '../../expressions/index.ts';
import type { StoredIdentityProvider } from '../store.ts';

/** Sentences that go on after "it is used by". */
export function usesOf({ id, name, config }: StoredIdentityProvider, attribute: UsedAttribute): string[] {
  const { userNameTemplate, matchType, matchAttribute } = config.policy.subject;
  const provider = `the identity provider "${name}" (${id})`;
  const uses: string[] = [];
  if (attribute.ownerId === id && readsAttribute(userNameTemplate.template, 'idpUsername', 'idpuser', attribute.name))
    uses.push(`the IdP Username of ${provider}`);
  const matches = matchType === 'CUSTOM_ATTRIBUTE' && matchAttribute === attribute.name;
  if (attribute.ownerKind === 'user_type' && !attribute.elsewhere && matches)
    uses.push(`the setting "Match against" of ${provider}`);
  return uses;
}
