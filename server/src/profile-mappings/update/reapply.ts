/**
 * "Apply updates now": a provider's mapping is applied to everybody whom the provider has asserted something of, with what it asserted
 * last and as of then. Each step is one transaction over a batch of people. Administrators are changed for super administrators alone: a
 * mapped address is where a new password goes.
 */
import type { Executor } from '../../database/index.ts';
import type { CompiledSchema } from '../../directory/profile-schemas/index.ts';
import type { JobHandler, Problem, RunningJob, Step } from '../../jobs/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { CompiledMapping } from '../compile.ts';
import { sourceProfile } from '../source-profile.ts';
import type { AppliedProfile, Asserted, Person, ProfileRules, ProfileSources, UpdatePorts } from './ports.ts';
import { type ProfileUpdate, profileUpdate } from './profile-update.ts';

export const REAPPLY = 'mappings.reapply';
const BATCH = 500;

/** Of the job: the provider, and the user type whose people are meant. */
export interface ReapplyParams {
  sourceId: string;
  userTypeId: string;
}

export interface ReapplyDeps {
  clock: Clock;
  rules: ProfileRules;
  ports: UpdatePorts;
  compiled(orgId: string, sourceId: string, userTypeId: string): Promise<CompiledMapping>;
  schemas: {
    compiledUserSchema(orgId: string, typeId?: string): Promise<CompiledSchema>;
    /** Keeps a schema until the transaction ends: as it was read, or as it is. Before people are locked. */
    hold(tx: Executor, orgId: string, schema: CompiledSchema): Promise<CompiledSchema>;
    compiledSchemaOf(orgId: string, ownerId: string): Promise<Pick<CompiledSchema, 'attributes'> | null>;
  };
}

interface Context {
  sourceId: string;
  userSchema: CompiledSchema;
  idpSchema: Pick<CompiledSchema, 'attributes'>;
  mapping: CompiledMapping;
  profileSources: ProfileSources;
  /** Who may not be changed for whoever began the job. */
  untouchable: ReadonlySet<string>;
}

export function reapplyHandler(deps: ReapplyDeps): JobHandler {
  return {
    kind: REAPPLY,
    async step(tx, job): Promise<Step> {
      const { sourceId, userTypeId } = job.params as unknown as ReapplyParams;
      // Read before anything is locked: it comes from memory, or by another connection.
      const idpSchema = await deps.schemas.compiledSchemaOf(job.orgId, sourceId);
      const profileSources = await deps.ports.profileSources(job.orgId);
      if (idpSchema === null || !profileSources.has(sourceId)) return nothingMore();
      const known = await deps.schemas.compiledUserSchema(job.orgId, userTypeId);
      const mapping = await deps.compiled(job.orgId, sourceId, userTypeId);
      // Asked at each step: a role that was taken away counts at once.
      const unbound = await deps.ports.isSuperAdministrator(tx, job.orgId, job.caller.actor);

      const userSchema = await deps.schemas.hold(tx, job.orgId, known);
      const after = typeof job.cursor === 'string' ? job.cursor : '';
      const asserted = await deps.ports.assertedAfter(tx, job.orgId, sourceId, after, BATCH);
      const ids = asserted.map(({ userId }) => userId);
      const people = new Map((await deps.ports.lockPeople(tx, job.orgId, ids)).map((one) => [one.user.id, one]));
      const untouchable = unbound ? NOBODY : await deps.ports.administratorsAmong(tx, job.orgId, ids);
      const context = { sourceId, userSchema, idpSchema, mapping, profileSources, untouchable };
      const plans = asserted.flatMap((said) => {
        const person = people.get(said.userId);
        const meant = person?.user.typeId === userTypeId && person.user.status !== 'DEPROVISIONED';
        return meant ? [{ said, person: person! }] : [];
      });
      const problems = await applyToAll(tx, deps, job, context, plans);
      return {
        cursor: ids.at(-1) ?? after,
        done: asserted.length,
        failed: new Set(problems.map(({ at }) => at)).size,
        problems,
        finished: asserted.length < BATCH,
      };
    },
  };
}

