/**
 * imports: users and memberships from a CSV file: taken in as a stream, checked row by row before anything happens, then written in
 * batches. It is not how a user is written (directory/users/bulk) nor how long work goes on (jobs). Level 4.
 */
export type { ImportPorts } from './ports.ts';
export { importRoutes } from './routes.ts';
export type { ImportRowWire, ImportWire } from './schema.ts';
export { createImports, type Imports } from './service.ts';
