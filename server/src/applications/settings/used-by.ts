/** Which settings of an application read an attribute: its claims and its user name format. Pure. */
import type { UsedAttribute } from '../../directory/profile-schemas/index.ts';
import { readsAttribute } from '../../expressions/index.ts';
import type { StoredApplication } from '../store.ts';

/** Sentences that go on after "it is used by". */
export function usesOf({ id, label, config }: StoredApplication, attribute: UsedAttribute): string[] {
  const ofUsers = attribute.ownerKind === 'user_type' && !attribute.elsewhere;
  const application = `the application "${label}" (${id})`;
  const binding = ofUsers ? 'user' : attribute.ownerId === id ? 'appuser' : null;
  if (binding === null) return [];
  const claims = config.oauthClient.claims.filter(({ expression }) =>
    readsAttribute(expression, 'claims', binding, attribute.name),
  );
  const uses = claims.map(({ name }) => `the claim "${name}" of ${application}`);
  if (ofUsers && readsAttribute(config.userNameTemplate.template, 'userToApp', 'user', attribute.name))
    uses.push(`the user name format of ${application}`);
  return uses;
}
