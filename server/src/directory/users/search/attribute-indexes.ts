/** The indexes of custom attributes: one for each attribute of a user type, whatever its org; none for sensitive ones. */
import { type Database, keepIndexes } from '../../../database/index.ts';
import { sha256 } from '../../../shared/secrets.ts';
import type { Attribute } from '../../profile-schemas/index.ts';
import { type IndexKind, indexKindOf, isWord, keyOf, type SearchedSchemas } from './columns.ts';

const PREFIX = 'users_custom_';

/** Brings them to where the schemas say that they should be. Takes seconds for each million of users and index; nobody waits for it. */
export function keepAttributeIndexes(
  database: Database,
  schemas: SearchedSchemas,
): Promise<{ made: string[]; dropped: string[] }> {
  const attributes = schemas.flatMap((schema) => [...schema.attributes.values()]);
  const hidden = new Set(attributes.filter(({ sensitive }) => sensitive).map(({ name }) => name));
  const wanted = attributes.filter(({ name, base }) => !base && !hidden.has(name) && isWord(name));
  return keepIndexes(database, { table: 'users', prefix: PREFIX, definitions: new Map(wanted.map(indexOf)) });
}

function indexOf(attribute: Attribute): [name: string, definition: string] {
  const kind = indexKindOf(attribute);
  return [nameOf(kind, attribute.name), DEFINITIONS[kind](attribute.name)];
}

/** At most 63 characters: the beginning of the name for people, a digest of it to tell names apart. */
const nameOf = (kind: IndexKind, name: string) =>
  `${PREFIX}${kind}_${name.slice(0, 30)}_${sha256(name).toString('hex').slice(0, 10)}`;

/** People without a value are in them too: the planner takes an index's statistics for the table's. */
const DEFINITIONS: Readonly<Record<IndexKind, (name: string) => string>> = {
  text: (name) => `(org_id, (${keyOf('text', name)}), id)`,
  number: (name) => `(org_id, (${keyOf('number', name)}), id)`,
  set: (name) => `using gin ((${keyOf('set', name)}))`,
};
