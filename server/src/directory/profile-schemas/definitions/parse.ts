/**
 * From the JSON that a client posts to definitions that can be stored: each rule is one row, the first broken one is answered. It
 * knows nothing of users or of the database.
 */
import { RE2JS } from 're2js';
import { apiErrors } from '../../../http/index.ts';
import { isObject, isUnsafeName, type Json } from '../../../shared/json.ts';
import type { Choice, Definition, ItemType, Master, OwnerKind, Permission } from '../attribute.ts';
import { type BaseAttribute, OPTIONAL_REQUIRED, RESERVED_USER_NAMES } from '../base.ts';
import { FORMAT_NAMES, hasType, MAX_LENGTH } from '../validate.ts';
import {
  ACTIONS,
  ITEM_TYPES,
  MASTER_TYPES,
  MAX_ATTRIBUTES,
  MAX_CHOICES,
  MAX_PATTERN,
  MAX_PROGRAM,
  MAX_TEXT,
  MUTABILITIES,
  NAME,
  TYPES,
} from './keys.ts';

/** A change of `definitions.custom.properties`: null removes. */
export type CustomChange = Record<string, Definition | null>;
export type BaseOverride = Pick<Definition, 'required' | 'permissions' | 'master' | 'externalName'>;

/** Parses one posted schema. Throws E0000001 with one cause. */
export function parseChange(
  body: unknown,
  schema: {
    ownerKind: OwnerKind;
    base: readonly BaseAttribute[];
    custom: Record<string, Definition>;
    overrides: Record<string, BaseOverride>;
  },
): { custom: CustomChange; overrides: Record<string, BaseOverride> } {
  const definitions = isObject(body) && isObject(body.definitions) ? body.definitions : {};
  const custom: CustomChange = {};
  for (const [name, sent] of Object.entries(propertiesOf(definitions.custom))) {
    custom[name] = sent === null ? null : parseCustom(name, sent, schema);
  }
  const kept = new Set([...Object.keys(schema.custom), ...Object.keys(custom)]);
  for (const [name, definition] of Object.entries(custom)) if (definition === null) kept.delete(name);
  if (kept.size > MAX_ATTRIBUTES)
    throw invalid('properties', `at most ${MAX_ATTRIBUTES} custom attributes, these would be ${kept.size}`);
  const overrides: Record<string, BaseOverride> = {};
  for (const [name, sent] of Object.entries(propertiesOf(definitions.base))) {
    const base = schema.base.find((attribute) => attribute.name === name);
    if (base === undefined) throw invalid(name, 'this base attribute does not exist');
    if (isObject(sent)) overrides[name] = parseOverride(base, sent, schema.ownerKind, schema.overrides[name]);
  }
  return { custom, overrides };
}

function propertiesOf(part: unknown): Record<string, unknown> {
  return isObject(part) && isObject(part.properties) ? part.properties : {};
}

function parseCustom(
  name: string,
  sent: unknown,
  schema: { ownerKind: OwnerKind; base: readonly BaseAttribute[]; custom: Record<string, Definition> },
): Definition {
  if (!NAME.test(name) || isUnsafeName(name)) {
    throw invalid(
      name.slice(0, 100),
      'a variable name has up to 100 letters, digits and underscores, and no digit first',
    );
  }
  if (schema.base.some((attribute) => attribute.name === name)) throw invalid(name, 'a base attribute has this name');
  if (schema.ownerKind === 'user_type' && RESERVED_USER_NAMES.has(name)) throw invalid(name, 'this name is reserved');
  if (!isObject(sent)) throw invalid(name, 'expected an object');
  const known = Object.hasOwn(schema.custom, name) ? schema.custom[name] : undefined;
  const definition = parseDefinition(name, sent);
  if (known !== undefined && (known.type !== definition.type || itemType(known) !== itemType(definition)))
    throw invalid(name, 'the type of an existing attribute cannot be changed');
  if (hasExternalNames(schema.ownerKind) && definition.externalName === undefined)
    throw invalid(name, 'externalName: The field cannot be left blank');
  if (schema.ownerKind === 'group' && definition.unique !== undefined)
    throw invalid(name, 'unique: attributes of groups cannot be unique');
  if (definition.sensitive === undefined && known?.sensitive !== undefined) definition.sensitive = known.sensitive;
  return definition;
}

const itemType = ({ items }: Definition) => items?.type ?? 'string';
const hasExternalNames = (ownerKind: OwnerKind) => ownerKind === 'idp' || ownerKind === 'app';

