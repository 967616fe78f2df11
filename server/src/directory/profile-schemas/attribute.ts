/** What an attribute is: its wire definition as stored, and its compiled form with every default filled in (contract §5). */
import { RE2JS } from 're2js';
import type { Json } from '../../shared/json.ts';

export type AttributeType = 'string' | 'boolean' | 'number' | 'integer' | 'array';
export type ItemType = 'string' | 'number' | 'integer';
export type MasterType = 'PROFILE_MASTER' | 'OKTA' | 'OVERRIDE';

export interface Master {
  type: MasterType;
  /** OVERRIDE only: the first source that supplies a value wins; 'OKTA' is the hub itself. */
  priority?: { type: 'APP' | 'OKTA'; value?: string }[];
}

export interface Permission {
  principal: 'SELF';
  action: 'HIDE' | 'READ_ONLY' | 'READ_WRITE';
}

export interface Choice {
  const: Json;
  title: string;
}

/** An attribute as clients send and read it. */
export interface Definition {
  title?: string;
  description?: string;
  type: AttributeType;
  format?: string;
  required?: boolean;
  mutability?: string;
  scope?: 'NONE' | 'SELF';
  unique?: 'UNIQUE_VALIDATED';
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  enum?: Json[];
  oneOf?: Choice[];
  items?: { type: ItemType; enum?: Json[]; oneOf?: Choice[] };
  permissions?: Permission[];
  master?: Master;
  externalName?: string;
  externalNamespace?: string;
  union?: 'ENABLE' | 'DISABLE';
  /** Our own: values are kept out of clear-text indexes, and masked where they are shown. */
  sensitive?: boolean;
}

export interface Attribute {
  name: string;
  title: string;
  type: AttributeType;
  itemType: ItemType;
  required: boolean;
  unique: boolean;
  sensitive: boolean;
  base: boolean;
  master: Master;
  permissions: Permission[];
  externalName?: string;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  /** The closed set of values; of an array's elements where the type is array. */
  enum?: Json[];
  /** Whether a whole text matches `pattern`, in linear time; always true without one. */
  matches(text: string): boolean;
}

export interface CompiledSchema {
  id: string;
  ownerKind: OwnerKind;
  /** A user type, an identity provider, an application, or 'group'. */
  ownerId: string;
  name: string;
  /** Counts the changes of the schema. */
  version: number;
  /** By variable name: base attributes first, in the order of the contract. */
  attributes: ReadonlyMap<string, Attribute>;
  /** By external name (claim, SAML attribute). */
  byExternalName: ReadonlyMap<string, Attribute>;
}

/** What a profile is of: people of a type, accounts at a provider or application, groups (one schema for all of them). */
export type OwnerKind = 'user_type' | 'idp' | 'app' | 'group';

export const DEFAULT_MASTER: Master = { type: 'PROFILE_MASTER' };
export const DEFAULT_PERMISSIONS: Permission[] = [{ principal: 'SELF', action: 'READ_ONLY' }];

/** `impliedFormat`: checked like `format`, but not shown on the wire (the login's e-mail form). */
export function compileAttribute(
  name: string,
  definition: Definition,
  options: { base: boolean; impliedFormat?: string },
): Attribute {
  const pattern = definition.pattern === undefined ? null : RE2JS.compile(definition.pattern);
  return {
    name,
    title: definition.title ?? name,
    type: definition.type,
    itemType: definition.items?.type ?? 'string',
    required: definition.required ?? false,
    unique: definition.unique !== undefined,
    sensitive: definition.sensitive ?? false,
    base: options.base,
    master: definition.master ?? DEFAULT_MASTER,
    permissions: definition.permissions ?? DEFAULT_PERMISSIONS,
    externalName: definition.externalName,
    format: definition.format ?? options.impliedFormat,
    pattern: definition.pattern,
    minLength: definition.minLength,
    maxLength: definition.maxLength,
    enum: choicesOf(definition.items ?? definition),
    matches: (text) => pattern === null || pattern.matches(text),
  };
}

function choicesOf(set: { enum?: Json[]; oneOf?: Choice[] }): Json[] | undefined {
  return set.enum ?? set.oneOf?.map((choice) => choice.const);
}