const NOBODY: ReadonlySet<string> = new Set();

const nothingMore = (): Step => ({ cursor: null, done: 0, finished: true });

interface Meant {
  said: Asserted;
  person: Person;
}

/** Everybody at once; where a value is in somebody's way, one by one. */
async function applyToAll(
  tx: Executor,
  deps: ReapplyDeps,
  job: RunningJob,
  context: Context,
  people: readonly Meant[],
): Promise<Problem[]> {
  const none = new Map<string, string>();
  const all = await Promise.all(people.map((one) => planFor(deps, job, context, one, none)));
  const changes = all.flatMap(({ change }) => change ?? []);
  if ((await deps.ports.applyProfiles(tx, job.caller, changes)) === 'done')
    return all.flatMap(({ problems }) => problems);
  const problems: Problem[] = [];
  for (const one of people) problems.push(...(await applyToOne(tx, deps, job, context, one)));
  return problems;
}

/** What could not be done for one person; the rest of the person's values is written. */
async function applyToOne(tx: Executor, deps: ReapplyDeps, job: RunningJob, context: Context, one: Meant) {
  const excluded = new Map<string, string>();
  // A login and a unique value may be in the way, one after the other.
  for (;;) {
    const { change, problems } = await planFor(deps, job, context, one, excluded);
    const outcome = change === null ? 'done' : await deps.ports.applyProfiles(tx, job.caller, [change]);
    if (outcome === 'done') return problems;
    if (outcome === 'login-taken') excluded.set('login', 'another user has this login');
    else
      for (const [name, attribute] of context.userSchema.attributes)
        if (attribute.unique) excluded.set(name, 'another user has this value');
  }
}

async function planFor(
  deps: ReapplyDeps,
  job: RunningJob,
  { sourceId, userSchema, idpSchema, mapping, profileSources, untouchable }: Context,
  { said, person: { user, sources } }: Meant,
  excluded: ReadonlyMap<string, string>,
): Promise<{ change: AppliedProfile | null; problems: Problem[] }> {
  const source = sourceProfile(idpSchema, said.profile);
  const userName = await deps.ports.userName(job.orgId, sourceId, source, job.at);
  const update = profileUpdate(
    deps.rules,
    { userSchema, mapping },
    {
      ...{ source, userName, sourceId, sources, profileSources, excluded },
      current: user.profile,
      now: job.at,
      asserted: said.at,
    },
  );
  const problems = problemsOf(user.profile.login, update);
  if (update.news.length === 0 && update.changed.length === 0) return { change: null, problems };
  if (untouchable.has(user.id)) return { change: null, problems: [administrator(user.profile.login)] };
  const change = {
    ...{ user, schema: userSchema, profile: update.profile, changed: update.changed, jobId: job.id, at: job.at },
    source: { id: sourceId, values: update.said, origins: originsOf(update, said, sources, job) },
  };
  return { change, problems };
}

function originsOf(update: ProfileUpdate, said: Asserted, sources: Person['sources'], job: RunningJob) {
  const own = sources.find(({ sourceId }) => sourceId === (job.params as unknown as ReapplyParams).sourceId);
  const origin = { at: said.at.toISOString(), by: job.caller.actor.id, job: job.id };
  return { ...own?.origins, ...Object.fromEntries(update.news.map((name) => [name, origin])) };
}

const administrator = (login: unknown): Problem => ({
  at: String(login),
  code: 'administrator',
  message: 'This user is an administrator: a super administrator can apply the mapping to them.',
});

const problemsOf = (login: unknown, { rejected }: ProfileUpdate): Problem[] =>
  rejected.map(({ attribute, why }) => ({
    at: String(login),
    code: attribute,
    message: `The old value of ${attribute} stays: ${why}`,
  }));
