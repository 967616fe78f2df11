/** A process that stands for a hub: brings the embedded PostgreSQL of argv[2] up, says its URL, leaves it at SIGTERM. */
import { startEmbeddedPostgres } from '../../src/database/index.ts';

const postgres = await startEmbeddedPostgres(process.argv[2] as string, { settings: { fsync: 'off' } });
process.on('SIGINT', () => {});
process.on('SIGTERM', () => postgres.stop().then(() => process.exit(0)));
setInterval(() => {}, 60_000);
process.stdout.write(`${postgres.url}\n`);
