/** One change of a schema, inside its transaction: merged, checked against its use and its holders, stored, recorded. */
import type { Executor } from '../../database/index.ts';
import { apiErrors, requireVersion } from '../../http/index.ts';
import type { Configuration } from '../../orgs/index.ts';
import { type Caller, doneBy, record } from '../../system-log/index.ts';
import { type CompiledSchema, compileAttribute, type Definition, type OwnerKind } from './attribute.ts';
import { BASE_GROUP, BASE_USER, type BaseAttribute, baseOf } from './base.ts';
import { parseChange } from './definitions/parse.ts';
import { type RemovalPorts, refuseLeaving, removeValues } from './removal/removal.ts';
import { listSchemas, lockSchema, type SchemaRow, updateSchema } from './store.ts';

/** What schemas need of the people whose profiles they describe. */
export interface ProfileHolders {
  /** Writes the value rows of every user anew; returns the unique attributes of which two users have the same value. */
  reindexValues(tx: Executor, orgId: string, schema: CompiledSchema): Promise<Duplicates[]>;
}

/** Values that stand in the way of uniqueness. */
export interface Duplicates {
  attribute: string;
  /** How many users have a value that another user has already. */
  users: number;
  /** The login of one of them. */
  example: string;
}

/** An attribute that is to be removed. */
export interface UsedAttribute {
  ownerKind: OwnerKind;
  ownerId: string;
  name: string;
  /** Another user type has an attribute of this name: what concerns the users of every type still finds one. */
  elsewhere: boolean;
}

export interface ChangePorts extends RemovalPorts {
  configuration: Configuration;
  /** The custom attributes of users are others now: their indexes have to follow, after this transaction. */
  attributesChanged(tx: Executor): Promise<void>;
  holders: ProfileHolders;
  /** Sentences that say where an attribute is used ("the mapping of …"); empty when it may go. */
  usedBy(tx: Executor, orgId: string, attribute: UsedAttribute): Promise<string[]>;
}

const TARGETS: Readonly<Record<OwnerKind, string>> = {
  user_type: 'UserSchema',
  idp: 'AppUserSchema',
  app: 'AppUserSchema',
  group: 'GroupSchema',
};

interface Change {
  caller: Caller;
  id: string;
  body: unknown;
  /** From If-Match; null when the client does not mind. */
  expectedVersion: number | null;
  at: Date;
}

/** Throws E0000001 (with the attribute's name), E0000007, 412. */
export async function changeSchema(
  tx: Executor,
  ports: ChangePorts,
  { caller, id, body, expectedVersion, at }: Change,
): Promise<SchemaRow> {
  const row = await lockSchema(tx, caller.orgId, id);
  if (row === null) throw apiErrors.notFound(id, 'UserSchema');
  requireVersion(expectedVersion, row);
  const change = parseChange(body, {
    ownerKind: row.ownerKind,
    base: baseAttributes(row),
    custom: row.custom,
    overrides: row.base,
  });
  const removed = Object.keys(change.custom).filter(
    (name) => change.custom[name] === null && Object.hasOwn(row.custom, name),
  );
  const added = Object.keys(change.custom).filter(
    (name) => change.custom[name] !== null && !Object.hasOwn(row.custom, name),
  );
  await refuseUsed(tx, ports, caller.orgId, row, removed);
  await refuseLeaving(tx, caller.orgId, row, added);
  const next = await updateSchema(tx, caller.orgId, {
    ...row,
    custom: merge(row.custom, change.custom),
    base: { ...row.base, ...change.overrides },
    lastUpdated: at,
  });
  if (row.ownerKind === 'user_type' || row.ownerKind === 'group') {
    if (removed.length > 0) await removeValues(tx, ports, caller, { owner: row, names: removed });
    await indexAnew(tx, ports.holders, caller.orgId, { before: compileSchema(row), after: compileSchema(next) });
    await ports.attributesChanged(tx);
  }
  await ports.configuration.changed(tx, caller.orgId);
  const targets = [{ id: row.id, type: TARGETS[row.ownerKind], alternateId: row.name, displayName: row.title }];
  const debugData = { attributes: [...Object.keys(change.custom), ...Object.keys(change.overrides)].join(', ') };
  await record(tx, doneBy(caller, { type: 'directory.user_profile.update', at, targets, debugData }));
  return next;
}

