/** What applications ask of the rest of the house; app.ts supplies it. */
import type { Executor } from '../database/index.ts';
import type { CompiledSchema, Schemas } from '../directory/profile-schemas/index.ts';
import type { OutboundMappings } from '../profile-mappings/index.ts';
import type { Json } from '../shared/json.ts';

/** A person as an assignment sees them. */
export interface AssignablePerson {
  id: string;
  typeId: string;
  status: string;
  profile: Record<string, Json>;
  created: Date;
}

export interface ApplicationPorts {
  /** The id of the group that everybody belongs to. */
  everyoneGroupId(orgId: string): Promise<string>;
  people: {
    /** Those of the ids that exist and are not deprovisioned. */
    byIds(db: Executor, orgId: string, ids: readonly string[]): Promise<AssignablePerson[]>;
    /** Those of the ids that exist, deprovisioned ones too. Their rows are held until the transaction ends; so are their memberships. */
    hold(tx: Executor, orgId: string, ids: readonly string[]): Promise<AssignablePerson[]>;
    /** Everybody who is not deprovisioned, by id, beginning after an id. */
    page(db: Executor, orgId: string, after: string | null, limit: number): Promise<AssignablePerson[]>;
    /** The same of those `among` (null: all) whose login, names or e-mail address begin with `q`, or who are one of `also`. */
    alike(
      db: Executor,
      orgId: string,
      wanted: { q: string; also: readonly string[]; among: readonly string[] | null; after: string; limit: number },
    ): Promise<AssignablePerson[]>;
  };
  groups: {
    /** The name of each of the ids that exists. */
    names(db: Executor, orgId: string, ids: readonly string[]): Promise<Map<string, string>>;
    /** Until the transaction ends nobody comes to these groups, leaves them or deletes them. */
    hold(tx: Executor, orgId: string, ids: readonly string[]): Promise<void>;
    /** The stored members of any of the groups, each once. */
    memberIds(tx: Executor, orgId: string, groupIds: readonly string[]): Promise<string[]>;
    /** The stored memberships of some users. */
    memberships(
      tx: Executor,
      orgId: string,
      userIds: readonly string[],
    ): Promise<{ userId: string; groupId: string }[]>;
  };
  /** The org's access policy (routing-rules keeps the policies). */
  accessPolicyId(orgId: string): Promise<string>;
  /** The key that signs ID tokens of an algorithm now; null before the first is made. */
  signingKeyId(orgId: string, alg: 'RS256' | 'ES256'): Promise<string | null>;
  schemas: Pick<Schemas, 'validate'> & {
    /** The schema of each application, by the application's id. */
    ofApplications(orgId: string): Promise<ReadonlyMap<string, CompiledSchema>>;
  };
  /** The mappings from users to applications. */
  mappings(db: Executor, orgId: string): Promise<OutboundMappings>;
  /** What every application owns elsewhere: its schema and its mappings with the user type. */
  belongings: {
    create(tx: Executor, orgId: string, app: { id: string; name: string; label: string; at: Date }): Promise<void>;
    remove(tx: Executor, orgId: string, app: { id: string }): Promise<void>;
  };
}
