/**
 * The sign-in's commit: user, link, memberships, mapped attributes, session, grant, used-up transaction and log events in ONE
 * statement (docs/decisions: the sign-in commit crosses stores). Parts that a sign-in does not need are left out of the text, so a
 * known, unchanged person costs four writes. The guard makes the statement fail as a whole when what it was decided on has changed.
 */
import type { Executor } from '../../database/index.ts';
import { sha256 } from '../../shared/secrets.ts';
import { joinGroups, leaveGroups } from './memberships/sql.ts';

export type Part =
  | { part: 'once'; rows: { key: string; until: Date }[] }
  /** Before any part that writes by this schema: its version as it was decided on, kept until the commit is done. */
  | { part: 'schema'; id: string; version: number }
  | { part: 'create-user'; row: Record<string, unknown> }
  | { part: 'touch-user'; userId: string; version: number; at: Date }
  | { part: 'change-user'; userId: string; version: number; at: Date; set: UserChange }
  | {
      part: 'link';
      row: { idp_id: string; issuer: string; subject: string; user_id: string; profile: unknown; at: Date };
      /** The user who had the link and is not there any more. */
      instead?: string | null;
    }
  | {
      part: 'source';
      row: { user_id: string; source_id: string; values: unknown; origins: unknown; trace_id: string; at: Date };
    }
  | {
      part: 'unique-values';
      userId: string;
      schemaId: string;
      changed: string[];
      rows: { attribute: string; value_key: string; is_unique: boolean }[];
    }
  /** Groups that the provider gives, and what group rules give. */
  | { part: 'join-groups'; userId: string; groupIds: string[]; gifts?: Gift[]; at: Date }
  /** Groups that the provider takes away, and gifts of rules that end: a membership that only they gave ends with them. */
  | { part: 'leave-groups'; userId: string; groupIds: string[]; gifts?: Gift[]; at: Date }
  | { part: 'session'; row: Record<string, unknown> }
  | { part: 'end-session'; secretSha256: Uint8Array; at: Date }
  | { part: 'drop-sessions'; userId: string; at: Date }
  | { part: 'revoke-grants'; userId: string; at: Date }
  /** Links to set a password. */
  | { part: 'drop-links'; userId: string }
  | { part: 'sql'; name: string; sql: (parameter: string) => string; value: unknown };

export interface Gift {
  ruleId: string;
  groupId: string;
}

export interface UserChange {
  status?: string;
  profile?: unknown;
  loginKey?: string;
  emailKey?: string | null;
  emailVerified?: boolean;
  dropPassword?: boolean;
}

export interface Guard {
  configurationVersion: number;
}

/** The commit could not be made as decided. `retry`: read again and decide again; `replay`: the transaction was used before. */
export class CommitConflict extends Error {
  readonly kind: 'retry' | 'replay' | 'login-taken' | 'value-taken';
  /** What the database says of the row that was in the way; '' where it says nothing. */
  get detail(): string {
    return String((this.cause as { detail?: unknown })?.detail ?? '');
  }

  constructor(kind: CommitConflict['kind'], cause: unknown) {
    super(`The sign-in's commit was refused: ${kind}.`, { cause });
    this.kind = kind;
  }
}

/** `guard`: null where nothing was decided on configuration (a password). Throws `CommitConflict`; then nothing was written. */
export async function commitSignIn(
  db: Executor,
  orgId: string,
  parts: readonly Part[],
  guard: Guard | null,
): Promise<void> {
  const values: unknown[] = guard === null ? [orgId] : [orgId, guard.configurationVersion];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const clauses = parts.map((part, index) => `p${index} as (${clauseOf(part, bind)})`);
  const guards = parts.flatMap((part, index) => (GUARDED.has(part.part) ? [`(select count(*) from p${index})`] : []));
  // Division by zero aborts the whole statement: the only way for one statement to undo itself.
  const held = [
    `(select count(*) from orgs where id = $1${guard === null ? '' : ' and config_version = $2'})`,
    ...guards,
  ].join(' * ');
  const text = `with ${clauses.join(',\n')}\nselect 1 / (${held}) as held`;
  try {
    await db.query({
      name: nameOf(`${guard === null ? '' : 'guarded '}${parts.map(shapeOf).join(' ')}`),
      text,
      values,
    });
  } catch (error) {
    throw conflictOf(error) ?? error;
  }
}

