/** Brokered OIDC sign-ins of known users, end to end: what one costs the hub and PostgreSQL, and what memory the hub settles at. */
import type pg from 'pg';
import { type Client, signIn } from './flow.ts';
import { type Bench, startBench } from './hub.ts';
import { median, quantile, round, signatureMilliseconds } from './measure.ts';
import { cpuSeconds, cpuSecondsOfTree, residentMiB } from './processes.ts';

const ROUNDS = 5;
const SECONDS = 4;
const IN_FLIGHT = 8;
const WARM_UP = 1_500;
const MEMORY_STEPS = [2_000, 10_000, 14_000, 18_000];

interface Figures {
  hub: number;
  postgres: number;
  signature: number;
  perSecond: number;
  statements: number;
  requests: number;
  p50: number;
  p99: number;
}

export async function benchSignIns(): Promise<void> {
  const bench = await startBench();
  try {
    console.log('Brokered OIDC sign-ins (authorize → provider → callback → token), known users, warm');
    console.log(`  resident memory at rest: ${residentMiB(bench.hubPid).toFixed(0)} MiB`);
    for (const client of Object.values(bench.clients))
      await round(() => signIn(client), { inFlight: IN_FLIGHT, count: WARM_UP });
    // What autovacuum does within a minute of a table's growth: until then statements are planned for the empty tables of a new database.
    await bench.database.query('analyze');
    for (const client of Object.values(bench.clients))
      await round(() => signIn(client), { inFlight: IN_FLIGHT, count: WARM_UP });
    const rounds: Record<'RS256' | 'ES256', Figures[]> = { RS256: [], ES256: [] };
    for (let i = 1; i <= ROUNDS; i++) {
      for (const alg of ['RS256', 'ES256'] as const) rounds[alg].push(await measured(bench, bench.clients[alg]));
      console.log(`  round ${i} of ${ROUNDS}: ${rounds.RS256.at(-1)!.perSecond.toFixed(0)} sign-ins/s`);
    }
    report('ID tokens signed by RS256-2048', rounds.RS256);
    report('ID tokens signed by ES256', rounds.ES256);
    await memory(bench.clients.RS256, bench.hubPid);
  } finally {
    await bench.stop();
  }
}

async function committed(database: pg.Client): Promise<number> {
  await database.query('select pg_stat_clear_snapshot()');
  const { rows } = await database.query<{ count: string }>(
    'select xact_commit as count from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0]!.count);
}

/** The server's processes publish their counters about once a second. */
const counted = () => new Promise((resolve) => setTimeout(resolve, 1_200));

/** Both ends of the measurement stand after a pause, so that a round's late writes (traces) and statements are its own. */
async function measured({ hubPid, postmaster, database }: Bench, client: Client): Promise<Figures> {
  const signature = signatureMilliseconds();
  await counted();
  const before = {
    statements: await committed(database),
    hub: cpuSeconds(hubPid),
    postgres: cpuSecondsOfTree(postmaster),
  };
  let requests = 0;
  const work = async () => {
    const made = await signIn(client);
    requests += made;
  };
  const { count, seconds, latencies } = await round(work, { inFlight: IN_FLIGHT, seconds: SECONDS });
  await counted();
  return {
    hub: ((cpuSeconds(hubPid) - before.hub) * 1000) / count,
    postgres: ((cpuSecondsOfTree(postmaster) - before.postgres) * 1000) / count,
    signature,
    perSecond: count / seconds,
    // The two readings of the counters are transactions of this process.
    statements: ((await committed(database)) - before.statements - 2) / count,
    requests: requests / count,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

function report(title: string, rounds: readonly Figures[]): void {
  const line = (label: string, pick: (figures: Figures) => number, unit: string, digits = 2) => {
    const values = rounds.map(pick);
    console.log(
      `  ${label.padEnd(46)} ${median(values).toFixed(digits).padStart(9)} ${unit.padEnd(4)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`,
    );
  };
  console.log(title);
  line('sign-ins per second, one hub process', (f) => f.perSecond, '/s', 0);
  line('latency, median', (f) => f.p50, 'ms');
  line('latency, p99', (f) => f.p99, 'ms');
  line('CPU of the hub per sign-in', (f) => f.hub, 'ms');
  line('CPU of PostgreSQL per sign-in', (f) => f.postgres, 'ms');
  line('statements (transactions) per sign-in', (f) => f.statements, '');
  line('HTTP requests to the hub per sign-in', (f) => f.requests, '', 0);
  line('CPU of one RS256-2048 signature (control)', (f) => f.signature, 'ms', 3);
  line('hub + PostgreSQL, in RS256 signatures (goal ≤ 5)', (f) => (f.hub + f.postgres) / f.signature, '×');
}

async function memory(client: Client, hubPid: number): Promise<void> {
  console.log('Resident memory of the hub');
  let done = 0;
  for (const step of MEMORY_STEPS) {
    await round(() => signIn(client), { inFlight: IN_FLIGHT, count: step - done });
    done = step;
    console.log(`  after ${String(step).padStart(6)} more sign-ins ${residentMiB(hubPid).toFixed(0).padStart(5)} MiB`);
  }
}
