/** npm run bench [-- name …]: runs the benchmarks; each prints its figures and the comparison. */

import { benchCsvImport } from './csv-import.ts';
import { benchDirectory } from './directory/bench.ts';
import { benchSamlSignIns } from './saml-sign-ins.ts';
import { benchSamlVerification } from './saml-verification.ts';
import { benchSignIns } from './sign-ins.ts';

const BENCHMARKS: Record<string, () => Promise<void>> = {
  'sign-ins': benchSignIns,
  'saml-verification': benchSamlVerification,
  'saml-sign-ins': benchSamlSignIns,
  directory: benchDirectory,
  'csv-import': benchCsvImport,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => BENCHMARKS[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}"; there are: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(2);
}
if (process.platform !== 'linux') {
  console.error('The benchmarks read CPU figures from /proc and need Linux.');
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHMARKS)) await BENCHMARKS[name]!();
