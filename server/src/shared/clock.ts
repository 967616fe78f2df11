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
