import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, languageOf } from './index.ts';

describe('the language of a page', () => {
  test.each([
    ['nl-BE,nl;q=0.9,en;q=0.8', undefined, 'nl'],
    ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', undefined, 'fr'],
    ['en;q=0.5, de;q=0.9', undefined, 'de'],
    ['DE-at', undefined, 'de'],
    ['ja, fr;q=0.1', undefined, 'fr'],
    ['fr;q=0, en', undefined, 'en'],
    ['ja', undefined, 'en'],
    ['*', undefined, 'en'],
    ['', undefined, 'en'],
    [undefined, undefined, 'en'],
    ['fr', 'de', 'de'],
    ['fr', 'ja nl-NL de', 'nl'],
    ['fr', 'ja', 'fr'],
    ['fr', '', 'fr'],
    ['constructor', 'toString', 'en'],
  ])('Accept-Language %j with ui_locales %j is %s', (accept, locales, expected) => {
    expect(languageOf(accept, locales)).toBe(expected);
  });

  test('is one of the catalogues, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string(), { nil: undefined }),
        fc.option(fc.string(), { nil: undefined }),
        (accept, locales) => {
          expect(LANGUAGES).toContain(languageOf(accept, locales));
        },
      ),
    );
  });

  test('is found quickly in a header of any length', () => {
    const started = process.cpuUsage();
    languageOf('a;'.repeat(500_000), 'x '.repeat(500_000));
    expect(process.cpuUsage(started).user).toBeLessThan(100_000);
  });
});
