/** Where every module takes the time from; SQL's now() is never used, so that a test can hold the clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function after(start: Date, milliseconds: number): Date {
  return new Date(start.getTime() + milliseconds);
}

/** Whole seconds since 1970, as JWT claims count. */
export function epochSeconds(at: Date): number {
  return Math.floor(at.getTime() / SECOND);
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?$/;
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A time as clients write it: ISO 8601, a date alone or with a time of day, in UTC where no zone is named; null for anything else. */
export function readTime(text: string): Date | null {
  const [, year, month, day, hours, zone] = TIME.exec(text) ?? [];
  if (day === undefined || (hours === undefined && zone !== undefined)) return null;
  // A day that its month has not would count as one of the next.
  if (new Date(`${year}-${month}-${day}`).getUTCDate() !== Number(day)) return null;
  const at = Date.parse(hours === undefined || zone !== undefined ? text : `${text}Z`);
  return at >= EARLIEST && at <= LATEST ? new Date(at) : null;
}

/** Whether a text is a time as `toISOString` writes it, of the years that databases know too. */
export const isStamp = (text: string): boolean => readTime(text)?.toISOString() === text;
