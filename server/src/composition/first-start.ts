/** The first start: org, default objects, administrator, API token, signing keys; every later start changes only what the environment says. */

import { inTransaction, StartRefusal } from '../database/index.ts';
import { newPassword } from '../directory/users/index.ts';
import { SecretBoxError } from '../shared/secret-box.ts';
import { record } from '../system-log/index.ts';
import type { Modules } from './modules.ts';

export interface Started {
  orgId: string;
  /** The administrator's password, where this start made one. */
  generatedPassword: string | null;
}

/** Any number of hubs may start at once: one does the work, under a lock that the transaction holds. */
export async function prepareOrg(house: Modules): Promise<Started> {
  const { config, clock, database } = house;
  const password = config.adminPassword ?? newPassword();
  // Made outside the transaction: it is slow on purpose.
  const passwordHash = (await isNew(house)) ? await house.passwords.hash(password) : null;
  const started = await inTransaction(database, async (tx) => {
    await tx.query({ text: `select pg_advisory_xact_lock(hashtext('gatehouse first start'))`, values: [] });
    const at = clock.now();
    const { org, created } = await house.orgs.ensure(tx, config.url);
    if (config.allowEgress.length > 0) {
      await record(tx, {
        orgId: org.id,
        type: 'gatehouse.egress.allow',
        at,
        debugData: { allowed: config.allowEgress },
      });
    }
    await house.zones.ensureDefaults(tx, org.id, at);
    await house.routingRules.ensureDefaults(tx, org.id, at);
    if (!created || passwordHash === null) return { orgId: org.id, generatedPassword: null };

    await record(tx, { orgId: org.id, type: 'gatehouse.org.create', at });
    await house.schemas.ensureDefaults(tx, org.id, at);
    await house.groups.ensureEveryone(tx, org.id, at);
    await house.authorizationServer.ensureSigningKeys(tx, org.id);
    const administrator = await house.users.ensureAdministrator(tx, org.id, {
      email: config.adminEmail,
      passwordHash,
      at,
    });
    if (config.apiToken !== null)
      await house.apiTokens.ensureBootstrapToken(tx, org.id, administrator.id, config.apiToken, at);
    return { orgId: org.id, generatedPassword: config.adminPassword === null ? password : null };
  });
  await checkSecretKey(house, started.orgId);
  return started;
}

/** A key that opens nothing would show itself only at the first sign-in. */
async function checkSecretKey({ authorizationServer }: Modules, orgId: string): Promise<void> {
  try {
    await authorizationServer.signingKeyId(orgId, 'RS256');
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error;
    throw new StartRefusal(
      'GATEHOUSE_SECRET_KEY does not open what this database holds: set it to the key that the database was used with, or put that key into GATEHOUSE_SECRET_KEY_PREVIOUS beside the new one.',
    );
  }
}

async function isNew({ database }: Modules): Promise<boolean> {
  const { rows } = await database.query<{ known: boolean }>({
    text: 'select exists (select 1 from orgs) as known',
    values: [],
  });
  return rows[0]?.known !== true;
}
