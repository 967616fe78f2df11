/** Verification where it belongs: a small message at once, a large one in a worker, which gets two seconds (rulings 25, security.md S23). */
import { Worker } from 'node:worker_threads';
import type { Result } from '../../../shared/result.ts';
import { failure } from '../failures.ts';
import type { ResponseExpectation, SamlFailure, VerifiedAssertion, VerifyResponse } from '../types.ts';
import { verifyEncoded } from '../verify-response.ts';

type Outcome = Result<VerifiedAssertion, SamlFailure>;

/** Bytes of the decoded message from which on a worker verifies it. */
const LARGE = 64 * 1024;
const LIMIT_MS = 2000;
/** More large messages at once than this are refused: they would only wait behind each other. */
const MAX_WAITING = 16;

/** `encoded`: the form parameter. Never rejects. */
export const verifyResponse: VerifyResponse = async (encoded, expected) =>
  encoded.length * 0.75 <= LARGE ? verifyEncoded(encoded, expected) : verifyAside(encoded, expected);

let worker: Worker | null = null;
let tail: Promise<unknown> = Promise.resolve();
let waiting = 0;

function verifyAside(encoded: string, expected: ResponseExpectation): Promise<Outcome> {
  if (waiting >= MAX_WAITING) {
    return Promise.resolve(failure('saml_verification_timeout', 'Too many large messages arrived at the same time.'));
  }
  waiting++;
  const turn = tail.then(() => inWorker(encoded, expected)).finally(() => waiting--);
  tail = turn.catch(() => undefined);
  return turn;
}

/** One message at a time, so that the time limit is its own. */
function inWorker(encoded: string, expected: ResponseExpectation): Promise<Outcome> {
  worker ??= new Worker(new URL('./thread.ts', import.meta.url));
  const thread = worker;
  thread.ref();
  return new Promise((resolve) => {
    const end = (outcome: Outcome, keep: boolean) => {
      clearTimeout(timer);
      thread.off('message', answered).off('error', failed);
      // An idle worker must not keep the process alive.
      thread.unref();
      if (!keep) {
        worker = null;
        void thread.terminate();
      }
      resolve(outcome);
    };
    const answered = ({ result }: { result: Outcome }) => end(result, true);
    const failed = () => end(failure('saml_verification_timeout', 'The verification ended without an answer.'), false);
    const timer = setTimeout(
      () => end(failure('saml_verification_timeout', `The verification took longer than ${LIMIT_MS} ms.`), false),
      LIMIT_MS,
    );
    thread.on('message', answered).on('error', failed);
    thread.postMessage({ encoded, expected });
  });
}
