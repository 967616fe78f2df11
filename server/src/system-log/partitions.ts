/** The System Log's daily partitions: made ahead, dropped after the retention. Rows of a day without one go to the default partition. */
import type { Database } from '../database/index.ts';
import { after, DAY } from '../shared/clock.ts';

const DAYS_AHEAD = 3;
export const RETENTION_DAYS = 90;

const nameOf = (day: Date) => `system_log_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
const startOfDay = (at: Date) => new Date(Math.floor(at.getTime() / DAY) * DAY);

/** Makes today's and the next days' partitions where the default one holds no row of the day, and drops those past the retention. */
export async function maintainPartitions(db: Database, now: Date): Promise<{ created: string[]; dropped: string[] }> {
  const { rows } = await db.query<{ name: string }>({
    text: `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'system_log'::regclass`,
    values: [],
  });
  const existing = new Set(rows.map((row) => row.name));
  const created: string[] = [];
  for (let offset = 0; offset <= DAYS_AHEAD; offset++) {
    const day = after(startOfDay(now), offset * DAY);
    if (!existing.has(nameOf(day)) && (await createPartition(db, day))) created.push(nameOf(day));
  }
  const oldest = nameOf(after(startOfDay(now), -RETENTION_DAYS * DAY));
  const dropped = [...existing].filter((name) => /^system_log_\d{8}$/.test(name) && name < oldest);
  for (const name of dropped) await db.query({ text: `drop table if exists ${name}`, values: [] });
  await db.query({
    text: 'delete from system_log_default where published < $1',
    values: [after(now, -RETENTION_DAYS * DAY)],
  });
  return { created, dropped };
}

/** False where the day has rows in the default partition already, or another hub was quicker. */
async function createPartition(db: Database, day: Date): Promise<boolean> {
  const [from, to] = [day, after(day, DAY)].map((time) => time.toISOString());
  try {
    await db.query({
      text: `create table if not exists ${nameOf(day)} partition of system_log for values from ('${from}') to ('${to}')`,
      values: [],
    });
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '23514' || code === '42P07' || code === '23505') return false;
    throw error;
  }
}
