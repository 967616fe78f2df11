import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { attributesPage, PAGE } from '../../../../../scripts/attributes-page.ts';

test('the reference page is current (node scripts/attributes-page.ts writes it)', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(attributesPage());
});

test('the reference page lists every base attribute and every key', () => {
  const page = attributesPage();
  for (const name of ['login', 'managerId', 'externalId', 'subjectNameId', 'userName', 'description', 'master'])
    expect(page).toContain(`| \`${name}\` |`);
  expect(page.match(/^\| `/gm)?.length).toBe(31 + 16 + 13 + 1 + 2 + 20);
});
