/** Rules of the org: which host is whose, and what may be changed of it. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, requireVersion } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { PRODUCT } from '../shared/product.ts';
import type { Configuration, Slice } from './configuration.ts';
import {
  findOrg,
  findOrgByHost,
  firstOrg,
  insertOrg,
  lockOrg,
  type Org,
  type OrgSettings,
  setBaseUrl,
  updateOrg,
} from './store.ts';

export interface Orgs {
  /** The org that answers for a `Host` header (with its port), or null. */
  byHost(host: string): Promise<Org | null>;
  byId(id: string): Promise<Org>;
  /** The org of a new installation, or the one that exists, moved to `baseUrl`. `created` tells which. */
  ensure(tx: Executor, baseUrl: string): Promise<{ org: Org; created: boolean }>;
  /** `record` writes the change's log event in its transaction. Throws 412 when the org is not at `expectedVersion` any more. */
  change(
    orgId: string,
    change: OrgChange,
    how: { expectedVersion: number | null; record(tx: Executor, at: Date): Promise<void> },
  ): Promise<Org>;
}

export interface OrgChange {
  companyName?: string;
  contact?: Record<string, string | null>;
  contacts?: OrgSettings['contacts'];
  rateLimits?: OrgSettings['rateLimits'];
}

export function createOrgs(deps: { database: Database; configuration: Configuration; clock: Clock }): Orgs {
  const { database, configuration, clock } = deps;
  const slice: Slice<Org | null> = configuration.slice((db, orgId) => findOrg(db, orgId));
  const hosts = new Map<string, string>();

  async function byId(id: string): Promise<Org> {
    const org = await slice.get(id);
    if (org === null) throw apiErrors.notFound(id, 'Org');
    return org;
  }
  return {
    byId,
    async byHost(host) {
      const known = hosts.get(host);
      if (known !== undefined) return slice.get(known);
      const org = await findOrgByHost(database, host);
      if (org !== null) hosts.set(host, org.id);
      return org;
    },
    async ensure(tx, baseUrl) {
      const existing = await firstOrg(tx);
      const id = existing?.id ?? newId('org', clock.now());
      if (existing === null) {
        await insertOrg(tx, {
          id,
          companyName: PRODUCT,
          subdomain: new URL(baseUrl).hostname.split('.')[0] ?? 'hub',
          baseUrl,
          at: clock.now(),
        });
      }
      await setBaseUrl(tx, id, baseUrl, clock.now());
      await configuration.changed(tx, id);
      const org = await findOrg(tx, id);
      if (org === null) throw apiErrors.internal();
      return { org, created: existing === null };
    },
    change: (orgId, change, { expectedVersion, record }) =>
      inTransaction(database, async (tx) => {
        const org = await lockOrg(tx, orgId);
        if (org === null) throw apiErrors.notFound(orgId, 'Org');
        requireVersion(expectedVersion, org);
        const next: Org = {
          ...org,
          companyName: change.companyName ?? org.companyName,
          settings: {
            ...org.settings,
            contact: { ...org.settings.contact, ...change.contact },
            contacts: { ...org.settings.contacts, ...change.contacts },
            rateLimits: { ...org.settings.rateLimits, ...change.rateLimits },
          },
        };
        const at = clock.now();
        const updated = await updateOrg(tx, next, at);
        await configuration.changed(tx, orgId);
        await record(tx, at);
        return updated;
      }),
  };
}
