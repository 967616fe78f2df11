/** An address that event hooks call: it keeps what came, and answers as the test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface HookReceiver {
  url: string;
  port: number;
  calls: ReceivedCall[];
  /** How calls are answered; as a hook's receiver should, unless set. */
  answer: (call: ReceivedCall, response: ServerResponse) => void;
  /** Resolves with all calls once `count` of them have come by POST. */
  until(count: number): Promise<ReceivedCall[]>;
  close(): Promise<void>;
}

/** Sends the challenge back, and takes every event. */
export function honest({ headers }: ReceivedCall, response: ServerResponse): void {
  const verification = headers['x-okta-verification-challenge'];
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ verification }));
}

export async function startHookReceiver(port = 0): Promise<HookReceiver> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const call = { method: request.method!, headers: request.headers, body };
      receiver.calls.push(call);
      for (const check of [...waiting]) check();
      receiver.answer(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = (server.address() as AddressInfo).port;
  const receiver: HookReceiver = {
    url: `http://127.0.0.1:${at}/okta_events`,
    port: at,
    calls: [],
    answer: honest,
    until: (count) =>
      new Promise((resolve) => {
        const check = () => {
          const posted = receiver.calls.filter(({ method }) => method === 'POST');
          if (posted.length < count) return;
          waiting.delete(check);
          resolve(posted);
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