/**
 * Parts that must have touched exactly one row: the schema and the user as read, the link, to nobody else and at a provider that is there,
 * and groups to be joined.
 */
const GUARDED = new Set<Part['part']>(['schema', 'touch-user', 'change-user', 'link', 'join-groups']);

/** PostgreSQL tells names of prepared statements apart by their first 63 bytes only. */
const nameOf = (shape: string) => `sign_in_commit_${sha256(shape).toString('base64url').slice(0, 22)}`;

/** One shape per text: the parts, and which columns a change sets. */
function shapeOf(part: Part): string {
  if (part.part === 'sql') return part.name;
  return part.part === 'change-user' ? `change(${Object.keys(part.set).sort().join('+')})` : part.part;
}

export type Bind = (value: unknown) => string;

function clauseOf(part: Part, bind: Bind): string {
  switch (part.part) {
    case 'once':
      return `insert into consumed_once (org_id, key, until) select $1, key, until from jsonb_to_recordset(${bind(JSON.stringify(part.rows))}::jsonb) as r(key text, until timestamptz)`;
    case 'schema':
      // Waits for a change that is under way, and then looks at the version again.
      return `select 1 from profile_schemas where org_id = $1 and id = ${bind(part.id)} and version = ${bind(part.version)} for share`;
    case 'create-user':
      return `insert into users select * from jsonb_populate_record(null::users, ${bind(JSON.stringify(part.row))}::jsonb)`;
    case 'touch-user':
      return `update users set last_login = ${bind(part.at)} where org_id = $1 and id = ${bind(part.userId)} and version = ${bind(part.version)} returning 1`;
    case 'change-user':
      return changeUser(part, bind);
    case 'link':
      return `insert into external_identities (org_id, idp_id, issuer, subject, user_id, profile, created, last_updated, last_sign_in)
        select $1, p.id, ${bind(part.row.issuer)}, ${bind(part.row.subject)}, ${bind(part.row.user_id)}, ${bind(JSON.stringify(part.row.profile))}::jsonb, t.at, t.at, t.at
        from (select ${bind(part.row.at)}::timestamptz as at) t, identity_providers p where p.org_id = $1 and p.id = ${bind(part.row.idp_id)} for key share of p
        on conflict (org_id, idp_id, issuer, subject) do update set user_id = excluded.user_id, profile = excluded.profile, last_updated = excluded.last_updated, last_sign_in = excluded.last_sign_in
        where external_identities.user_id in (excluded.user_id, ${bind(part.instead ?? null)}) returning 1`;
    case 'source':
      // The origins of values that did not change stay.
      return `insert into user_profile_sources (org_id, user_id, source_id, "values", origins, trace_id, last_updated)
        values ($1, ${bind(part.row.user_id)}, ${bind(part.row.source_id)}, ${bind(JSON.stringify(part.row.values))}::jsonb, ${bind(JSON.stringify(part.row.origins))}::jsonb, ${bind(part.row.trace_id)}, ${bind(part.row.at)})
        on conflict (org_id, user_id, source_id) do update set "values" = excluded."values", origins = user_profile_sources.origins || excluded.origins,
          trace_id = excluded.trace_id, last_updated = excluded.last_updated, released = null`;
    case 'unique-values':
      return uniqueValues(part, bind);
    case 'join-groups':
      return joinGroups(part, bind);
    case 'leave-groups':
      return leaveGroups(part, bind);
    case 'session':
      return `insert into sessions select * from jsonb_populate_record(null::sessions, ${bind(JSON.stringify(part.row))}::jsonb)`;
    case 'end-session':
      return `update sessions set ended = ${bind(part.at)} where org_id = $1 and secret_sha256 = ${bind(part.secretSha256)} and ended is null`;
    case 'drop-sessions':
      return `update sessions set ended = ${bind(part.at)} where org_id = $1 and user_id = ${bind(part.userId)} and ended is null`;
    case 'revoke-grants':
      return `update grants set revoked = ${bind(part.at)} where org_id = $1 and user_id = ${bind(part.userId)} and revoked is null`;
    case 'drop-links':
      return `delete from user_tokens where org_id = $1 and user_id = ${bind(part.userId)}`;
    case 'sql':
      return part.sql(bind(part.value));
  }
}

