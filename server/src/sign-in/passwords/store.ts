/** The SQL of `password_attempts`: guesses per login, counted before the password is looked at, so that a race gains nothing. */
import type { Executor } from '../../database/index.ts';

export interface AttemptLimits {
  /** This many wrong passwords are free within the window. */
  failures: number;
  windowMs: number;
  /** The wait after that many; it doubles with each further one. */
  firstDelayMs: number;
  longestDelayMs: number;
}

/** How long a run of wrong passwords is remembered after the last one: of a login that somebody has, and of any other. */
export interface AttemptMemory {
  ofUser: Date;
  ofNobody: Date;
}

/**
 * Takes one guess: counted as a failure until `clearAttempts` says otherwise. A run of failures is forgotten a window after it began, or,
 * once it has led to a wait, a window after the wait was over; how many there were since the right password is not.
 */
const TAKE = `with taken as (
  insert into password_attempts as a (org_id, key, failures, consecutive, first_failure, last_failure) values ($1, $2, 1, 1, $3, $3)
  on conflict (org_id, key) do update set (failures, consecutive, first_failure, last_failure, blocked_until) = (
    select n, a.consecutive + 1, case when n = 1 then $3 else a.first_failure end, $3,
      case when n >= $4 then $3 + least($7::float8, $6::float8 * power(2, least(n - $4, 30))) * interval '1 millisecond' end
    from (select case
      when a.failures < $4 and a.first_failure <= $3 - $5 * interval '1 millisecond' then 1
      when a.failures >= $4 and greatest(a.last_failure, a.blocked_until) <= $3 - $5 * interval '1 millisecond' then 1
      else a.failures + 1 end as n) counted)
  where a.blocked_until is null or a.blocked_until <= $3
  returning a.consecutive)
select (select consecutive from taken), (select blocked_until from password_attempts where org_id = $1 and key = $2) as until`;

/** `consecutive`: with this one. `until`: when the next guess may be made, where this one was not allowed. */
export async function takeAttempt(
  db: Executor,
  orgId: string,
  key: string,
  at: Date,
  limits: AttemptLimits,
): Promise<{ allowed: true; consecutive: number } | { allowed: false; until: Date | null }> {
  const { rows } = await db.query<{ consecutive: number | null; until: Date | null }>({
    name: 'password_attempt_take',
    text: TAKE,
    values: [orgId, key, at, limits.failures, limits.windowMs, limits.firstDelayMs, limits.longestDelayMs],
  });
  const { consecutive = null, until = null } = rows[0] ?? {};
  return consecutive === null ? { allowed: false, until } : { allowed: true, consecutive };
}

/** After the right password. */
export async function clearAttempts(db: Executor, orgId: string, key: string): Promise<void> {
  await db.query({
    name: 'password_attempts_clear',
    text: 'delete from password_attempts where org_id = $1 and key = $2',
    values: [orgId, key],
  });
}

/** After the password was set anew, or by an administrator; true where guesses had led to a wait that is not over. */
export async function forgetGuesses(tx: Executor, orgId: string, loginKey: string, at: Date): Promise<boolean> {
  const { rows } = await tx.query<{ waits: boolean | null }>({
    text: 'delete from password_attempts where org_id = $1 and key = $2 returning blocked_until > $3 as waits',
    values: [orgId, loginKey, at],
  });
  return rows[0]?.waits === true;
}

/** Gives one guess back: the password was not looked at. */
export async function returnAttempt(db: Executor, orgId: string, key: string): Promise<void> {
  await db.query({
    name: 'password_attempt_return',
    text: 'update password_attempts set failures = failures - 1, consecutive = consecutive - 1, blocked_until = null where org_id = $1 and key = $2 and failures > 0',
    values: [orgId, key],
  });
}

/** Removes counters without a failure or wait since the dates; returns how many. What nobody can have is not kept for long. */
export async function purgePasswordAttempts(db: Executor, { ofUser, ofNobody }: AttemptMemory): Promise<number> {
  const { rowCount } = await db.query({
    text: `delete from password_attempts a where greatest(last_failure, blocked_until) < $1 and (
             greatest(last_failure, blocked_until) < $2
             or not exists (select 1 from users u where u.org_id = a.org_id and u.login_key = a.key))`,
    values: [ofNobody, ofUser],
  });
  return rowCount;
}
