/** A mapping as `/api/v1/mappings` sends it (contract §6). Pure. */
import type { ProfileKind } from './schema.ts';
import type { StoredMapping } from './store.ts';

export type MappingWire = ReturnType<typeof mappingToWire>;

/** `schemaIdOf`: the schema of a user type. A list leaves `properties` out. */
export function mappingToWire(
  mapping: StoredMapping,
  context: { baseUrl: string; schemaIdOf(userTypeId: string): string },
) {
  return {
    ...mappingInList(mapping, context),
    properties: mapping.properties,
    _links: linksOf(mapping, context.baseUrl),
  };
}

export function mappingInList(
  mapping: StoredMapping,
  { baseUrl, schemaIdOf }: { baseUrl: string; schemaIdOf(userTypeId: string): string },
) {
  const end = (id: string, name: string, type: ProfileKind) => ({
    id,
    name,
    type,
    _links: endLinks(baseUrl, id, type, schemaIdOf),
  });
  return {
    id: mapping.id,
    source: end(mapping.sourceId, mapping.sourceName, mapping.sourceKind),
    target: end(mapping.targetId, mapping.targetName, mapping.targetKind),
    _links: linksOf(mapping, baseUrl),
  };
}

const linksOf = ({ id }: StoredMapping, baseUrl: string) => ({ self: { href: `${baseUrl}/api/v1/mappings/${id}` } });

function endLinks(baseUrl: string, id: string, type: ProfileKind, schemaIdOf: (userTypeId: string) => string) {
  const [self, schema] =
    type === 'user'
      ? [`meta/types/user/${id}`, `meta/schemas/user/${schemaIdOf(id)}`]
      : [`apps/${id}`, `meta/schemas/apps/${id}/default`];
  return { self: { href: `${baseUrl}/api/v1/${self}` }, schema: { href: `${baseUrl}/api/v1/${schema}` } };
}
