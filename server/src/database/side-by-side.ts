import type { Executor, Statement } from './executor.ts';

/**
 * Pieces of work in one transaction that think while another one's statement runs: the connection takes one statement at a time, in the
 * order in which they are asked for. Resolves when all have ended, with their results in order; throws only then, so that no piece is left
 * that still uses the connection: what went wrong first, of which the errors of the others may be mere consequences.
 */
export async function sideBySide<T>(tx: Executor, pieces: readonly ((tx: Executor) => Promise<T>)[]): Promise<T[]> {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn: Executor = {
    query<R>(statement: Statement) {
      const mine = last.then(() => tx.query<R>(statement));
      last = mine.catch(() => {});
      return mine;
    },
    get kysely() {
      return tx.kysely;
    },
  };
  const failures: unknown[] = [];
  const ended = await Promise.all(
    pieces.map((piece) => piece(inTurn).catch((error: unknown) => void failures.push(error))),
  );
  if (failures.length > 0) throw failures[0];
  return ended as T[];
}
