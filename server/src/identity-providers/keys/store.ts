/** The SQL of `idp_trust_keys` and `idp_signing_keys`. */
import type { Executor, SealedColumn } from '../../database/index.ts';

export interface TrustKey {
  kid: string;
  /** As it was sent. */
  x5c: string;
  certificate: Buffer;
  thumbprint: string;
  notBefore: Date;
  notAfter: Date;
  warnedDays: number | null;
  created: Date;
  lastUpdated: Date;
}

export interface SigningKey {
  idpId: string;
  kid: string;
  certificate: Buffer;
  privateSealed: string;
  expiresAt: Date;
  lastUsed: Date | null;
  created: Date;
  lastUpdated: Date;
}

const TRUST = `kid, x5c, certificate, thumbprint, not_before as "notBefore", not_after as "notAfter", warned_days as "warnedDays",
  created, last_updated as "lastUpdated"`;
const SIGNING = `idp_id as "idpId", kid, certificate, private_sealed as "privateSealed", expires_at as "expiresAt",
  last_used as "lastUsed", created, last_updated as "lastUpdated"`;

const trust = async (db: Executor, where: string, values: unknown[]) =>
  (await db.query<TrustKey>({ text: `select ${TRUST} from idp_trust_keys where org_id = $1 ${where}`, values })).rows;
const signing = async (db: Executor, where: string, values: unknown[]) =>
  (await db.query<SigningKey>({ text: `select ${SIGNING} from idp_signing_keys where org_id = $1 ${where}`, values }))
    .rows;

export const allTrust = (db: Executor, orgId: string) => trust(db, 'order by created, kid', [orgId]);
export const someTrust = (db: Executor, orgId: string, kids: readonly string[]) =>
  trust(db, 'and kid = any($2) order by created, kid', [orgId, kids]);
export const trustPage = (db: Executor, orgId: string, after: string, rows: number) =>
  trust(db, 'and kid > $2 order by kid limit $3', [orgId, after, rows]);
/** The same, kept from being deleted until the transaction ends: for a provider that comes to be trusted by them. */
export const holdTrust = (tx: Executor, orgId: string, kids: readonly string[]) =>
  trust(tx, 'and kid = any($2) order by kid for key share', [orgId, kids]);
/** @param lock holds the row for the change that follows */
export const findTrust = async (db: Executor, orgId: string, kid: string, lock = false): Promise<TrustKey | null> =>
  (await trust(db, `and kid = $2${lock ? ' for update' : ''}`, [orgId, kid]))[0] ?? null;
export const trustByThumbprint = async (db: Executor, orgId: string, thumbprint: string): Promise<TrustKey | null> =>
  (await trust(db, 'and thumbprint = $2', [orgId, thumbprint]))[0] ?? null;

/** False where the org has this certificate already. */
export async function insertTrust(db: Executor, orgId: string, key: TrustKey): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into idp_trust_keys (org_id, kid, x5c, certificate, thumbprint, not_before, not_after, created, last_updated)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    values: [
      orgId,
      key.kid,
      key.x5c,
      key.certificate,
      key.thumbprint,
      key.notBefore,
      key.notAfter,
      key.created,
      key.lastUpdated,
    ],
  });
  return rowCount === 1;
}

export async function replaceTrust(db: Executor, orgId: string, key: TrustKey): Promise<void> {
  await db.query({
    text: `update idp_trust_keys set x5c = $3, certificate = $4, thumbprint = $5, not_before = $6, not_after = $7, warned_days = null,
      last_updated = $8 where org_id = $1 and kid = $2`,
    values: [orgId, key.kid, key.x5c, key.certificate, key.thumbprint, key.notBefore, key.notAfter, key.lastUpdated],
  });
}

export async function removeTrust(db: Executor, orgId: string, kid: string): Promise<void> {
  await db.query({ text: 'delete from idp_trust_keys where org_id = $1 and kid = $2', values: [orgId, kid] });
}

export async function setWarned(db: Executor, orgId: string, kid: string, days: number): Promise<void> {
  await db.query({
    text: 'update idp_trust_keys set warned_days = $3 where org_id = $1 and kid = $2',
    values: [orgId, kid, days],
  });
}

export const allSigning = (db: Executor, orgId: string) => signing(db, 'order by created, kid', [orgId]);
export const signingOf = (db: Executor, orgId: string, idpId: string) =>
  signing(db, 'and idp_id = $2 order by created desc, kid', [orgId, idpId]);

export async function insertSigning(db: Executor, orgId: string, key: SigningKey): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into idp_signing_keys (org_id, idp_id, kid, certificate, private_sealed, expires_at, created, last_updated)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    values: [
      orgId,
      key.idpId,
      key.kid,
      key.certificate,
      key.privateSealed,
      key.expiresAt,
      key.created,
      key.lastUpdated,
    ],
  });
  return rowCount === 1;
}

export async function removeSigning(db: Executor, orgId: string, idpId: string, kid: string | null): Promise<void> {
  await db.query({
    text: 'delete from idp_signing_keys where org_id = $1 and idp_id = $2 and ($3::text is null or kid = $3)',
    values: [orgId, idpId, kid],
  });
}

export async function noteUse(db: Executor, orgId: string, idpId: string, kid: string, at: Date): Promise<void> {
  await db.query({
    name: 'idp_signing_key_used',
    text: 'update idp_signing_keys set last_used = greatest(last_used, $4) where org_id = $1 and idp_id = $2 and kid = $3',
    values: [orgId, idpId, kid, at],
  });
}

export const SEALED_SIGNING_KEYS: SealedColumn = { table: 'idp_signing_keys', id: 'kid', column: 'private_sealed' };
