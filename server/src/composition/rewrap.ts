/** After a new GATEHOUSE_SECRET_KEY: everything that was sealed under the previous one is put under it, while the hub serves (rulings 4). */
import { SEALED_SECRETS as APPLICATION_SECRETS } from '../applications/index.ts';
import { SEALED_KEYS } from '../authorization-server/index.ts';
import { inTransaction, rewrapColumn } from '../database/index.ts';
import { SEALED_SECRETS as HOOK_SECRETS } from '../event-hooks/index.ts';
import { SEALED_SECRETS as PROVIDER_SECRETS, SEALED_SIGNING_KEYS } from '../identity-providers/index.ts';
import { SEALED_BODIES } from '../mail/index.ts';
import type { Modules } from './modules.ts';

/** Returns how many values were rewrapped; afterwards GATEHOUSE_SECRET_KEY_PREVIOUS is no longer needed. */
export async function rewrapSecrets(
  { database, secretBox, schemas, users, log }: Modules,
  orgId: string,
): Promise<number> {
  let rewrapped = 0;
  for (const column of [
    PROVIDER_SECRETS,
    SEALED_SIGNING_KEYS,
    APPLICATION_SECRETS,
    SEALED_KEYS,
    HOOK_SECRETS,
    SEALED_BODIES,
  ]) {
    rewrapped += await rewrapColumn(database, column, secretBox.rewrap);
  }
  // The blind index of sensitive values is keyed by the same secret.
  for (const schema of await schemas.userSchemas(orgId)) {
    if (![...schema.attributes.values()].some((attribute) => attribute.sensitive)) continue;
    await inTransaction(database, async (tx) => users.reindexValues(tx, orgId, await schemas.hold(tx, orgId, schema)));
  }
  log.info('secrets.rewrapped', { values: rewrapped });
  return rewrapped;
}
