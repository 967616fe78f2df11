/** The other side of `verifyResponse`: one large message after the other, away from the event loop. */
import { parentPort } from 'node:worker_threads';
import type { ResponseExpectation } from '../types.ts';
import { verifyEncoded } from '../verify-response.ts';

parentPort?.on('message', ({ encoded, expected }: { encoded: string; expected: ResponseExpectation }) => {
  parentPort?.postMessage({ result: verifyEncoded(encoded, expected) });
});
