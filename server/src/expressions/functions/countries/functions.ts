import type { Call, FunctionRow } from '../row.ts';
import { textOf } from '../text.ts';
import { COUNTRY_CODES, OTHER_NAMES } from './codes.ts';

/** `Iso3166Convert.*` (contract §14): from any of a country's codes, or its English name, to another one; null where there is no such country. */
interface Country {
  alpha2: string;
  alpha3: string;
  numeric: string;
}

const NAMES = new Intl.DisplayNames('en', { type: 'region' });
let index: ReadonlyMap<string, Country> | null = null;

/** Made at the first use: most hubs never ask. */
function countries(): ReadonlyMap<string, Country> {
  index ??= new Map(
    COUNTRY_CODES.trim()
      .split(/\s+/)
      .flatMap((entry) => {
        const country = { alpha2: entry.slice(0, 2), alpha3: entry.slice(2, 5), numeric: entry.slice(5) };
        const keys = [country.alpha2, country.alpha3, country.numeric, nameOf(country)];
        const all = [...keys, ...(OTHER_NAMES[country.alpha2] ?? [])];
        return all.map((key) => [plain(key), country] as const);
      }),
  );
  return index;
}

/** Without case, accents, and the ways to write an apostrophe or an "and". */
const plain = (text: string) =>
  text.trim().normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('’', "'").replaceAll('&', 'and').toUpperCase();

const nameOf = ({ alpha2 }: Country) => NAMES.of(alpha2) ?? alpha2;

const row = (signature: string, read: (country: Country) => string): FunctionRow => ({
  signature,
  min: 1,
  max: 1,
  run: ([value], call: Call) => {
    const text = plain(textOf(value ?? null, call) ?? '');
    const country = countries().get(/^\d{1,2}$/.test(text) ? text.padStart(3, '0') : text);
    return country === undefined ? null : read(country);
  },
});

export const COUNTRY_FUNCTIONS: readonly FunctionRow[] = [
  row('Iso3166Convert.toAlpha2(country)', ({ alpha2 }) => alpha2),
  row('Iso3166Convert.toAlpha3(country)', ({ alpha3 }) => alpha3),
  row('Iso3166Convert.toNumeric(country)', ({ numeric }) => numeric),
  row('Iso3166Convert.toName(country)', nameOf),
];