async function refuseUsed(
  tx: Executor,
  ports: ChangePorts,
  orgId: string,
  { ownerKind, ownerId }: SchemaRow,
  names: readonly string[],
) {
  if (names.length === 0) return;
  const others = (await listSchemas(tx, orgId)).filter(
    (row) => row.ownerKind === 'user_type' && row.ownerId !== ownerId,
  );
  for (const name of names) {
    const elsewhere = ownerKind === 'user_type' && others.some((row) => Object.hasOwn(row.custom, name));
    const places = await ports.usedBy(tx, orgId, { ownerKind, ownerId, name, elsewhere });
    if (places.length === 0) continue;
    throw apiErrors.validation(name, ...places.map((place) => `${name}: cannot be removed, it is used by ${place}`));
  }
}

/** Where an attribute has become or is no longer unique or sensitive; the rows of one that is gone go with its values. */
async function indexAnew(
  tx: Executor,
  holders: ProfileHolders,
  orgId: string,
  { before, after }: { before: CompiledSchema; after: CompiledSchema },
) {
  if (after.ownerKind !== 'user_type' || indexed(before, after) === indexed(after, after)) return;
  const duplicates = await holders.reindexValues(tx, orgId, after);
  const [first] = duplicates;
  if (first === undefined) return;
  throw apiErrors.validation(first.attribute, ...duplicates.map(duplicateSentence));
}

function duplicateSentence({ attribute, users, example }: Duplicates): string {
  const who = users === 1 ? '1 user has a value' : `${users} users have values`;
  return `${attribute}: cannot be unique, ${who} that somebody else has too, for example ${example}`;
}

/** What decides which value rows exist of the attributes that there are still. */
function indexed(schema: CompiledSchema, still: CompiledSchema): string {
  const marked = [...schema.attributes.values()].filter(
    ({ name, unique, sensitive }) => (unique || sensitive) && still.attributes.has(name),
  );
  return marked.map(({ name, unique, sensitive }) => `${name} ${unique} ${sensitive}`).join('\n');
}

function merge(
  custom: Record<string, Definition>,
  change: Record<string, Definition | null>,
): Record<string, Definition> {
  const all = Object.entries({ ...custom, ...change });
  return Object.fromEntries(all.filter((entry): entry is [string, Definition] => entry[1] !== null));
}

export function baseAttributes(row: { ownerKind: OwnerKind; name: string }): readonly BaseAttribute[] {
  if (row.ownerKind === 'user_type') return BASE_USER;
  return row.ownerKind === 'group' ? BASE_GROUP : baseOf(row.name);
}

export function compileSchema(
  row: Pick<SchemaRow, 'id' | 'ownerKind' | 'ownerId' | 'name' | 'custom' | 'base' | 'version'>,
): CompiledSchema {
  const attributes = [
    ...baseAttributes(row).map(({ name, definition, impliedFormat }) =>
      compileAttribute(name, { ...definition, ...row.base[name] }, { base: true, impliedFormat }),
    ),
    ...Object.entries(row.custom).map(([name, definition]) => compileAttribute(name, definition, { base: false })),
  ];
  return {
    id: row.id,
    ownerKind: row.ownerKind,
    ownerId: row.ownerId,
    name: row.name,
    version: row.version,
    attributes: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    byExternalName: new Map(
      attributes.flatMap((attribute) =>
        attribute.externalName === undefined ? [] : [[attribute.externalName, attribute]],
      ),
    ),
  };
}
