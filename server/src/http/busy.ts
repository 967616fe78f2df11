/** A request whose statement waited too long for a lock, or ran too long: nothing was changed, and the same request may succeed soon. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What PostgreSQL calls a lock that was not available in time, and a statement that was cancelled for its length. */
const BUSY: ReadonlySet<unknown> = new Set(['55P03', '57014']);

export const isBusy = (error: unknown): boolean => BUSY.has((error as { code?: unknown } | null)?.code);

/** Answers a person instead of a program. */
export type BusyPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

declare module 'fastify' {
  interface FastifyContextConfig {
    busyPage?: BusyPage;
  }
}

/** Gives the routes that follow in this scope a page in place of the contract's error. */
export function showWhenBusy(server: FastifyInstance, busyPage: BusyPage): void {
  server.addHook('onRoute', (route) => {
    route.config = { ...route.config, busyPage };
  });
}
