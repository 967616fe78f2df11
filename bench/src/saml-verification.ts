/** What it costs to verify one SAML response, beside node-saml in the same rounds, and to refuse a hostile one. */
import { deflateRawSync } from 'node:zlib';
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { inflateMessage, type ResponseExpectation, verifyEncoded } from '../../server/src/protocol/saml/index.ts';
import {
  base64,
  encryptAssertion,
  pemOf,
  responseXml,
  rsaKeys,
  signXml,
} from '../../server/test/support/saml-signer.ts';
import { median, signatureMilliseconds } from './measure.ts';

const ROUNDS = 7;
const TIMES = 60;
const GOAL = 8;
const HOSTILE_GOAL_MS = 50;

const idp = rsaKeys();
const hub = rsaKeys();
const ACS = 'https://hub.example/sso/saml2/0oaBench';
const AUDIENCE = 'https://hub.example/saml2/service-provider/spBench';
const AES256_GCM = 'http://www.w3.org/2009/xmlenc11#aes256-gcm';

const expectation = (now: Date): ResponseExpectation => ({
  issuer: 'idp.example',
  audience: AUDIENCE,
  acsUrl: ACS,
  certificates: [
    { kid: 'bench', publicKey: idp.publicKey, notBefore: new Date(0), notAfter: new Date('2049-01-01T00:00:00Z') },
  ],
  signatureScope: 'ANY',
  decryptionKeys: [{ kid: 'bench', privateKey: hub.privateKey }],
  allowCbc: false,
  requestId: '_request',
  authnContexts: [],
  now,
  maxClockSkewSeconds: 60,
});

const message = (now: Date, attributes: number) =>
  signXml(
    responseXml({
      issuer: 'idp.example',
      audience: AUDIENCE,
      acsUrl: ACS,
      now,
      requestId: '_request',
      attributes: Object.fromEntries(Array.from({ length: attributes }, (_, i) => [`attribute_${i}`, `value ${i}`])),
    }),
    idp,
  );

export async function benchSamlVerification(): Promise<void> {
  const now = new Date();
  const peer = new SAML({
    idpCert: pemOf(idp.certificate),
    issuer: AUDIENCE,
    audience: AUDIENCE,
    callbackUrl: ACS,
    decryptionPvk: hub.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.never,
  });
  console.log('Verification of SAML responses, CPU each: ours and node-saml 5.1.0, alternating in one process');
  for (const [attributes, encrypted] of [
    [10, false],
    [36, false],
    [36, true],
  ] as const) {
    const plain = message(now, attributes);
    const xml = encrypted ? await encryptAssertion(plain, hub, { content: AES256_GCM }) : plain;
    const encoded = base64(xml);
    const ours = () => void required(verifyEncoded(encoded, expectation(now)));
    const theirs = () => peer.validatePostResponseAsync({ SAMLResponse: encoded });
    for (let i = 0; i < TIMES; i++) ours();
    await theirs();
    const rounds: { ours: number; theirs: number }[] = [];
    for (let i = 0; i < ROUNDS; i++)
      rounds.push({ ours: await cost(ours, TIMES), theirs: await cost(theirs, TIMES / 6) });
    const label = `${(xml.length / 1024).toFixed(1)} KB${encrypted ? ', AES-256-GCM' : ', assertion signed'}`;
    show(
      label,
      'ours',
      rounds.map((each) => each.ours),
      'ms',
    );
    show(
      '',
      'node-saml',
      rounds.map((each) => each.theirs),
      'ms',
    );
    show(
      '',
      `ratio (goal ≥ ${GOAL})`,
      rounds.map((each) => each.theirs / each.ours),
      '×',
    );
    console.log(
      `  ${''.padEnd(30)} ${'per second, one core'.padEnd(22)} ${(1000 / median(rounds.map((each) => each.ours))).toFixed(0)}`,
    );
  }
  console.log(`  control: one RS256-2048 signature ${signatureMilliseconds().toFixed(3)} ms`);
  await hostile(now);
}

function required<T>(result: { ok: true; value: T } | { ok: false; error: { reason: string } }): T {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

/** CPU milliseconds of one call. */
async function cost(work: () => unknown, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000 / times;
}

async function hostile(now: Date): Promise<void> {
  console.log(`Hostile messages, CPU to refuse one (goal ≤ ${HOSTILE_GOAL_MS} ms)`);
  const xml = message(now, 4);
  const at = (text: string) => xml.replace('<samlp:Status>', () => `${text}<samlp:Status>`);
  const attributes = Array.from({ length: 48 }, (_, i) => ` a${i}="x"`).join('');
  const messages: [string, string][] = [
    ['256 KB of white space', at(' '.repeat(250_000))],
    ['256 KB of text', at(`<x>${'a'.repeat(250_000)}</x>`)],
    ['4,900 elements', at(`<x>${'<y/>'.repeat(4_850)}</x>`)],
    ['4,800 elements at depth 55', at(`${'<x>'.repeat(50)}${'<y/>'.repeat(4_700)}${'</x>'.repeat(50)}`)],
    ['600 elements of 48 attributes', at(`<x>${`<y${attributes}/>`.repeat(600)}</x>`)],
    ['depth 10,000', at('<x>'.repeat(10_000) + '</x>'.repeat(10_000))],
    ['10,000 attributes', at(`<x${Array.from({ length: 10_000 }, (_, i) => ` a${i}="x"`).join('')}/>`)],
    ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(1000)}">]>${xml}`],
    ['150 signatures', at(/<ds:Signature[\s\S]*<\/ds:Signature>/.exec(xml)![0].repeat(150).slice(0, 200_000))],
  ];
  for (const [name, text] of messages) {
    const encoded = base64(text);
    const { ok } = verifyEncoded(encoded, expectation(now));
    show(name, ok ? 'read' : 'refused', await several(() => verifyEncoded(encoded, expectation(now))), 'ms');
  }
  const bomb = deflateRawSync(Buffer.alloc(100 * 1024 * 1024));
  const inflated = () => {
    try {
      inflateMessage(bomb);
    } catch {
      return;
    }
    throw new Error('The DEFLATE bomb was inflated.');
  };
  show('a DEFLATE bomb of 100 MB', '', await several(inflated), 'ms');
}

async function several(work: () => unknown): Promise<number[]> {
  const costs: number[] = [];
  for (let i = 0; i < ROUNDS; i++) costs.push(await cost(work, 1));
  return costs;
}

function show(label: string, what: string, values: readonly number[], unit: string): void {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  console.log(
    `  ${label.padEnd(30)} ${what.padEnd(22)} ${median(values).toFixed(2).padStart(8)} ${unit.padEnd(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`,
  );
}
