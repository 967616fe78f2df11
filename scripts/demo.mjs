// The demo: starts the hub, seeds its org over HTTP, starts sandboxes and sample application, says where to click, ends all in order.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { ended, onSignals, startNode } from './children.mjs';
import { buildConsole } from './console.mjs';
import { Refusal, ROOT } from './launch.mjs';

const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 20_000;

export async function runDemo() {
  await buildConsole();
  const demo = demoSettings(process.env);
  const running = [];
  const start = (name, file, env) => {
    const child = startChild(name, file, env);
    running.push(child);
    return child;
  };
  let stopping = false;
  const stopAll = async (code) => {
    stopping = true;
    for (const child of running.reverse()) await stopChild(child);
    process.exit(code);
  };
  onSignals(
    () => stopAll(0),
    () => {
      for (const child of running) child.kill('SIGKILL');
    },
  );
  try {
    const hub = start('hub', 'server/src/main.ts', demo.hubEnv);
    await says(/ is ready: /, hub);
    const seeded = await seed(demo);
    const sandbox = start('sandbox', 'sandbox/src/main.ts', demo.sandboxEnv(seeded));
    await says(/^Sample application on /, sandbox);
    process.stdout.write(sheet(demo, seeded));
    const code = await Promise.race(running.map(({ exit }) => exit));
    if (!stopping) await stopAll(code || 1);
  } catch (error) {
    if (stopping) return;
    process.stderr.write(`${error instanceof Refusal ? error.message : error.stack}\n`);
    await stopAll(1);
  }
}

/** Everything that the demo adds to the environment; what the environment already says wins. */
function demoSettings(env) {
  const url = (env.GATEHOUSE_URL || 'http://localhost:3000').replace(/\/$/, '');
  const idmeUrl = `http://localhost:${env.IDME_PORT || 3030}`;
  const sampleUrl = `http://localhost:${env.SAMPLE_PORT || 3010}`;
  const secrets = demoSecrets(resolve(ROOT, env.GATEHOUSE_DATA_DIR || '.gatehouse'));
  const apiToken = env.GATEHOUSE_API_TOKEN || secrets.apiToken;
  const adminPassword = env.GATEHOUSE_ADMIN_PASSWORD || secrets.adminPassword;
  return {
    url,
    idmeUrl,
    sampleUrl,
    adminEmail: env.GATEHOUSE_ADMIN_EMAIL || 'admin@example.com',
    adminPassword,
    hubEnv: {
      ...env,
      GATEHOUSE_URL: url,
      GATEHOUSE_API_TOKEN: apiToken,
      GATEHOUSE_ADMIN_PASSWORD: adminPassword,
      GATEHOUSE_ALLOW_EGRESS: env.GATEHOUSE_ALLOW_EGRESS || new URL(idmeUrl).host,
    },
    seedEnv: {
      ...env,
      GATEHOUSE_URL: url,
      GATEHOUSE_API_TOKEN: apiToken,
      IDME_URL: idmeUrl,
      IDME_CLIENT_ID: secrets.idmeClientId,
      IDME_CLIENT_SECRET: secrets.idmeClientSecret,
      SAMPLE_URL: sampleUrl,
      SAMPLE_CLIENT_SECRET: secrets.sampleClientSecret,
    },
    sandboxEnv: ({ sampleClientId, idpId }) => ({
      ...env,
      IDME_PORT: new URL(idmeUrl).port,
      IDME_CLIENTS: JSON.stringify([
        {
          client_id: secrets.idmeClientId,
          client_secret: secrets.idmeClientSecret,
          client_name: 'Gatehouse',
          redirect_uris: [`${url}/oauth2/v1/authorize/callback`, `${url}/oauth2/v1/authorize/callback/${idpId}`],
          policies: ['nist_aal2_ial2'],
        },
      ]),
      SAMPLE_PORT: new URL(sampleUrl).port,
      SAMPLE_ISSUER: url,
      SAMPLE_CLIENT_ID: sampleClientId,
      SAMPLE_CLIENT_SECRET: secrets.sampleClientSecret,
    }),
  };
}

