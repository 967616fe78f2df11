/** What a dynamic zone asks for, in words. */
import { texts } from './texts.ts';

type Listed = (string | { country: string; region: string | null })[];

const COUNTRIES = new Intl.DisplayNames('en', { type: 'region' });
/** Of a country (ISO 3166-1 alpha-2), by which it can be looked up. */
const CODE = /^[A-Z]{2}$/;

/** A list, or what is included and what is left out. */
export function inWords(value: Listed | { include: Listed; exclude: Listed } | undefined): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return words(value);
  const excluded = words(value.exclude);
  return [words(value.include), ...(excluded === '' ? [] : [texts.not(excluded)])].filter(Boolean).join('; ');
}

const words = (list: Listed) => list.map((item) => (typeof item === 'string' ? item : placeOf(item))).join(', ');

function placeOf({ country, region }: { country: string; region: string | null }): string {
  const code = region ?? country;
  return CODE.test(country) ? `${COUNTRIES.of(country)} (${code})` : code;
}
