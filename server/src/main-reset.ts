import { resetAdministratorPassword } from './app.ts';
import type { Config } from './config.ts';
import { openMigrated } from './main-database.ts';
import { silentLogger } from './shared/log.ts';

/** Gives the administrator a new password and prints it; may run beside a hub. */
export async function resetPassword(config: Config): Promise<void> {
  const opened = await openMigrated(config, silentLogger);
  try {
    const { login, password } = await resetAdministratorPassword({ config, database: opened.database });
    process.stdout.write(
      `\n  Administrator            ${login}\n  New password             ${password}   (shown only now)\n\n`,
    );
  } finally {
    await opened.close();
  }
}
