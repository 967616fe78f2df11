import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { inTransaction } from './index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.database.query({ text: 'CREATE TABLE notes (id int PRIMARY KEY, body text NOT NULL)', values: [] });
});
afterAll(() => db.drop());

type Notes = { notes: { id: number; body: string } };

describe('a transaction', () => {
  test('commits prepared statements and Kysely queries together', async () => {
    await inTransaction(db.database, async (tx) => {
      await tx.query({ name: 'note_add', text: 'INSERT INTO notes VALUES ($1, $2)', values: [1, 'a'] });
      await tx.kysely.withTables<Notes>().insertInto('notes').values({ id: 2, body: 'b' }).execute();
    });
    const rows = await db.database.kysely.withTables<Notes>().selectFrom('notes').selectAll().orderBy('id').execute();
    expect(rows).toEqual([
      { id: 1, body: 'a' },
      { id: 2, body: 'b' },
    ]);
  });
});
