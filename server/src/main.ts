/**
 * The entry of the hub's process; its commands are main-commands.ts.
 *   node server/src/main.ts                         serves until SIGTERM or SIGINT; a second signal forces the end
 *   node server/src/main.ts reset-admin-password    gives the administrator a new password and prints it once
 */
import { boundMemory } from './main-memory.ts';

boundMemory(import.meta.filename, process.argv.slice(2));
// Not a static import: everything else is read after the process has its settings.
await import('./main-commands.ts');