function changeUser(part: Extract<Part, { part: 'change-user' }>, bind: Bind): string {
  const { set } = part;
  const at = bind(part.at);
  const assignments = [`last_login = ${at}`, `last_updated = ${at}`, 'version = version + 1'];
  if (set.status !== undefined) {
    assignments.push(
      `status = ${bind(set.status)}`,
      `status_changed = ${at}`,
      `activated = coalesce(activated, ${at})`,
    );
  }
  if (set.profile !== undefined) assignments.push(`profile = ${bind(JSON.stringify(set.profile))}::jsonb`);
  if (set.loginKey !== undefined) assignments.push(`login_key = ${bind(set.loginKey)}`);
  if (set.emailKey !== undefined) assignments.push(`email_key = ${bind(set.emailKey)}`);
  if (set.emailVerified !== undefined) assignments.push(`email_verified = ${bind(set.emailVerified)}`);
  if (set.dropPassword === true) assignments.push('password_hash = null', `password_changed = ${at}`);
  return `update users set ${assignments.join(', ')} where org_id = $1 and id = ${bind(part.userId)} and version = ${bind(part.version)} returning 1`;
}

function uniqueValues(part: Extract<Part, { part: 'unique-values' }>, bind: Bind): string {
  const schema = bind(part.schemaId);
  const user = bind(part.userId);
  const rows = bind(JSON.stringify(part.rows));
  return `insert into attribute_values (org_id, schema_id, attribute, value_key, user_id, is_unique)
    select $1, ${schema}, attribute, value_key, ${user}, is_unique from jsonb_to_recordset(${rows}::jsonb) as r(attribute text, value_key text, is_unique boolean)
    where not exists (select 1 from attribute_values v where v.org_id = $1 and v.schema_id = ${schema} and v.attribute = r.attribute and v.value_key = r.value_key and v.user_id = ${user})
  ), cleared_values as (
    delete from attribute_values v where v.org_id = $1 and v.user_id = ${user} and v.schema_id = ${schema} and v.attribute = any(${bind(part.changed)}::text[])
      and not exists (select 1 from jsonb_to_recordset(${rows}::jsonb) as r(attribute text, value_key text) where r.attribute = v.attribute and r.value_key = v.value_key)`;
}

const CONSTRAINTS: Record<string, CommitConflict['kind']> = {
  consumed_once_pkey: 'replay',
  users_login: 'login-taken',
  attribute_values_unique: 'value-taken',
  external_identities_user: 'retry',
  external_identities_pkey: 'retry',
};

/** The guard's division by zero; and a deadlock or a serialization failure: another change was at the same rows. */
const UNDONE: ReadonlySet<string> = new Set(['22012', '40P01', '40001']);

function conflictOf(error: unknown): CommitConflict | null {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== undefined && UNDONE.has(code)) return new CommitConflict('retry', error);
  const kind = code === '23505' && constraint !== undefined ? CONSTRAINTS[constraint] : undefined;
  return kind === undefined ? null : new CommitConflict(kind, error);
}
