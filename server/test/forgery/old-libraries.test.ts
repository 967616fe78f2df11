/** The positive control: documents that fool no old library would prove nothing about the hub. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyEncoded } from '../../src/protocol/saml/index.ts';
import { base64, pemOf } from '../support/saml-signer.ts';
import { corpus } from './corpus.ts';
import { ACS, EXPECTED, FORGED, NOW, PARTS, provider } from './documents.ts';

const FOLDER = join(import.meta.dirname, 'old-libraries');

/** The pinned libraries come when this test first needs them, never with the product; what went wrong otherwise. */
function missing(): string | null {
  if (existsSync(join(FOLDER, 'node_modules/xml-crypto/package.json'))) return null;
  const install = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0'];
  const { status } = spawnSync('npm', install, { cwd: FOLDER, timeout: 90_000, stdio: 'ignore' });
  return status === 0
    ? null
    : `The old SAML libraries are not installed and the registry was not reached: run "npm ci" in ${FOLDER}.`;
}

test('the corpus forges at least ten identities on the old libraries, and none on the hub', {
  timeout: 180_000,
}, (context) => {
  const reason = missing();
  if (reason !== null) return context.skip(reason);
  const documents = corpus
    .filter(({ id, xml, change }) => xml.includes(FORGED) && change === undefined && !/^S(16|18|19|20) /.test(id))
    .map(({ id, xml, benign }) => ({ id, xml, benign, person: /<saml:NameID[^>]*>([^<]*)</.exec(benign)?.[1] ?? '' }));
  const output = execFileSync(process.execPath, [join(FOLDER, 'forge.mjs')], {
    input: JSON.stringify({
      documents,
      now: NOW,
      certificate: pemOf(provider.certificate),
      issuer: PARTS.issuer,
      audience: PARTS.audience,
      acsUrl: ACS,
      forged: FORGED,
    }),
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  const found: Record<string, { fooled: string[]; genuine: number }> = JSON.parse(output);
  for (const [library, { fooled, genuine }] of Object.entries(found)) {
    console.log(`${library}: ${fooled.length} forged of ${documents.length}, ${genuine} genuine read`);
    expect(fooled.length, library).toBeGreaterThan(0);
    expect(genuine, library).toBeGreaterThan(0);
  }
  const forged = new Set(Object.values(found).flatMap(({ fooled }) => fooled));
  expect(forged.size).toBeGreaterThanOrEqual(10);
  for (const { id, xml } of documents) expect(verifyEncoded(base64(xml), EXPECTED).ok, id).toBe(false);
});
