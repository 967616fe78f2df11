/** Import of users and memberships from CSV against the same users created one by one through the management API, in the same run. */
import { manage } from './flow.ts';
import { type Bench, startBench } from './hub.ts';
import { median, round } from './measure.ts';
import { cpuSeconds, cpuSecondsOfTree } from './processes.ts';

const ROUNDS = 3;
const ROWS_A_ROUND = 10_000;
const ONE_BY_ONE = 600;
const IN_FLIGHT = 4;
const ROWS = 100_000;
const GROUPS = 20;
const IMPORTS = '/api/gatehouse/v1/imports';
const HEADER = 'login,email,firstName,lastName,department,city,employeeNumber,mobilePhone,groups';

interface Phase {
  seconds: number;
  hub: number;
  postgres: number;
}

let next = 0;

export async function benchCsvImport(): Promise<void> {
  const bench = await startBench();
  try {
    await manage(bench.hub, bench.token, 'PUT', '/api/gatehouse/v1/org/settings', { requestsPerMinute: 100_000 });
    const groupIds = await createGroups(bench);
    console.log(`Users with eight attributes and a membership each, in ${GROUPS} groups`);
    await importFile(bench, 2_000);
    const ratios: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      await bench.database.query('analyze');
      const single = await measured(bench, () =>
        round(() => createOne(bench, groupIds), { inFlight: IN_FLIGHT, count: ONE_BY_ONE }),
      );
      const phases = await importFile(bench, ROWS_A_ROUND);
      const [slow, fast] = [ONE_BY_ONE / single.seconds, ROWS_A_ROUND / phases.run.seconds];
      ratios.push(fast / slow);
      line(`one by one, ${IN_FLIGHT} in flight`, ONE_BY_ONE, single);
      line(`import of ${ROWS_A_ROUND} rows`, ROWS_A_ROUND, phases.run);
    }
    console.log(
      `  import against one by one: ${median(ratios).toFixed(1)} × (${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)})`,
    );
    const phases = await importFile(bench, ROWS);
    line(`${ROWS} rows: upload`, ROWS, phases.upload);
    line(`${ROWS} rows: check`, ROWS, phases.check);
    line(`${ROWS} rows: import`, ROWS, phases.run);
    line(`${ROWS} rows: the same import again`, ROWS, phases.again);
    const { rows } = await bench.database.query<{ users: string }>('select count(*) as users from users');
    console.log(`  users in the directory at the end: ${rows[0]!.users}`);
  } finally {
    await bench.stop();
  }
}

function line(label: string, users: number, { seconds, hub, postgres }: Phase): void {
  const each = (cpu: number) => `${((cpu * 1000) / users).toFixed(3)} ms`;
  console.log(
    `  ${label.padEnd(40)} ${Math.round(users / seconds)
      .toString()
      .padStart(6)} users/s, CPU per user: hub ${each(hub)}, PostgreSQL ${each(postgres)}`,
  );
}

async function measured(bench: Bench, work: () => Promise<unknown>): Promise<Phase> {
  const before = { hub: cpuSeconds(bench.hubPid), postgres: cpuSecondsOfTree(bench.postmaster) };
  const start = performance.now();
  await work();
  return {
    seconds: (performance.now() - start) / 1000,
    hub: cpuSeconds(bench.hubPid) - before.hub,
    postgres: cpuSecondsOfTree(bench.postmaster) - before.postgres,
  };
}

async function createGroups({ hub, token }: Bench): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < GROUPS; i++) {
    const { id } = await manage<{ id: string }>(hub, token, 'POST', '/api/v1/groups', {
      profile: { name: `Team ${i}` },
    });
    ids.push(id);
  }
  return ids;
}

/** The values of somebody who is not there yet. */
function somebody() {
  const n = ++next;
  const login = `person${n}@example.com`;
  const profile = { login, email: login, firstName: `First${n % 997}`, lastName: `Last${n % 1999}` };
  const more = { department: `D${n % 40}`, city: `City${n % 200}`, employeeNumber: String(n), mobilePhone: `0301${n}` };
  return { profile: { ...profile, ...more }, group: n % GROUPS };
}

async function createOne({ hub, token }: Bench, groupIds: readonly string[]): Promise<void> {
  const { profile, group } = somebody();
  await manage(hub, token, 'POST', '/api/v1/users', { profile, groupIds: [groupIds[group]] });
}

async function importFile(bench: Bench, rows: number): Promise<Record<'upload' | 'check' | 'run' | 'again', Phase>> {
  const { hub, token } = bench;
  const lines = Array.from({ length: rows }, () => {
    const { profile, group } = somebody();
    return [...Object.values(profile), `Team ${group}`].join(',');
  });
  const { id } = await manage<{ id: string }>(hub, token, 'POST', IMPORTS, {});
  const upload = await measured(bench, async () => {
    const answer = await fetch(`${hub}${IMPORTS}/${id}/file`, {
      method: 'PUT',
      headers: { authorization: `SSWS ${token}`, 'content-type': 'text/csv' },
      body: `${HEADER}\n${lines.join('\n')}\n`,
    });
    if (!answer.ok) throw new Error(`The file was refused: ${await answer.text()}`);
  });
  const phase = (verb: string, status: string) =>
    measured(bench, async () => {
      await manage(hub, token, 'POST', `${IMPORTS}/${id}/${verb}`);
      await until(bench, id, status);
    });
  const check = await phase('dry-run', 'CHECKED');
  const run = await phase('run', 'COMPLETED');
  const again = await phase('run', 'COMPLETED');
  return { upload, check, run, again };
}

async function until({ database }: Bench, id: string, status: string): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ status: string }>('select status from imports where id = $1', [id]);
    if (rows[0]?.status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
