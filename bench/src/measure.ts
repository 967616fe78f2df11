/** Rounds of load with a fixed number of sign-ins in flight, and the control: one RSA-2048 signature measured in the same rounds. */
import { generateKeyPairSync, sign } from 'node:crypto';

export interface Round {
  count: number;
  seconds: number;
  /** Milliseconds per sign-in. */
  latencies: number[];
}

export async function round(
  work: () => Promise<unknown>,
  options: { inFlight: number; seconds?: number; count?: number },
): Promise<Round> {
  const latencies: number[] = [];
  const start = performance.now();
  const deadline = options.seconds === undefined ? Number.POSITIVE_INFINITY : start + options.seconds * 1000;
  let left = options.count ?? Number.POSITIVE_INFINITY;
  const one = async () => {
    while (performance.now() < deadline && left-- > 0) {
      const begun = performance.now();
      await work();
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, one));
  return { count: latencies.length, seconds: (performance.now() - start) / 1000, latencies };
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** CPU milliseconds of one RS256 signature of 600 bytes. */
export function signatureMilliseconds(): number {
  const message = Buffer.alloc(600, 97);
  const before = process.cpuUsage();
  const times = 300;
  for (let i = 0; i < times; i++) sign('sha256', message, privateKey);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000 / times;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
