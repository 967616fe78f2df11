/** Mappings tried out and applied to everybody, as routes and the calendar of jobs use them. */
import { type Database, inTransaction } from '../../database/index.ts';
import { ApiError, apiErrors } from '../../http/index.ts';
import type { JobHandler, Jobs } from '../../jobs/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Caller } from '../../system-log/index.ts';
import { mergeProperties } from '../change.ts';
import type { CompiledMapping } from '../compile.ts';
import type { PreviewBody } from '../schema.ts';
import { sourceProfile } from '../source-profile.ts';
import type { StoredMapping } from '../store.ts';
import type { Person, ProfileRules, UpdatePorts } from './ports.ts';
import { type PreviewLine, previewOf } from './preview.ts';
import { REAPPLY, type ReapplyDeps, reapplyHandler } from './reapply.ts';

export interface Preview {
  /** Null: a person whom the pasted profile would create. */
  userId: string | null;
  /** When the source said it last; null of a pasted profile. */
  asserted: string | null;
  /** The transformed user name. */
  userName: string | null;
  properties: PreviewLine[];
}

export interface Updates {
  /** What a stored or a draft mapping makes of a profile; nothing is written. Throws E0000001, E0000007. */
  preview(caller: Caller, mappingId: string, body: PreviewBody): Promise<Preview>;
  /** Begins to apply a mapping to everybody; null where the source is no profile source. Throws E0000007, and 409 while it is under way. */
  apply(caller: Caller, mapping: StoredMapping): Promise<{ jobId: string } | null>;
  handler: JobHandler;
}

export interface UpdatesDeps extends ReapplyDeps {
  database: Database;
  clock: Clock;
  rules: ProfileRules;
  ports: UpdatePorts;
  jobs: Pick<Jobs, 'start'>;
  compiled(orgId: string, sourceId: string, userTypeId: string): Promise<CompiledMapping>;
  /** Throws E0000007. */
  existing(orgId: string, id: string): Promise<StoredMapping>;
}

export function createUpdates(deps: UpdatesDeps): Updates {
  const { database, clock, ports, schemas } = deps;
  return {
    handler: reapplyHandler(deps),
    async preview(caller, mappingId, body) {
      const { orgId } = caller;
      const mapping = await deps.existing(orgId, mappingId);
      if (mapping.targetKind !== 'user')
        throw apiErrors.validation('id', 'id: only a mapping to a user profile can be previewed');
      const idpSchema = await schemas.compiledSchemaOf(orgId, mapping.sourceId);
      if (idpSchema === null) throw apiErrors.notFound(mappingId, 'ProfileMapping');
      const now = clock.now();
      const person = body.userId == null ? null : await ports.person(orgId, body.userId);
      const said = await saidBy(deps, orgId, mapping, body, person);
      const source = sourceProfile(idpSchema, said.profile);
      const userName = await ports.userName(orgId, mapping.sourceId, source, now);
      const lines = previewOf(deps.rules, {
        ...{ source, userName, now, sourceId: mapping.sourceId },
        properties: mergeProperties(mapping.properties, body.properties ?? {}),
        schema: await schemas.compiledUserSchema(orgId, person?.user.typeId ?? mapping.targetId),
        person: person === null ? null : { profile: person.user.profile, sources: person.sources },
        profileSources: await ports.profileSources(orgId),
      });
      const asserted = said.at?.toISOString() ?? null;
      return { userId: person?.user.id ?? null, asserted, userName, properties: lines };
    },
    async apply(caller, { id, sourceId, targetId, targetKind }) {
      if (targetKind !== 'user' || !(await ports.profileSources(caller.orgId)).has(sourceId)) return null;
      const name = (await ports.sourceNames(caller.orgId)).get(sourceId)?.name ?? sourceId;
      return inTransaction(database, async (tx) => {
        const job = await deps.jobs.start(tx, caller, {
          kind: REAPPLY,
          title: `Apply ${name} to everybody`,
          params: { sourceId, userTypeId: targetId },
          total: await ports.countAsserted(tx, caller.orgId, sourceId),
          subjectId: id,
        });
        return { jobId: job.id };
      });
    },
  };
}

async function saidBy(
  { ports }: UpdatesDeps,
  orgId: string,
  { sourceId }: StoredMapping,
  body: PreviewBody,
  person: Person | null,
): Promise<{ profile: Person['user']['profile']; at: Date | null }> {
  if (body.profile != null) return { profile: body.profile, at: null };
  if (person === null)
    throw apiErrors.validation('profile', 'profile: name a userId, paste a profile as an object, or do both');
  const said = await ports.asserted(orgId, sourceId, person.user.id);
  if (said === null)
    throw apiErrors.validation(
      'userId',
      'userId: this user is not linked to the source, which has said nothing of them yet. Paste a profile to try the mapping.',
    );
  return said;
}

/** Whether a wish to apply a mapping met one that is under way. */
export const isUnderWay = (error: unknown): boolean => error instanceof ApiError && error.status === 409;
