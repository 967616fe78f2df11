import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretKey } from './config-forms.ts';
import { StartRefusal } from './database/index.ts';

/**
 * The key of this data directory, generated at the first call (file `secret-key`, mode 0600). Hubs that start together get the same one:
 * the file appears at once and complete, or not at all. Throws `StartRefusal` when the file holds something else.
 */
export function generatedSecretKey(dataDir: string): Uint8Array {
  const file = join(dataDir, 'secret-key');
  const text = readIfThere(file) ?? create(dataDir, file);
  const key = secretKey(text.trim());
  if (key !== undefined) return key;
  throw new StartRefusal(
    `${file} does not hold a key of 32 bytes in base64: restore it from a backup, or set GATEHOUSE_SECRET_KEY to the key that this database was made with.`,
  );
}

function create(dataDir: string, file: string): string {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') {
      throw new StartRefusal(
        `GATEHOUSE_DATA_DIR ${dataDir} cannot be written (${message}): set it to a directory of yours.`,
      );
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartRefusal(`${file} cannot be read (${(error as Error).message}): start the hub as its owner.`);
  }
}
