import { instantOf, offsetMinutes } from '../../shared/dates.ts';
import { err, ok, type Result } from '../../shared/result.ts';

/**
 * Date formats as people know them from Java: yyyy yy MM MMM MMMM dd d HH H hh h mm ss SSS a EEE EEEE Z ZZ, text between single quotes.
 * English names. Pure.
 */
interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  weekday: number;
  /** Minutes east of UTC. */
  offset: number;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const padded = (value: number, width: number) => String(value).padStart(width, '0');

function offsetText(minutes: number, separator: string): string {
  const [sign, size] = minutes < 0 ? ['-', -minutes] : ['+', minutes];
  return `${sign}${padded(Math.floor(size / 60), 2)}${separator}${padded(size % 60, 2)}`;
}

const WRITERS: Readonly<Record<string, (parts: Parts) => string>> = {
  yyyy: ({ year }) => padded(year, 4),
  yy: ({ year }) => padded(year % 100, 2),
  MMMM: ({ month }) => MONTHS[month - 1]!,
  MMM: ({ month }) => MONTHS[month - 1]!.slice(0, 3),
  MM: ({ month }) => padded(month, 2),
  M: ({ month }) => String(month),
  dd: ({ day }) => padded(day, 2),
  d: ({ day }) => String(day),
  HH: ({ hour }) => padded(hour, 2),
  H: ({ hour }) => String(hour),
  hh: ({ hour }) => padded(hour % 12 || 12, 2),
  h: ({ hour }) => String(hour % 12 || 12),
  mm: ({ minute }) => padded(minute, 2),
  m: ({ minute }) => String(minute),
  ss: ({ second }) => padded(second, 2),
  s: ({ second }) => String(second),
  SSS: ({ millisecond }) => padded(millisecond, 3),
  a: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  EEEE: ({ weekday }) => DAYS[weekday]!,
  EEE: ({ weekday }) => DAYS[weekday]!.slice(0, 3),
  ZZ: ({ offset }) => offsetText(offset, ':'),
  Z: ({ offset }) => offsetText(offset, ''),
};

type Piece = { literal: string } | { field: string };

/** The format in pieces: letters in runs are fields, text in quotes and everything else stands for itself. */
function piecesOf(format: string): Result<Piece[], string> {
  const pieces: Piece[] = [];
  for (const [run] of format.matchAll(/'(?:[^']|'')*'|'|([A-Za-z])\1*|[^A-Za-z']+/g)) {
    if (run === "'") return err('A quote in the format is not closed.');
    if (run === "''") pieces.push({ literal: "'" });
    else if (run.startsWith("'")) pieces.push({ literal: run.slice(1, -1).replaceAll("''", "'") });
    else if (/^[A-Za-z]/.test(run)) {
      const field = run === 'yyyyy' ? 'yyyy' : run;
      if (!Object.hasOwn(WRITERS, field))
        return err(`The format has no field "${run.slice(0, 10)}"; fields are ${Object.keys(WRITERS).join(' ')}.`);
      pieces.push({ field });
    } else pieces.push({ literal: run });
  }
  return ok(pieces);
}

/** @param milliseconds since 1970 @param zone one that `isTimeZone` accepts; the error is a sentence about the format */
export function formatInstant(milliseconds: number, format: string, zone: string): Result<string, string> {
  const pieces = piecesOf(format);
  if (!pieces.ok) return pieces;
  const parts = partsIn(milliseconds, zone);
  return ok(pieces.value.map((piece) => ('literal' in piece ? piece.literal : WRITERS[piece.field]!(parts))).join(''));
}

function partsIn(milliseconds: number, zone: string): Parts {
  const offset = zone === 'UTC' ? 0 : zoneOffset(milliseconds, zone);
  const local = new Date(milliseconds + offset * 60_000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
    weekday: local.getUTCDay(),
    offset,
  };
}

