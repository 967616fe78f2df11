import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';

const FINISH_WITHIN_MS = 5_000;

export interface Listening {
  app: FastifyInstance;
  port: number;
  /** Starts answering; call it once every route is there. */
  open(): Promise<void>;
  /** Takes no new request, finishes those that run (within 5 s), resolves when the port is free. */
  close(): Promise<void>;
}

/** A Fastify application on 127.0.0.1. The port is bound first, because an issuer must know its own address; 0 takes a free one. */
export async function listen(port: number): Promise<Listening> {
  const server = createServer();
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', done);
  });
  const opened = Promise.withResolvers<void>();
  const app = Fastify({
    logger: false,
    bodyLimit: 256 * 1024,
    // A request that comes before every route is there waits: the framework would fall over it.
    serverFactory: (handler) =>
      server.on('request', (request, response) => void opened.promise.then(() => handler(request, response))),
  });
  return {
    app,
    port: (server.address() as AddressInfo).port,
    open: async () => {
      await app.ready();
      opened.resolve();
    },
    close: async () => {
      await stopListening(server);
      await app.close();
    },
  };
}

function stopListening(server: Server): Promise<void> {
  return new Promise((done) => {
    const late = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
    server.close(() => {
      clearTimeout(late);
      done();
    });
  });
}
