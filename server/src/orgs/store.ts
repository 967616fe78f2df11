/** The SQL of `orgs` and `org_hosts`. */
import type { Executor } from '../database/index.ts';

export interface Org {
  id: string;
  companyName: string;
  subdomain: string;
  /** {B}: public base URL without a trailing slash; also the issuer. */
  baseUrl: string;
  settings: OrgSettings;
  created: Date;
  lastUpdated: Date;
  version: number;
}

/** How much is too much, in a minute (rulings 30). */
export interface RateLimits {
  /** Of the management API: per API token, session, application or, for nobody, address. */
  requestsPerMinute: number;
  /** Of `/oauth2/v1/token`: clients that could not prove themselves, per network. */
  tokenFailuresPerMinute: number;
}

export const RATE_LIMITS: RateLimits = { requestsPerMinute: 600, tokenFailuresPerMinute: 60 };

export const rateLimitsOf = ({ settings }: Pick<Org, 'settings'>): RateLimits => ({
  ...RATE_LIMITS,
  ...settings.rateLimits,
});

export const CONTACT_TYPES = ['BILLING', 'TECHNICAL'] as const;
export type ContactType = (typeof CONTACT_TYPES)[number];

/** Contact fields of the contract's §10.3 (strings) and the hub's own switches. */
export interface OrgSettings {
  contact?: Record<string, string | null>;
  /** Whom to ask: ids of users. */
  contacts?: Partial<Record<ContactType, string>>;
  rateLimits?: Partial<RateLimits>;
  /** Org-wide just-in-time provisioning; true unless switched off (contract §13). */
  jitProvisioning?: boolean;
}

interface OrgRow {
  id: string;
  company_name: string;
  subdomain: string;
  base_url: string;
  settings: OrgSettings;
  created: Date;
  last_updated: Date;
  version: number;
}

const toOrg = (row: OrgRow): Org => ({
  id: row.id,
  companyName: row.company_name,
  subdomain: row.subdomain,
  baseUrl: row.base_url,
  settings: row.settings,
  created: row.created,
  lastUpdated: row.last_updated,
  version: row.version,
});

const COLUMNS = 'id, company_name, subdomain, base_url, settings, created, last_updated, version';

export async function findOrgByHost(db: Executor, host: string): Promise<Org | null> {
  const { rows } = await db.query<OrgRow>({
    name: 'orgs_by_host',
    text: `select ${COLUMNS.split(', ')
      .map((c) => `o.${c}`)
      .join(', ')} from org_hosts h join orgs o on o.id = h.org_id where h.host = $1`,
    values: [host],
  });
  return rows[0] === undefined ? null : toOrg(rows[0]);
}

export async function findOrg(db: Executor, id: string): Promise<Org | null> {
  const { rows } = await db.query<OrgRow>({
    name: 'orgs_by_id',
    text: `select ${COLUMNS} from orgs where id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? null : toOrg(rows[0]);
}

/** The same, held until the transaction ends. */
export async function lockOrg(tx: Executor, id: string): Promise<Org | null> {
  const { rows } = await tx.query<OrgRow>({
    text: `select ${COLUMNS} from orgs where id = $1 for update`,
    values: [id],
  });
  return rows[0] === undefined ? null : toOrg(rows[0]);
}

export async function firstOrg(db: Executor): Promise<Org | null> {
  const { rows } = await db.query<OrgRow>({
    text: `select ${COLUMNS} from orgs order by created, id limit 1`,
    values: [],
  });
  return rows[0] === undefined ? null : toOrg(rows[0]);
}

export async function insertOrg(
  db: Executor,
  org: { id: string; companyName: string; subdomain: string; baseUrl: string; at: Date },
): Promise<void> {
  await db.query({
    text: `insert into orgs (id, company_name, subdomain, base_url, created, last_updated) values ($1, $2, $3, $4, $5, $5)`,
    values: [org.id, org.companyName, org.subdomain, org.baseUrl, org.at],
  });
}

/** Moves the org to a base URL: its host answers from now on, a former one no longer. */
export async function setBaseUrl(db: Executor, orgId: string, baseUrl: string, at: Date): Promise<void> {
  await db.query({
    text: 'update orgs set base_url = $2, last_updated = $3 where id = $1 and base_url <> $2',
    values: [orgId, baseUrl, at],
  });
  await db.query({
    text: 'delete from org_hosts where org_id = $1 and host <> $2',
    values: [orgId, new URL(baseUrl).host],
  });
  await db.query({
    text: 'insert into org_hosts (host, org_id) values ($2, $1) on conflict (host) do nothing',
    values: [orgId, new URL(baseUrl).host],
  });
}

/** Writes an org that was read with `lockOrg`, and counts its version up. */
export async function updateOrg(tx: Executor, org: Org, at: Date): Promise<Org> {
  const { rows } = await tx.query<OrgRow>({
    text: `update orgs set company_name = $2, settings = $3, last_updated = $4, version = version + 1 where id = $1 returning ${COLUMNS}`,
    values: [org.id, org.companyName, JSON.stringify(org.settings), at],
  });
  return toOrg(rows[0]!);
}
