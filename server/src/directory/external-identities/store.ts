/** The SQL of `external_identities`. A subject is only ever compared with subjects (security.md L7). */
import type { Executor } from '../../database/index.ts';
import type { ExternalIdentity } from './schema.ts';

const COLUMNS = `idp_id as "idpId", issuer, subject, user_id as "userId", profile, created, last_updated as "lastUpdated", last_sign_in as "lastSignIn"`;

export async function findBySubject(
  db: Executor,
  orgId: string,
  key: { idpId: string; issuer: string; subject: string },
): Promise<ExternalIdentity | null> {
  const { rows } = await db.query<ExternalIdentity>({
    name: 'external_identities_by_subject',
    text: `select ${COLUMNS} from external_identities where org_id = $1 and idp_id = $2 and issuer = $3 and subject = $4`,
    values: [orgId, key.idpId, key.issuer, key.subject],
  });
  return rows[0] ?? null;
}

export async function findLink(
  db: Executor,
  orgId: string,
  idpId: string,
  userId: string,
): Promise<ExternalIdentity | null> {
  const { rows } = await db.query<ExternalIdentity>({
    text: `select ${COLUMNS} from external_identities where org_id = $1 and idp_id = $2 and user_id = $3`,
    values: [orgId, idpId, userId],
  });
  return rows[0] ?? null;
}

export async function linksOfUser(db: Executor, orgId: string, userId: string): Promise<ExternalIdentity[]> {
  const { rows } = await db.query<ExternalIdentity>({
    text: `select ${COLUMNS} from external_identities where org_id = $1 and user_id = $2 order by created, idp_id`,
    values: [orgId, userId],
  });
  return rows;
}

/** A page in the order of user ids; `prefix` of the external id. */
export async function linksOfProvider(
  db: Executor,
  orgId: string,
  idpId: string,
  page: { prefix: string; after: string; limit: number },
): Promise<ExternalIdentity[]> {
  const { rows } = await db.query<ExternalIdentity>({
    text: `select ${COLUMNS} from external_identities where org_id = $1 and idp_id = $2 and user_id > $3 and starts_with(subject, $4)
           order by user_id limit ${page.limit}`,
    values: [orgId, idpId, page.after, page.prefix],
  });
  return rows;
}

export async function countLinks(db: Executor, orgId: string, idpId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    text: 'select count(*)::int as count from external_identities where org_id = $1 and idp_id = $2',
    values: [orgId, idpId],
  });
  return rows[0]?.count ?? 0;
}

/** False when the subject or the user has a link at this provider already. */
export async function insertLink(tx: Executor, orgId: string, link: ExternalIdentity): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into external_identities (org_id, idp_id, issuer, subject, user_id, profile, created, last_updated)
           values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict do nothing`,
    values: [orgId, link.idpId, link.issuer, link.subject, link.userId, JSON.stringify(link.profile), link.created],
  });
  return rowCount === 1;
}

export async function deleteLink(
  tx: Executor,
  orgId: string,
  idpId: string,
  userId: string,
): Promise<ExternalIdentity | null> {
  const { rows } = await tx.query<ExternalIdentity>({
    text: `delete from external_identities where org_id = $1 and idp_id = $2 and user_id = $3 returning ${COLUMNS}`,
    values: [orgId, idpId, userId],
  });
  return rows[0] ?? null;
}

export async function deleteLinksOfProvider(tx: Executor, orgId: string, idpId: string): Promise<void> {
  await tx.query({ text: 'delete from external_identities where org_id = $1 and idp_id = $2', values: [orgId, idpId] });
}

/** Removes a deleted user's links and remembers their keys (security.md L10). */
export async function buryLinksOfUser(tx: Executor, orgId: string, userId: string, at: Date): Promise<void> {
  await tx.query({
    text: `with removed as (delete from external_identities where org_id = $1 and user_id = $2 returning idp_id, issuer, subject)
           insert into tombstones (org_id, kind, key, deleted) select $1, 'external_identity', idp_id || E'\\n' || issuer || E'\\n' || subject, $3 from removed
           on conflict (org_id, kind, key) do update set deleted = excluded.deleted`,
    values: [orgId, userId, at],
  });
}
