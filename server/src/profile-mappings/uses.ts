/** What people call a mapping, and which mappings use an attribute: sentences that go on after "it is used by". Pure. */
import type { SourceNames } from '../directory/users/index.ts';
import { compile } from '../expressions/index.ts';
import { PRODUCT } from '../shared/product.ts';
import type { StoredMapping } from './store.ts';

type Ends = Pick<StoredMapping, 'sourceId' | 'sourceName' | 'targetId' | 'targetName' | 'targetKind'>;

/** For example "ID.me IdP - OIDC to Gatehouse User". */
export function titleOf(mapping: Ends, names: SourceNames): string {
  const user = (name: string) => (name === DEFAULT_TYPE ? `${PRODUCT} User` : name);
  const { sourceId, sourceName, targetId, targetName } = mapping;
  return mapping.targetKind === 'user'
    ? `${names.get(sourceId)?.name ?? sourceName} to ${user(targetName)}`
    : `${user(sourceName)} to ${names.get(targetId)?.name ?? targetName}`;
}

const DEFAULT_TYPE = 'user';
const NOUNS = { IDENTITY_PROVIDER: 'identity provider', APPLICATION: 'application' } as const;

/** A target of the owner's profile that is written, or a source attribute that an expression reads. */
export function usesOf(
  mapping: Pick<StoredMapping, 'properties'> & Ends,
  { ownerId, name }: { ownerId: string; name: string },
  names: SourceNames,
): string[] {
  const scope = mapping.targetKind === 'user' ? 'idpToUser' : 'userToApp';
  const roots = [
    ...(mapping.sourceId === ownerId ? (scope === 'idpToUser' ? ['idpuser'] : ['user']) : []),
    ...(mapping.targetId === ownerId && scope === 'idpToUser' ? ['user'] : []),
  ];
  const place = placeOf(mapping, names);
  return Object.entries(mapping.properties).flatMap(([target, { expression }]) => {
    if (mapping.targetId === ownerId && target === name) return [`${place}, which writes it`];
    const program = compile(expression, scope);
    const reads =
      program.ok && program.value.references.some(({ root, path }) => roots.includes(root) && path[0] === name);
    return reads ? [`${place}, which reads it for ${target}`] : [];
  });
}

/** The end that is no user type goes first; the user type is named where it is not everybody's. */
function placeOf({ sourceId, sourceName, targetId, targetName, targetKind }: Ends, names: SourceNames): string {
  const inbound = targetKind === 'user';
  const [id, name, type] = inbound ? [sourceId, sourceName, targetName] : [targetId, targetName, sourceName];
  const known = names.get(id);
  const other = known === undefined ? `${name} (${id})` : `the ${NOUNS[known.type]} "${known.name}" (${id})`;
  const place = `the mapping ${inbound ? 'from' : 'to'} ${other}`;
  return type === DEFAULT_TYPE ? place : `${place} ${inbound ? 'to' : 'from'} the user type ${type}`;
}
