import { describe, expect, it } from 'vitest';
import { instantOf, isoInstant, isTimeZone } from './dates.ts';

describe('a date of ISO 8601', () => {
  it.each([
    ['2026-02-28', '2026-02-28T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-01-31T10:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T10:00:01.5', '2026-01-31T10:00:01.500Z'],
    ['2026-01-31T10:00:01.123456789Z', '2026-01-31T10:00:01.123Z'],
    ['2026-01-31T23:30:00+0230', '2026-01-31T21:00:00.000Z'],
    ['2026-01-31T23:30:00-02:30', '2026-02-01T02:00:00.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(isoInstant(text)!).toISOString()).toBe(expected);
  });

  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T10:00:00+24:00',
    '2026-01-01T10:00:00+01:60',
    '2026-1-1',
    '2026-01-01 10:00',
    'yesterday',
  ])('%s is none', (text) => {
    expect(isoInstant(text)).toBeNull();
  });
});

it('a month has its days', () => {
  expect(instantOf({ year: 1970, month: 1, day: 1 })).toBe(0);
  expect(instantOf({ year: 2026, month: 4, day: 31 })).toBeNull();
});

it('a time zone is a known name', () => {
  expect(['UTC', 'Europe/Brussels', 'Etc/GMT+5', 'europe/brussels'].map(isTimeZone)).toEqual([true, true, true, true]);
  expect(['Nope/Nope', '+01:00', '', 'GMT+1', `A${'a'.repeat(99)}`].map(isTimeZone)).toEqual(Array(5).fill(false));
});
