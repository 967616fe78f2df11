/** Wire shapes of schemas (contract §5): each definition with the defaults that a client reads back. */
import { PRODUCT } from '../../shared/product.ts';
import { DEFAULT_MASTER, DEFAULT_PERMISSIONS, type Definition } from './attribute.ts';
import type { BaseAttribute } from './base.ts';
import type { SchemaRow } from './store.ts';

export const USER_SCHEMA_DESCRIPTION = `${PRODUCT} user profile template with default permission settings`;
const DESCRIPTIONS: Readonly<Partial<Record<SchemaRow['ownerKind'], string>>> = {
  user_type: USER_SCHEMA_DESCRIPTION,
  group: `${PRODUCT} group profile template`,
};

export type SchemaWire = ReturnType<typeof schemaToWire>;

/** The whole schema. `path`: what follows `/meta/schemas/` in the address that the client used. */
export function schemaToWire(
  row: SchemaRow,
  base: readonly BaseAttribute[],
  context: { baseUrl: string; path: string },
) {
  const { baseUrl, path } = context;
  const baseDefinitions = base.map(({ name, definition }) => [name, { ...definition, ...row.base[name] }] as const);
  const userType = row.ownerKind === 'user_type';
  const description = DESCRIPTIONS[row.ownerKind];
  return {
    id: `${baseUrl}/meta/schemas/${path}`,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name: row.name,
    title: row.title,
    ...(description === undefined ? {} : { description }),
    lastUpdated: row.lastUpdated.toISOString(),
    created: row.created.toISOString(),
    definitions: {
      custom: partToWire('#custom', Object.entries(row.custom)),
      base: partToWire('#base', baseDefinitions),
    },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
    _links: {
      self: { rel: 'self', href: `${baseUrl}/api/v1/meta/schemas/${path}`, method: 'GET' },
      ...(userType
        ? { type: { rel: 'type', href: `${baseUrl}/api/v1/meta/types/user/${row.ownerId}`, method: 'GET' } }
        : {}),
    },
  };
}

function partToWire(id: string, definitions: (readonly [string, Definition])[]) {
  return {
    id,
    type: 'object',
    properties: Object.fromEntries(definitions.map(([name, definition]) => [name, definitionToWire(definition)])),
    required: definitions.filter(([, definition]) => definition.required).map(([name]) => name),
  };
}

/** `required: false` is left out; mutability, scope, permissions and master always stand there. */
function definitionToWire(definition: Definition): Definition {
  const {
    title,
    description,
    type,
    format,
    required,
    mutability,
    scope,
    unique,
    pattern,
    minLength,
    maxLength,
    ...rest
  } = definition;
  const { permissions, master, ...others } = rest;
  const wire = {
    title,
    description,
    type,
    format,
    required: required === true ? true : undefined,
    mutability: mutability ?? 'READ_WRITE',
    scope: scope ?? 'NONE',
    unique,
    pattern,
    minLength,
    maxLength,
    ...others,
    permissions: permissions ?? DEFAULT_PERMISSIONS,
    master: master ?? DEFAULT_MASTER,
  };
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined)) as unknown as Definition;
}