/** One definition with only the keys that were sent and mean something. */
function parseDefinition(name: string, whole: Record<string, unknown>): Definition {
  const sent = stated(whole);
  const type = oneOf(TYPES, sent.type ?? 'string', name, 'type');
  const definition: Definition = {
    title: text(sent.title, name, 'title') ?? name,
    description: text(sent.description, name, 'description'),
    type,
    format: sent.format == null ? undefined : oneOf(FORMAT_NAMES, sent.format, name, 'format'),
    required: yesOrNo(sent.required, name, 'required') === true ? true : undefined,
    mutability: sent.mutability == null ? undefined : oneOf(MUTABILITIES, sent.mutability, name, 'mutability'),
    scope: sent.scope == null ? undefined : oneOf(['NONE', 'SELF'] as const, sent.scope, name, 'scope'),
    unique: parseUnique(name, sent.unique),
    pattern: pattern(sent.pattern, name),
    minLength: count(sent.minLength, name, 'minLength'),
    maxLength: count(sent.maxLength, name, 'maxLength'),
    items: sent.items == null ? undefined : parseItems(name, sent.items),
    ...parseChoices(name, sent, type === 'array' ? 'string' : type),
    permissions: sent.permissions == null ? undefined : parsePermissions(name, sent.permissions),
    master: sent.master == null ? undefined : parseMaster(name, sent.master),
    externalName: text(sent.externalName, name, 'externalName'),
    externalNamespace: text(sent.externalNamespace, name, 'externalNamespace'),
    union: sent.union == null ? undefined : oneOf(['ENABLE', 'DISABLE'] as const, sent.union, name, 'union'),
    sensitive: yesOrNo(sent.sensitive, name, 'sensitive'),
  };
  checkTogether(name, definition);
  return definition;
}

function parseUnique(name: string, sent: unknown): Definition['unique'] {
  if (sent == null || sent === false) return undefined;
  if (sent === true) return 'UNIQUE_VALIDATED';
  return oneOf(['UNIQUE_VALIDATED', 'NOT_UNIQUE'] as const, sent, name, 'unique') === 'NOT_UNIQUE'
    ? undefined
    : 'UNIQUE_VALIDATED';
}

/** Clients that write out every key send '' and [] where they mean nothing. */
function stated(sent: Record<string, unknown>): Record<string, unknown> {
  const empty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => !empty(value)));
}

/** Rules between the keys of one definition: what must not be, and why. */
const TOGETHER: readonly [(d: Definition) => boolean, string][] = [
  [(d) => d.type !== 'string' && d.format !== undefined, 'format: only texts have a format'],
  [(d) => d.type !== 'string' && d.pattern !== undefined, 'pattern: only texts have a pattern'],
  [
    (d) => d.type !== 'string' && (d.minLength !== undefined || d.maxLength !== undefined),
    'minLength, maxLength: only texts have a length',
  ],
  [(d) => (d.minLength ?? 0) > (d.maxLength ?? Number.POSITIVE_INFINITY), 'minLength: greater than maxLength'],
  [(d) => d.type !== 'array' && d.items !== undefined, 'items: only arrays have items'],
  [
    (d) => d.type === 'array' && (d.enum !== undefined || d.oneOf !== undefined),
    'enum: an array states its choices in items',
  ],
  [
    (d) => d.type === 'boolean' && (d.enum !== undefined || d.oneOf !== undefined),
    'enum: a boolean has no further choices',
  ],
  [
    (d) => d.unique !== undefined && (d.type === 'array' || d.type === 'boolean'),
    'unique: only texts and numbers can be unique',
  ],
];

function checkTogether(name: string, definition: Definition): void {
  const broken = TOGETHER.find(([applies]) => applies(definition));
  if (broken !== undefined) throw invalid(name, broken[1]);
}

function parseOverride(
  base: BaseAttribute,
  sent: Record<string, unknown>,
  ownerKind: OwnerKind,
  known: BaseOverride = {},
): BaseOverride {
  const { name } = base;
  const { required, ...kept } = known;
  const override: BaseOverride = kept;
  const wanted = typeof sent.required === 'boolean' ? sent.required : required;
  if (wanted !== undefined && wanted !== (base.definition.required ?? false)) {
    if (ownerKind !== 'user_type' || !OPTIONAL_REQUIRED.has(name)) {
      throw invalid(name, 'required: cannot be changed for this base attribute');
    }
    override.required = wanted;
  }
  if (sent.permissions != null) override.permissions = parsePermissions(name, sent.permissions);
  if (sent.master != null) override.master = parseMaster(name, sent.master);
  if (hasExternalNames(ownerKind) && sent.externalName != null)
    override.externalName = text(sent.externalName, name, 'externalName');
  return override;
}

function parseItems(name: string, sent: unknown): NonNullable<Definition['items']> {
  if (!isObject(sent)) throw invalid(name, 'items: expected an object');
  const type: ItemType = oneOf(ITEM_TYPES, sent.type ?? 'string', name, 'items.type');
  return { type, ...parseChoices(name, stated(sent), type) };
}

