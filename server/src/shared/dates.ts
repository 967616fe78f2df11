/** Dates, times and time zones that exist. `Date` carries 30 February over into March; here it is no date. Pure. */
export interface DateParts {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  hour?: number;
  minute?: number;
  second?: number;
  millisecond?: number;
}

/** Milliseconds since 1970 of a time in UTC; null where there is no such time. */
export function instantOf({ year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 }: DateParts) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  const read = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()];
  const rest = [date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()];
  const same = [...read, ...rest].join() === [year, month, day, hour, minute, second, millisecond].join();
  return same ? date.getTime() : null;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Milliseconds since 1970 of a date of ISO 8601, with or without a time; in UTC unless it says otherwise. Null for any other text. */
export function isoInstant(text: string): number | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0));
  const millisecond = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = instantOf({ year: year!, month: month!, day: day!, hour, minute, second, millisecond });
  const offset = offsetMinutes(found[8] ?? 'Z');
  return local === null || offset === null ? null : local - offset * 60_000;
}

/** Minutes east of UTC of `Z`, `+02:00` or `+0200`; null where no clock goes like that. */
export function offsetMinutes(text: string): number | null {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

const known = new Set<string>();

/** A name of the time zone database, such as Europe/Brussels, or UTC. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return false;
  if (known.has(zone)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    return false;
  }
  // There are some hundred names, each in one or two spellings.
  if (known.size < 2_000) known.add(zone);
  return true;
}