/** Generated once into the data directory, readable by its owner alone, so that every start finds the same. */
function demoSecrets(dataDir) {
  const file = join(dataDir, 'demo.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT')
      throw new Refusal(
        `${file} cannot be read (${error.message}): remove it together with the data directory to start anew.`,
      );
  }
  const secrets = {
    adminPassword: randomBytes(12).toString('base64url'),
    apiToken: randomBytes(24).toString('hex'),
    idmeClientId: randomBytes(16).toString('hex'),
    idmeClientSecret: randomBytes(24).toString('hex'),
    sampleClientSecret: randomBytes(24).toString('hex'),
  };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** A child in a process group of its own (a Ctrl-C reaches it through us, in order), its lines under its name. */
function startChild(name, file, env, onLine = print(name)) {
  const child = startNode(process.execPath, [join(ROOT, file)], { env, cwd: ROOT, output: 'pipe', ownGroup: true });
  child.lines = createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', onLine);
  child.exit = ended(child);
  return child;
}

function print(name) {
  return (line) => process.stdout.write(`${name.padEnd(8)}| ${line}\n`);
}

/**
 * Resolves when the program prints such a line (an answer at its port may be another program's). A Refusal when it ends before, or takes
 * too long.
 */
async function says(pattern, child) {
  const said = new Promise((resolve) => child.lines.on('line', (line) => pattern.test(line) && resolve('said')));
  const late = pause(READY_WITHIN_MS, 'late', { ref: false });
  const outcome = await Promise.race([said, child.exit, late]);
  if (outcome === 'late')
    throw new Refusal(`A program of the demo was not ready within ${READY_WITHIN_MS / 1000} seconds.`);
  if (outcome !== 'said')
    throw new Refusal('The demo stops, because one of its programs ended: its reason stands above.');
}

/** The seed's last line is what it made, as JSON. */
async function seed(demo) {
  const lines = [];
  const child = startChild('seed', 'sandbox/src/demo/seed.ts', demo.seedEnv, (line) => lines.push(line));
  const code = await child.exit;
  if (code === 0) return JSON.parse(lines.at(-1));
  for (const line of lines) print('seed')(line);
  throw new Refusal(
    'The demo could not be seeded. Where the data directory was not made by npm start, name another one in GATEHOUSE_DATA_DIR, or its API token in GATEHOUSE_API_TOKEN.',
  );
}

async function stopChild(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await child.exit;
  clearTimeout(late);
}

function sheet({ url, idmeUrl, sampleUrl, adminEmail, adminPassword }, { idpId, sampleClientId }) {
  const inspect = `${url}/oauth2/v1/authorize?client_id=${sampleClientId}&idp=${idpId}&redirect_uri=${encodeURIComponent(`${sampleUrl}/inspector`)}&response_type=id_token&response_mode=form_post&scope=openid%20profile%20email&state=abc123&nonce=n-1`;
  const lines = [
    'The demo is ready.',
    '',
    `1. Sign in to the sample application with ID.me   ${sampleUrl}`,
    '   Follow "Sign in", choose or create a person at the sandbox, and see the tokens that the application gets.',
    `2. Sign in to the portal                          ${url}`,
    '   Press "Sign in with ID.me (demo)".',
    `3. Look at what happened                          ${url}/admin`,
    `   Administrator ${adminEmail}, password ${adminPassword}`,
    '4. Inspect an ID token, as the ID.me guide does it',
    `   ${inspect}`,
    '',
    `The ID.me sandbox    ${idmeUrl}`,
    'Ctrl-C ends everything; the data stays for the next start.',
  ];
  return `\n${lines.map((line) => `  ${line}\n`).join('')}\n`;
}
