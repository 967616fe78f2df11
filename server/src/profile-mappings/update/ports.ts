/** What evaluating a mapping for somebody asks of the rest of the house; composition supplies it. */
import type { Executor } from '../../database/index.ts';
import type { CompiledSchema, Master, Violation } from '../../directory/profile-schemas/index.ts';
import type { Origin, Resolution, Say, SourceNames, SourceRow, User } from '../../directory/users/index.ts';
import type { Json } from '../../shared/json.ts';
import type { Result } from '../../shared/result.ts';
import type { Caller } from '../../system-log/index.ts';

export type Profile = Record<string, Json>;
export type ProfileSources = { has(sourceId: string): boolean };

/** The pure rules of the directory. */
export interface ProfileRules {
  /** The values as the schema's types want them; what cannot be converted is a violation. */
  coerce(schema: CompiledSchema, values: Profile): { values: Profile; violations: Violation[] };
  validate(schema: CompiledSchema, profile: Profile): Violation[];
  canonicalLogin(login: string): Result<string, string>;
  /** Whose value an attribute takes. */
  resolve(master: Master, says: readonly Say[], profileSources: ProfileSources): Resolution;
}

/** Somebody's present profile and what each source said of it. */
export interface Person {
  user: User;
  sources: SourceRow[];
}

/** What a source last said of somebody: its claims, or an application's profile of the user. */
export interface Asserted {
  userId: string;
  profile: Profile;
  at: Date;
}

export interface UpdatePorts {
  /** Ids of active providers that are profile sources. */
  profileSources(orgId: string): Promise<ReadonlySet<string>>;
  /** The user name that a provider's format makes of a profile; null where it makes none. */
  userName(orgId: string, idpId: string, source: Profile, now: Date): Promise<string | null>;
  /** What people call the providers and applications. */
  sourceNames(orgId: string): Promise<SourceNames>;
  /** Throws E0000007. */
  person(orgId: string, idOrLogin: string): Promise<Person>;
  /** Whether whoever does something may change administrators at this moment. Asked before anything is locked. */
  isSuperAdministrator(db: Executor, orgId: string, actor: Caller['actor']): Promise<boolean>;
  /** Those of the ids who have an administrator role. */
  administratorsAmong(tx: Executor, orgId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those of the ids that exist, locked. */
  lockPeople(tx: Executor, orgId: string, ids: readonly string[]): Promise<Person[]>;
  /** Writes profiles, keys and the source's rows with an event each, all or none; or says whose value is in the way. */
  applyProfiles(
    tx: Executor,
    caller: Caller,
    changes: readonly AppliedProfile[],
  ): Promise<'done' | 'login-taken' | 'value-taken'>;
  /** What a provider last asserted of somebody; null where it never did. */
  asserted(orgId: string, sourceId: string, userId: string): Promise<Asserted | null>;
  /** The next people whom a provider asserted something of, in the order of ids. */
  assertedAfter(db: Executor, orgId: string, idpId: string, userId: string, limit: number): Promise<Asserted[]>;
  countAsserted(db: Executor, orgId: string, idpId: string): Promise<number>;
}

export interface AppliedProfile {
  user: User;
  schema: CompiledSchema;
  profile: Profile;
  changed: readonly string[];
  source: { id: string; values: Profile; origins: Record<string, Origin> };
  jobId: string;
  at: Date;
}
