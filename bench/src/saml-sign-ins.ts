/** Brokered SAML sign-ins of known users into the portal: what one costs the hub and PostgreSQL. The load plays browser and provider. */
import { responseXml, rsaKeys, signXml } from '../../server/test/support/saml-signer.ts';
import { manage } from './flow.ts';
import { type Bench, startBench } from './hub.ts';
import { median, round } from './measure.ts';
import { cpuSeconds, cpuSecondsOfTree } from './processes.ts';

const ROUNDS = 4;
const SECONDS = 4;
const IN_FLIGHT = 4;
const WARM_UP = 300;
const USERS = 200;

const keys = rsaKeys();
let turn = 0;

export async function benchSamlSignIns(): Promise<void> {
  const bench = await startBench();
  try {
    const provider = await configure(bench);
    console.log('Brokered SAML sign-ins (start → provider → ACS), known users, signed assertions, warm');
    await round(() => signIn(bench.hub, provider), { inFlight: IN_FLIGHT, count: WARM_UP });
    await bench.database.query('analyze');
    await round(() => signIn(bench.hub, provider), { inFlight: IN_FLIGHT, count: WARM_UP });
    const rounds: { hub: number; postgres: number; perSecond: number }[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const before = { hub: cpuSeconds(bench.hubPid), postgres: cpuSecondsOfTree(bench.postmaster) };
      const { count, seconds } = await round(() => signIn(bench.hub, provider), {
        inFlight: IN_FLIGHT,
        seconds: SECONDS,
      });
      rounds.push({
        hub: ((cpuSeconds(bench.hubPid) - before.hub) * 1000) / count,
        postgres: ((cpuSecondsOfTree(bench.postmaster) - before.postgres) * 1000) / count,
        perSecond: count / seconds,
      });
    }
    const line = (label: string, values: number[], unit: string) =>
      console.log(
        `  ${label.padEnd(46)} ${median(values).toFixed(2).padStart(9)} ${unit} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`,
      );
    line(
      'CPU of the hub per sign-in',
      rounds.map((each) => each.hub),
      'ms',
    );
    line(
      'CPU of PostgreSQL per sign-in',
      rounds.map((each) => each.postgres),
      'ms',
    );
    line(
      'sign-ins per second (the load signs on the other core)',
      rounds.map((each) => each.perSecond),
      '/s',
    );
  } finally {
    await bench.stop();
  }
}

interface Provider {
  id: string;
  audience: string;
}

async function configure({ hub, token }: Bench): Promise<Provider> {
  const { kid } = await manage<{ kid: string }>(hub, token, 'POST', '/api/v1/idps/credentials/keys', {
    x5c: [keys.certificate],
  });
  const sso = { url: 'https://idp.example/sso', binding: 'HTTP-POST', destination: 'https://idp.example/sso' };
  const made = await manage<{ id: string; protocol: { credentials: { trust: { audience: string } } } }>(
    hub,
    token,
    'POST',
    '/api/v1/idps',
    {
      type: 'SAML2',
      name: 'Bench SAML',
      protocol: {
        type: 'SAML2',
        endpoints: { sso, acs: { binding: 'HTTP-POST', type: 'INSTANCE' } },
        credentials: { trust: { issuer: 'idp.example', kid } },
      },
      policy: {
        accountLink: { action: 'AUTO' },
        provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
        subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
      },
    },
  );
  return { id: made.id, audience: made.protocol.credentials.trust.audience };
}

async function signIn(hub: string, { id, audience }: Provider): Promise<void> {
  const start = await fetch(`${hub}/sso/idps/${id}`, { redirect: 'manual' });
  const page = await start.text();
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
  const request = Buffer.from(
    field('SAMLRequest').replaceAll('&#x2B;', '+').replaceAll('&#43;', '+'),
    'base64',
  ).toString();
  const requestId = / ID="([^"]+)"/.exec(request)?.[1] ?? '';
  const user = turn++ % USERS;
  const acsUrl = `${hub}/sso/saml2/${id}`;
  const xml = responseXml({
    issuer: 'idp.example',
    audience,
    acsUrl,
    now: new Date(),
    requestId,
    responseId: `_r${turn}`,
    assertionId: `_a${turn}x${process.pid}`,
    nameId: `bench-${user}`,
    attributes: { email: `saml${user}@example.com`, firstName: 'Ada', lastName: 'Lovelace' },
  });
  const back = await fetch(acsUrl, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      cookie: start.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; '),
    },
    body: new URLSearchParams({
      SAMLResponse: Buffer.from(signXml(xml, keys)).toString('base64'),
      RelayState: field('RelayState'),
    }),
  });
  if (back.headers.get('location') !== '/')
    throw new Error(
      `A SAML sign-in ended at ${back.headers.get('location')} with ${back.status}: ${(await back.text()).slice(0, 300)}`,
    );
  await back.arrayBuffer();
}
