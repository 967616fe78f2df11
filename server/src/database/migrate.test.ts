import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { migrate } from './migrate.ts';

let db: TestDatabase;
let folder: string;
const asUrl = () => pathToFileURL(`${folder}/`);
const file = (name: string, text: string) => writeFile(join(folder, name), text);

beforeEach(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-migrations-'));
});
afterEach(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

async function exists(table: string): Promise<boolean> {
  const statement = { text: 'SELECT to_regclass($1) IS NOT NULL AS there', values: [table] };
  return (await db.database.query<{ there: boolean }>(statement)).rows[0]?.there === true;
}

describe('migrate', () => {
  test('applies missing files in order, once', async () => {
    await file('9002-more.sql', 'ALTER TABLE m_first ADD COLUMN b int;');
    await file('9001-first.sql', 'CREATE TABLE m_first (a int); INSERT INTO m_first VALUES (1);');
    expect(await migrate(db.database, asUrl())).toEqual(['9001-first.sql', '9002-more.sql']);
    expect(await migrate(db.database, asUrl())).toEqual([]);
  });

  test('of two hubs at the same moment applies each file once', async () => {
    await file('9001-first.sql', 'CREATE TABLE m_first (a int);');
    const applied = await Promise.all([migrate(db.database, asUrl()), migrate(db.database, asUrl())]);
    expect(applied.flat()).toEqual(['9001-first.sql']);
  });

  test('leaves nothing of a file that fails, and names it', async () => {
    await file('9001-first.sql', 'CREATE TABLE m_first (a int);');
    await file('9002-broken.sql', 'CREATE TABLE m_second (a int); SELECT no_such_column;');
    await expect(migrate(db.database, asUrl())).rejects.toThrow(/9002-broken\.sql failed: .*no_such_column/);
    expect(await exists('m_first')).toBe(true);
    expect(await exists('m_second')).toBe(false);
  });

  test('refuses a file that was changed after it had been applied', async () => {
    await file('9001-first.sql', 'CREATE TABLE m_first (a int);');
    await migrate(db.database, asUrl());
    await file('9001-first.sql', 'CREATE TABLE m_first (a bigint);');
    await expect(migrate(db.database, asUrl())).rejects.toMatchObject({
      code: 'start_refused',
      message: expect.stringMatching(/^The migration 9001-first\.sql was changed .*: restore the file [^\n]*\.$/),
    });
  });

  test('does not mind how a checkout spells line ends', async () => {
    await file('9001-first.sql', 'CREATE TABLE m_first\n(a int);\n');
    await migrate(db.database, asUrl());
    await file('9001-first.sql', 'CREATE TABLE m_first\r\n(a int);\r\n');
    expect(await migrate(db.database, asUrl())).toEqual([]);
  });

  test('leaves files alone that a newer hub applied', async () => {
    await file('9001-newer.sql', 'CREATE TABLE m_first (a int);');
    await migrate(db.database, asUrl());
    await rm(join(folder, '9001-newer.sql'));
    expect(await migrate(db.database, asUrl())).toEqual([]);
  });

  test.each(['first.sql', '90-first.sql', '9001_first.sql'])('refuses the file name %s', async (name) => {
    await file(name, 'SELECT 1;');
    await expect(migrate(db.database, asUrl())).rejects.toMatchObject({ code: 'start_refused' });
  });
});
