/**
 * The providers' signing keys, kept by address: 10 minutes to 24 hours as Cache-Control says. An unknown key id makes one fetch at once,
 * then at most one a minute; fetches of one address are shared (rulings 24, security.md §4.6).
 *
 * A provider may answer with another subset of its keys each time: a key stays for its own time after it was last seen.
 */
import type { Egress } from '../../http/index.ts';
import { type Jwks, type JwsFailure, parseJwks, selectKeys, type VerificationKey } from '../../protocol/jose/index.ts';
import { type Clock, DAY, MINUTE, SECOND } from '../../shared/clock.ts';
import { err, ok, type Result } from '../../shared/result.ts';

const MIN_LIFETIME_MS = 10 * MINUTE;
const MAX_LIFETIME_MS = DAY;
const UNKNOWN_KEY_INTERVAL_MS = MINUTE;
const FAILURE_INTERVAL_MS = 5 * SECOND;
const MAX_BYTES = 512 * 1024;
const TIMEOUT_MS = 5_000;
const KEPT_SETS = 500;
const KEPT_KEYS = 100;

export interface KeySetFailure {
  /** `unavailable`: the set could not be fetched or read; otherwise the set is there and has no such key. */
  unavailable: boolean;
  failure: JwsFailure;
}

export interface KeySets {
  /** The keys that may have made a signature with this header. */
  keysFor(url: string, header: { alg: string; kid?: string }): Promise<Result<VerificationKey[], KeySetFailure>>;
}

interface KeySet {
  keys: { key: VerificationKey; seenAt: number }[];
  refused: Jwks['refused'];
  /** When the last successful fetch was, and until when it counts as fresh. */
  freshUntil: number;
  lifetime: number;
  askedForUnknownAt: number;
  failedAt: number;
  problem: string | null;
  loading: Promise<void> | null;
}

export function createKeySets({ egress, clock }: { egress: Egress; clock: Clock }): KeySets {
  const sets = new Map<string, KeySet>();
  const now = () => clock.now().getTime();

  function setOf(url: string): KeySet {
    const set = sets.get(url) ?? emptySet();
    sets.delete(url);
    sets.set(url, set);
    if (sets.size > KEPT_SETS) sets.delete(sets.keys().next().value!);
    return set;
  }
  function refresh(url: string, set: KeySet): Promise<void> {
    set.loading ??= load(url, set).finally(() => {
      set.loading = null;
    });
    return set.loading;
  }
  async function load(url: string, set: KeySet): Promise<void> {
    const response = await egress.request({
      url,
      headers: { accept: 'application/json' },
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    const at = now();
    if (!response.ok) return fail(set, response.error.message, at);
    if (response.value.status !== 200) return fail(set, `The key set's address answered ${response.value.status}.`, at);
    const parsed = parseJwks(response.value.text);
    if (!parsed.ok) return fail(set, parsed.error.message, at);
    set.lifetime = lifetimeOf(response.value.header('cache-control'));
    set.freshUntil = at + set.lifetime;
    set.problem = null;
    set.refused = parsed.value.refused;
    const fresh = parsed.value.keys.map((key) => ({ key, seenAt: at }));
    const renewed = new Set(parsed.value.keys.map((key) => key.kid));
    const kept = set.keys.filter(
      ({ key, seenAt }) => key.kid !== null && !renewed.has(key.kid) && at < seenAt + set.lifetime,
    );
    set.keys = [...fresh, ...kept].slice(0, KEPT_KEYS);
  }
  /** Keys that were seen within a day go on being used while the provider's key set cannot be fetched. */
  function fail(set: KeySet, problem: string, at: number): void {
    set.problem = problem;
    set.failedAt = at;
    set.keys = set.keys.filter(({ seenAt }) => at < seenAt + MAX_LIFETIME_MS);
  }
  function select(set: KeySet, header: { alg: string; kid?: string }): Result<VerificationKey[], KeySetFailure> {
    if (set.keys.length === 0 && set.problem !== null) {
      return err({ unavailable: true, failure: { code: 'jws_key_unknown', message: set.problem } });
    }
    const selected = selectKeys({ keys: set.keys.map(({ key }) => key), refused: set.refused }, header);
    return selected.ok ? ok(selected.value) : err({ unavailable: false, failure: selected.error });
  }

  return {
    async keysFor(url, header) {
      const set = setOf(url);
      const stale = now() >= set.freshUntil;
      if (set.loading !== null || (stale && now() >= set.failedAt + FAILURE_INTERVAL_MS)) {
        await refresh(url, set);
        return select(set, header);
      }
      const selected = select(set, header);
      const unknown = !selected.ok && !selected.error.unavailable && selected.error.failure.code === 'jws_key_unknown';
      if (!unknown || now() < set.askedForUnknownAt + UNKNOWN_KEY_INTERVAL_MS) return selected;
      set.askedForUnknownAt = now();
      await refresh(url, set);
      return select(set, header);
    },
  };
}

const emptySet = (): KeySet => ({
  keys: [],
  refused: [],
  freshUntil: 0,
  lifetime: MIN_LIFETIME_MS,
  askedForUnknownAt: Number.NEGATIVE_INFINITY,
  failedAt: Number.NEGATIVE_INFINITY,
  problem: null,
  loading: null,
});

/** RFC 9111 §5.2.2.1, within our bounds. */
function lifetimeOf(cacheControl: string | undefined): number {
  const seconds = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(cacheControl ?? '')?.[1];
  return Math.min(Math.max(Number(seconds ?? 0) * SECOND, MIN_LIFETIME_MS), MAX_LIFETIME_MS);
}