function parseChoices(name: string, sent: Record<string, unknown>, type: string): { enum?: Json[]; oneOf?: Choice[] } {
  const made: { enum?: Json[]; oneOf?: Choice[] } = {};
  if (sent.enum != null) {
    checkCount(name, 'enum', sent.enum);
    if (!isList(sent.enum) || !sent.enum.every((item) => hasType(type, item as Json)))
      throw invalid(name, `enum: expected a list of values of type ${type}`);
    made.enum = sent.enum as Json[];
    if (new Set(made.enum).size !== made.enum.length) throw invalid(name, 'enum: a value stands twice');
  }
  if (sent.oneOf != null) {
    checkCount(name, 'oneOf', sent.oneOf);
    const valid = (item: unknown) =>
      isObject(item) &&
      hasType(type, item.const as Json) &&
      typeof item.title === 'string' &&
      item.title.length <= MAX_TEXT;
    if (!isList(sent.oneOf) || !sent.oneOf.every(valid))
      throw invalid(name, 'oneOf: expected a list of { const, title }');
    made.oneOf = (sent.oneOf as Choice[]).map((choice) => ({ const: choice.const, title: choice.title }));
    const constants = new Set(made.oneOf.map((choice) => choice.const));
    const agree =
      made.enum === undefined ||
      (made.enum.length === constants.size && made.enum.every((item) => constants.has(item)));
    if (constants.size !== made.oneOf.length || !agree) throw invalid(name, 'oneOf: must name each value of enum once');
  }
  return made;
}

function parsePermissions(name: string, sent: unknown): Permission[] {
  const valid = (item: unknown): item is Permission =>
    isObject(item) && item.principal === 'SELF' && ACTIONS.some((action) => action === item.action);
  if (!isList(sent) || !sent.every(valid))
    throw invalid(name, `permissions: expected [{"principal":"SELF","action":${ACTIONS.join('|')}}]`);
  return sent.map(({ principal, action }) => ({ principal, action }));
}

function parseMaster(name: string, sent: unknown): Master {
  const type = oneOf(MASTER_TYPES, isObject(sent) ? sent.type : sent, name, 'master.type');
  if (type !== 'OVERRIDE') return { type };
  const priority = (sent as { priority?: unknown }).priority;
  const valid = (item: unknown): item is { type: 'APP' | 'OKTA'; value?: string } =>
    isObject(item) &&
    (item.type === 'OKTA' || (item.type === 'APP' && typeof item.value === 'string' && item.value.length <= 100));
  if (!isList(priority) || !priority.every(valid))
    throw invalid(name, 'master.priority: OVERRIDE needs a list of {"type":"APP","value":id} and {"type":"OKTA"}');
  return {
    type,
    priority: priority.map((item) => ({ type: item.type, ...(item.value === undefined ? {} : { value: item.value }) })),
  };
}

function pattern(sent: unknown, name: string): string | undefined {
  if (sent == null) return undefined;
  if (typeof sent !== 'string' || sent.length > MAX_PATTERN)
    throw invalid(name, `pattern: expected a text of at most ${MAX_PATTERN} characters`);
  const program = programSize(sent);
  if (program === null)
    throw invalid(name, 'pattern: not a valid regular expression (RE2 syntax: no look-around, no back references)');
  if (program > MAX_PROGRAM) throw invalid(name, 'pattern: too costly, use smaller repeat counts');
  return sent;
}

function programSize(source: string): number | null {
  try {
    return RE2JS.compile(source).programSize();
  } catch {
    return null;
  }
}

function checkCount(name: string, key: string, sent: unknown): void {
  if (Array.isArray(sent) && sent.length > MAX_CHOICES)
    throw invalid(name, `${key}: at most ${MAX_CHOICES} values, these are ${sent.length}`);
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_CHOICES;
}

function text(value: unknown, name: string, key: string): string | undefined {
  if (value == null || value === '') return undefined;
  if (typeof value !== 'string' || value.length > MAX_TEXT)
    throw invalid(name, `${key}: expected a text of at most ${MAX_TEXT} characters`);
  return value;
}

function count(value: unknown, name: string, key: string): number | undefined {
  if (value == null) return undefined;
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw invalid(name, `${key}: expected a whole number, 0 or more`);
  if ((value as number) > MAX_LENGTH) throw invalid(name, `${key}: at most ${MAX_LENGTH}, no text may be longer`);
  return value as number;
}

function yesOrNo(value: unknown, name: string, key: string): boolean | undefined {
  if (value == null) return undefined;
  if (typeof value !== 'boolean') throw invalid(name, `${key}: expected true or false`);
  return value;
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown, name: string, key: string): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw invalid(name, `${key}: expected one of ${allowed.join(', ')}`);
  return found;
}

function invalid(name: string, cause: string) {
  return apiErrors.validation(name, `${name}: ${cause}`);
}