function zoneOffset(milliseconds: number, zone: string): number {
  const shown = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    milliseconds,
  );
  const name = shown.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const READERS: Readonly<Record<string, string>> = {
  yyyy: '\\d{4}',
  yy: '\\d{2}',
  MMMM: '[A-Za-z]+',
  MMM: '[A-Za-z]{3}',
  MM: '\\d{2}',
  M: '\\d{1,2}',
  dd: '\\d{2}',
  d: '\\d{1,2}',
  HH: '\\d{2}',
  H: '\\d{1,2}',
  hh: '\\d{2}',
  h: '\\d{1,2}',
  mm: '\\d{2}',
  m: '\\d{1,2}',
  ss: '\\d{2}',
  s: '\\d{1,2}',
  SSS: '\\d{3}',
  a: '[APap][Mm]',
  EEEE: '[A-Za-z]+',
  EEE: '[A-Za-z]{3}',
  ZZ: 'Z|[+-]\\d{2}:?\\d{2}',
  Z: 'Z|[+-]\\d{2}:?\\d{2}',
};

/** Milliseconds since 1970; a text without an offset is in UTC. The error is a sentence. */
export function parseInstant(text: string, format: string): Result<number, string> {
  const pieces = piecesOf(format);
  if (!pieces.ok) return pieces;
  const fields: string[] = [];
  const source = pieces.value.map((piece) => {
    if ('literal' in piece) return piece.literal.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    fields.push(piece.field);
    return `(${READERS[piece.field]})`;
  });
  // A field twice has no meaning, and many fields of changing width would make the search costly.
  if (new Set(fields).size < fields.length) return err('The format names a field twice.');
  const found = new RegExp(`^${source.join('')}$`).exec(text);
  if (found === null) return err('The text does not have the form that the format describes.');
  const read = new Map(fields.map((field, index) => [field, found[index + 1]!]));
  return instantFrom(read);
}

const NO_SUCH_TIME = 'The text names a date or time that does not exist.';

function instantFrom(read: ReadonlyMap<string, string>): Result<number, string> {
  const number = (names: string[], otherwise: number) => {
    const name = names.find((candidate) => read.has(candidate));
    return name === undefined ? otherwise : Number(read.get(name));
  };
  const year = read.has('yyyy') ? number(['yyyy'], 1970) : read.has('yy') ? 2000 + number(['yy'], 0) : 1970;
  const monthName = read.get('MMMM') ?? read.get('MMM');
  const month = monthName === undefined ? number(['MM', 'M'], 1) : placeOf(monthName, MONTHS) + 1;
  const hour = hourOf(read, number(['HH', 'H'], -1), number(['hh', 'h'], -1));
  if (hour === null) return err(NO_SUCH_TIME);
  const [minute, second, millisecond] = [number(['mm', 'm'], 0), number(['ss', 's'], 0), number(['SSS'], 0)];
  const local = instantOf({ year, month, day: number(['dd', 'd'], 1), hour, minute, second, millisecond });
  const dayName = read.get('EEEE') ?? read.get('EEE');
  const offset = offsetMinutes(read.get('ZZ') ?? read.get('Z') ?? 'Z');
  if (local === null || offset === null) return err(NO_SUCH_TIME);
  if (dayName !== undefined && placeOf(dayName, DAYS) !== new Date(local).getUTCDay()) return err(NO_SUCH_TIME);
  return ok(local - offset * 60_000);
}

/** A name in full or its first three letters; -1 for any other text. */
function placeOf(text: string, names: readonly string[]): number {
  const wanted = text.toLowerCase();
  return names.map((name) => name.toLowerCase()).findIndex((name) => name === wanted || name.slice(0, 3) === wanted);
}

/** -1: not named. Null where the halves of the day and the hour contradict each other. */
function hourOf(read: ReadonlyMap<string, string>, hour: number, twelve: number): number | null {
  const half = read.get('a')?.toLowerCase();
  if (twelve === 0 || twelve > 12) return null;
  const ofHalf = twelve === -1 ? -1 : (twelve % 12) + (half === 'pm' ? 12 : 0);
  if (hour === -1) return Math.max(ofHalf, 0);
  if (half !== undefined && hour < 12 !== (half === 'am')) return null;
  return ofHalf === -1 || hour % 12 === ofHalf % 12 ? hour : null;
}
