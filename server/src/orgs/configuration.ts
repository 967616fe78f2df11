/**
 * Compiled configuration: what identity providers, rules, mappings, keys and applications look like to a running sign-in. It is kept in
 * memory per org and thrown away when the org's configuration version moves; it is never the truth (that is the database).
 *
 * A change bumps the version in its own transaction and notifies every hub. A sign-in compares the version again inside its callback
 * statement (rulings 38), so that even a hub that missed the notification decides on current configuration.
 */
import type { Executor } from '../database/index.ts';

export interface Slice<T> {
  get(orgId: string): Promise<T>;
}

export interface Configuration {
  /** A module's compiled view. `load` runs at first use and after every change of the org's configuration. */
  slice<T>(load: (db: Executor, orgId: string) => Promise<T>): Slice<T>;
  /** To be called inside the transaction that changes configuration. */
  changed(tx: Executor, orgId: string): Promise<void>;
  /** Tells which version the database has; true when the compiled state is that version, otherwise it is dropped. */
  observe(orgId: string, version: number): boolean;
  /** Drops everything: after the notification channel was lost. */
  forget(): void;
}

export const CONFIGURATION_CHANNEL = 'gatehouse_configuration';

interface OrgState {
  version: number | null;
  /** Set by a change of this process until the new version is seen. */
  suspect: boolean;
  slices: Map<object, Promise<unknown>>;
}

const READ_VERSION = { name: 'orgs_version', text: 'select config_version from orgs where id = $1' };
const BUMP = `with bumped as (update orgs set config_version = config_version + 1 where id = $1 returning config_version)
  select pg_notify($2, $1 || ' ' || config_version) from bumped`;

export function createConfiguration(db: Executor): Configuration & { notified(payload: string): void } {
  const states = new Map<string, OrgState>();
  const stateOf = (orgId: string) => {
    const known = states.get(orgId);
    if (known !== undefined) return known;
    const fresh: OrgState = { version: null, suspect: false, slices: new Map() };
    states.set(orgId, fresh);
    return fresh;
  };
  const readVersion = async (orgId: string) => {
    const { rows } = await db.query<{ config_version: number }>({ ...READ_VERSION, values: [orgId] });
    return Number(rows[0]?.config_version ?? 0);
  };
  const observe = (orgId: string, version: number) => {
    const state = stateOf(orgId);
    if (state.version === version) return true;
    if (state.version === null || version > state.version)
      states.set(orgId, { version, suspect: false, slices: new Map() });
    return false;
  };
  async function current(orgId: string): Promise<OrgState> {
    const state = stateOf(orgId);
    if (state.version === null || state.suspect) observe(orgId, await readVersion(orgId));
    return stateOf(orgId);
  }

  return {
    slice<T>(load: (db: Executor, orgId: string) => Promise<T>): Slice<T> {
      const key = {};
      return {
        async get(orgId) {
          const { slices } = await current(orgId);
          const kept = slices.get(key) as Promise<T> | undefined;
          if (kept !== undefined) return kept;
          const loading = load(db, orgId);
          slices.set(key, loading);
          loading.catch(() => slices.delete(key));
          return loading;
        },
      };
    },
    async changed(tx, orgId) {
      await tx.query({ text: BUMP, values: [orgId, CONFIGURATION_CHANNEL] });
      stateOf(orgId).suspect = true;
    },
    observe,
    forget: () => states.clear(),
    notified(payload) {
      const [orgId, version] = payload.split(' ');
      if (orgId !== undefined && version !== undefined) observe(orgId, Number(version));
    },
  };
}
