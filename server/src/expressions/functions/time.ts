import { isoInstant, isTimeZone } from '../../shared/dates.ts';
import type { Call, FunctionRow } from './row.ts';
import { kindOf, textOf } from './text.ts';
import { formatInstant, parseInstant } from './time-format.ts';

/**
 * `Time.*` (contract §14). An instant is written in ISO 8601 with milliseconds and Z; Windows time counts 100 ns since 1601, Unix time
 * seconds since 1970. null stays null; what is no instant is `conversion_failed`.
 */
const WINDOWS_TO_UNIX_SECONDS = 11_644_473_600;
const FORMAT_LIMIT = 64;
/** The years 0001 to 9999, in milliseconds: what four digits can write. */
const EARLIEST = -62_135_596_800_000;
const LATEST = 253_402_300_799_999;

function instant(milliseconds: number, call: Call): string {
  if (!(milliseconds >= EARLIEST && milliseconds <= LATEST))
    call.fail('conversion_failed', 'This is no date between the years 1 and 9999.');
  return new Date(milliseconds).toISOString();
}

function numberOf(value: unknown, call: Call): number | null {
  if (value === null) return null;
  const number = typeof value === 'string' && /^-?\d{1,20}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number'
    ? number
    : call.fail('conversion_failed', `${kindOf(value)} here is not a count of time.`);
}

function isoOf(value: unknown, call: Call): number | null {
  const text = textOf(value, call);
  if (text === null) return null;
  return (
    isoInstant(text) ??
    call.fail('conversion_failed', 'The text is not an ISO 8601 date such as 2026-01-31T10:00:00.000Z.')
  );
}

function formatOf(value: unknown, call: Call): string {
  const format = textOf(value, call) ?? '';
  if (format === '' || format.length > FORMAT_LIMIT)
    call.fail('arguments_wrong', `A format has 1 to ${FORMAT_LIMIT} characters, for example yyyy-MM-dd HH:mm:ss.`);
  return format;
}

function now(args: readonly unknown[], call: Call): string {
  const zone = args[0] === undefined ? 'UTC' : (textOf(args[0], call) ?? 'UTC');
  if (!isTimeZone(zone))
    call.fail('arguments_wrong', 'The time zone is not known; it is written like Europe/Brussels or UTC.');
  if (args[1] === undefined && zone === 'UTC') return instant(call.now(), call);
  const format = args[1] === undefined ? "yyyy-MM-dd'T'HH:mm:ss.SSSZZ" : formatOf(args[1], call);
  return written(call.now(), format, zone, call);
}

function written(milliseconds: number, format: string, zone: string, call: Call): string {
  const made = formatInstant(milliseconds, format, zone);
  return made.ok ? made.value : call.fail('arguments_wrong', made.error);
}

const convert = (signature: string, work: (value: unknown, call: Call) => unknown): FunctionRow => ({
  signature,
  min: 1,
  max: 1,
  run: ([value], call) => work(value ?? null, call),
});

export const TIME_FUNCTIONS: readonly FunctionRow[] = [
  { signature: 'Time.now(timeZone, format)', min: 0, max: 2, needs: 'now', run: now },
  convert('Time.fromWindowsToIso8601(windowsTime)', (value, call) => {
    const ticks = numberOf(value, call);
    return ticks === null ? null : instant(ticks / 10_000 - WINDOWS_TO_UNIX_SECONDS * 1000, call);
  }),
  convert('Time.fromUnixToIso8601(seconds)', (value, call) => {
    const seconds = numberOf(value, call);
    return seconds === null ? null : instant(seconds * 1000, call);
  }),
  {
    signature: 'Time.fromStringToIso8601(text, format)',
    min: 2,
    max: 2,
    run: ([value, format], call) => {
      const text = textOf(value ?? null, call);
      if (text === null) return null;
      const parsed = parseInstant(text, formatOf(format ?? null, call));
      return parsed.ok ? instant(parsed.value, call) : call.fail('conversion_failed', parsed.error);
    },
  },
  convert('Time.fromIso8601ToWindows(instant)', (value, call) => {
    const milliseconds = isoOf(value, call);
    // More digits than a double holds exactly, so the result is text.
    return milliseconds === null
      ? null
      : String((BigInt(milliseconds) + BigInt(WINDOWS_TO_UNIX_SECONDS) * 1000n) * 10_000n);
  }),
  convert('Time.fromIso8601ToUnix(instant)', (value, call) => {
    const milliseconds = isoOf(value, call);
    return milliseconds === null ? null : Math.floor(milliseconds / 1000);
  }),
  {
    signature: 'Time.fromIso8601ToString(instant, format)',
    min: 2,
    max: 2,
    run: ([value, format], call) => {
      const milliseconds = isoOf(value ?? null, call);
      return milliseconds === null ? null : written(milliseconds, formatOf(format ?? null, call), 'UTC', call);
    },
  },
];
