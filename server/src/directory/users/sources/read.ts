/** Reads what provenance.ts tells of a user: the sources' rows, and the names of whoever changed something. */
import type { Database } from '../../../database/index.ts';
import type { Schemas } from '../../profile-schemas/index.ts';
import type { User } from '../schema.ts';
import { findUsers } from '../store.ts';
import { type ProvenanceWire, provenanceOf, type SourceNames } from './provenance.ts';
import { sourcesOf } from './store.ts';

export interface ProvenanceDeps {
  database: Database;
  schemas: Pick<Schemas, 'compiledUserSchema'>;
  profileSources(orgId: string): Promise<ReadonlySet<string>>;
  sourceNames(orgId: string): Promise<SourceNames>;
}

export async function readProvenance(
  { database, schemas, profileSources, sourceNames }: ProvenanceDeps,
  orgId: string,
  user: User,
): Promise<{ attributes: ProvenanceWire[] }> {
  const rows = await sourcesOf(database, orgId, user.id);
  const callers = new Set(rows.flatMap((row) => Object.values(row.origins).flatMap(({ by }) => by ?? [])));
  const known = await findUsers(database, orgId, [...callers]);
  return {
    attributes: provenanceOf({
      user,
      rows,
      schema: await schemas.compiledUserSchema(orgId, user.typeId),
      profileSources: await profileSources(orgId),
      names: await sourceNames(orgId),
      people: new Map(known.map(({ id, profile }) => [id, String(profile.login ?? '')])),
    }),
  };
}
