/** The outbound client: one keep-alive pool per origin, every connection made to an address that the policy has judged. */
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { err, ok, type Result } from '../../shared/result.ts';
import { type EgressError, EgressStop, failures } from './errors.ts';
import { createEgressPolicy, type EgressPolicy, type Peer } from './policy.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const TOTAL_TIMEOUT_MS = 10_000;
const MAX_BYTES = 1024 * 1024;
const KEPT_ORIGINS = 128;
const CONNECTIONS_PER_ORIGIN = 64;
const IDLE_TIMEOUT_MS = 15_000;

export interface EgressRequest {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Largest accepted answer in bytes; 1 MB unless lowered. */
  maxBytes?: number;
  /** For the whole call, in milliseconds; 10 s unless lowered. */
  timeoutMs?: number;
}

export interface EgressResponse {
  status: number;
  /** A header's value by its lower-case name; the first, where it was sent more than once. */
  header(name: string): string | undefined;
  text: string;
}

export interface Egress {
  /** Calls a peer. Any status but a redirect (300-399) is an answer; nothing is retried, except a GET over a kept connection that had died. */
  request(request: EgressRequest): Promise<Result<EgressResponse, EgressError>>;
  /** Whether a URL may be configured: its scheme, port and literal address. Names are judged by their addresses at each connection. */
  admits(url: string): Result<void, EgressError>;
  close(): Promise<void>;
}

export interface ResolvedAddress {
  address: string;
  family: number;
}

export interface EgressOptions {
  /** `GATEHOUSE_ALLOW_EGRESS`, checked by config. */
  allow: readonly string[];
  /** All addresses of a name; the system's resolver unless a test brings its own. */
  resolve?(hostname: string): Promise<ResolvedAddress[]>;
  connectTimeoutMs?: number;
}

export function createEgress(options: EgressOptions): Egress {
  const policy = createEgressPolicy(options.allow);
  const resolve = options.resolve ?? ((hostname) => systemLookup(hostname, { all: true, verbatim: true }));
  const connectTimeout = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const pools = new Map<string, Pool>();

  /** The pool of an origin; the map's order is the order of use. */
  function poolOf(peer: Peer): Pool {
    const { origin } = peer.url;
    const pool = pools.get(origin) ?? createPool(peer);
    pools.delete(origin);
    pools.set(origin, pool);
    if (pools.size > KEPT_ORIGINS) {
      const [oldest, unused] = pools.entries().next().value!;
      pools.delete(oldest);
      void unused.close();
    }
    return pool;
  }
  const createPool = (peer: Peer) =>
    new Pool(peer.url.origin, {
      connections: CONNECTIONS_PER_ORIGIN,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      keepAliveMaxTimeout: IDLE_TIMEOUT_MS,
      connect: { timeout: connectTimeout, lookup: judgedLookup(policy, peer, resolve) },
    });

  return {
    admits(url) {
      const peer = policy.peerOf(url);
      return peer.ok ? ok(undefined) : peer;
    },
    async request(request) {
      const peer = policy.peerOf(request.url);
      if (!peer.ok) return peer;
      const first = await call(poolOf(peer.value), peer.value, request);
      if (first.ok || first.error !== 'connection_died') return first as Result<EgressResponse, EgressError>;
      const second = await call(poolOf(peer.value), peer.value, request);
      if (second.ok) return second;
      return err(
        second.error === 'connection_died' ? failures.unreachable(peer.value.name, 'connection closed') : second.error,
      );
    },
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((pool) => pool.destroy()));
    },
  };
}

/**
 * A `lookup` that resolves once, judges every address and hands on exactly what it judged, so that no second answer of a name server
 * (DNS rebinding) can be connected to. One bad address refuses the name.
 */
function judgedLookup(
  policy: EgressPolicy,
  peer: Peer,
  resolve: (hostname: string) => Promise<ResolvedAddress[]>,
): LookupFunction {
  return (hostname, lookupOptions, callback) => {
    const fail = (error: EgressError) => callback(new EgressStop(error), '', 0);
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) return fail(failures.unresolved(peer.name, 'no address'));
        for (const { address } of addresses) {
          const refusal = policy.judge(peer, address);
          if (refusal !== null) return fail(refusal);
        }
        if (lookupOptions.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (cause) => fail(failures.unresolved(peer.name, reasonOf(cause))),
    );
  };
}

async function call(
  pool: Pool,
  peer: Peer,
  request: EgressRequest,
): Promise<Result<EgressResponse, EgressError | 'connection_died'>> {
  const timeout = request.timeoutMs ?? TOTAL_TIMEOUT_MS;
  const limit = request.maxBytes ?? MAX_BYTES;
  const method = request.method ?? 'GET';
  // Not AbortSignal.timeout(): that one stays until it fires, ten seconds of calls at a time, and fires into nothing.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new DOMException('The call took too long.', 'TimeoutError')), timeout);
  try {
    const response = await pool.request({
      method,
      path: peer.url.pathname + peer.url.search,
      headers: request.headers,
      body: request.body,
      signal: abort.signal,
    });
    const { statusCode: status, headers, body } = response;
    if (status >= 300 && status < 400) {
      discard(body);
      return err(failures.redirect(peer.name, status));
    }
    const text = await readBody(body, Number(headers['content-length'] ?? 0), limit);
    if (text === null) return err(failures.tooLarge(peer.name, limit));
    return ok({ status, text, header: (name) => firstOf(headers[name]) });
  } catch (cause) {
    if (method === 'GET' && isDeadConnection(cause)) return err('connection_died');
    return err(errorOf(cause, peer, timeout));
  } finally {
    clearTimeout(timer);
  }
}

const firstOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** The body as UTF-8; null when it is longer than `limit` bytes (the connection is then closed, not drained). */
async function readBody(
  body: Dispatcher.ResponseData['body'],
  announced: number,
  limit: number,
): Promise<string | null> {
  if (announced > limit) {
    discard(body);
    return null;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) {
      discard(body);
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Ends an answer that nobody reads; its own complaint about that is not an error of ours. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {});
  body.destroy();
}

const codeOf = (cause: unknown) => String((cause as { code?: unknown } | null)?.code ?? '');

/** The peer had closed the kept connection when the request was written to it. */
function isDeadConnection(cause: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(cause));
}

function errorOf(cause: unknown, peer: Peer, timeout: number): EgressError {
  if (cause instanceof EgressStop) return cause.error;
  const code = codeOf(cause);
  const name = (cause as { name?: unknown } | null)?.name;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return failures.unreachable(peer.name, 'no connection in time');
  if (name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) return failures.timeout(peer.name, timeout);
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|SSL/.test(code)) return failures.certificate(peer.name, code);
  return failures.unreachable(peer.name, reasonOf(cause));
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  return code !== '' ? code : cause instanceof Error ? cause.name : 'unknown';
}
