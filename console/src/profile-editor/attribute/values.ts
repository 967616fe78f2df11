/** The values of the attribute form, and their way from and to the wire. Pure. */
import type { SchemaProperty } from '../../contract.ts';

/** An array's elements have a type too: `array:integer`. */
export type DataType = 'string' | 'boolean' | 'number' | 'integer' | 'array' | 'array:number' | 'array:integer';
export type Permission = 'HIDE' | 'READ_ONLY' | 'READ_WRITE';
export type Source = NonNullable<SchemaProperty['master']>['type'];

/** Stands for the hub itself among the sources of an attribute. */
export const HUB = 'OKTA';

export interface Choice {
  title: string;
  value: string;
}

export type AttributeValues = {
  type: DataType;
  title: string;
  name: string;
  externalName: string;
  description: string;
  enumerated: boolean;
  choices: Choice[];
  minLength: number | '';
  maxLength: number | '';
  required: boolean;
  unique: boolean;
  permission: Permission;
  source: Source;
  /** Of OVERRIDE, in their order: ids of identity providers, and HUB. */
  sources: string[];
};

export const EMPTY: AttributeValues = {
  type: 'string',
  title: '',
  name: '',
  externalName: '',
  description: '',
  enumerated: false,
  choices: [{ title: '', value: '' }],
  minLength: '',
  maxLength: '',
  required: false,
  unique: false,
  permission: 'READ_ONLY',
  source: 'PROFILE_MASTER',
  sources: [HUB],
};

export function toValues(name: string, property: SchemaProperty): AttributeValues {
  const set = property.items ?? property;
  const itemType = property.items?.type ?? 'string';
  const titles = new Map((set.oneOf ?? []).map((choice) => [choice.const, choice.title]));
  const choices = (set.enum ?? [...titles.keys()]).map((value) => ({
    title: titles.get(value) ?? String(value),
    value: String(value),
  }));
  return {
    type: property.type === 'array' && itemType !== 'string' ? `array:${itemType}` : property.type,
    title: property.title ?? name,
    name,
    externalName: property.externalName ?? '',
    description: property.description ?? '',
    enumerated: choices.length > 0,
    choices: choices.length > 0 ? choices : EMPTY.choices,
    minLength: property.minLength ?? '',
    maxLength: property.maxLength ?? '',
    required: property.required ?? false,
    unique: property.unique !== undefined,
    permission: property.permissions?.[0]?.action ?? 'READ_ONLY',
    source: property.master?.type ?? 'PROFILE_MASTER',
    sources: property.master?.priority?.map(({ type, value }) => (type === 'OKTA' ? HUB : (value ?? ''))) ?? [HUB],
  };
}

/** Whose attribute it is decides which fields count: people have a source and permissions, providers have external names. */
export type Whose = 'user' | 'group' | 'provider';

/** `existing`: what the form has no field for (pattern, format, namespace) stays as it is. */
export function toWire(values: AttributeValues, whose: Whose, existing?: SchemaProperty): SchemaProperty {
  const { type, enum: _enum, oneOf: _oneOf, items: _items, ...kept } = existing ?? { type: 'string' };
  const { minLength: _min, maxLength: _max, required: _required, unique: _unique, ...others } = kept;
  const [dataType = 'string', itemType = 'string'] = values.type.split(':') as [SchemaProperty['type'], ItemType?];
  const valueType = dataType === 'array' ? itemType : dataType;
  const set = values.enumerated && dataType !== 'boolean' ? choicesOf(values.choices, valueType) : {};
  const text = dataType === 'string';
  return {
    ...others,
    title: values.title.trim(),
    description: values.description.trim(),
    type: dataType,
    ...(dataType === 'array' ? { items: { type: itemType, ...set } } : set),
    ...(whose === 'provider' ? { externalName: values.externalName.trim() } : {}),
    ...(text && values.minLength !== '' ? { minLength: values.minLength } : {}),
    ...(text && values.maxLength !== '' ? { maxLength: values.maxLength } : {}),
    ...(values.required ? { required: true } : {}),
    ...(values.unique && dataType !== 'array' && dataType !== 'boolean' ? { unique: 'UNIQUE_VALIDATED' } : {}),
    ...(whose === 'user' ? rulesOf(values) : {}),
    scope: existing?.scope ?? 'NONE',
  };
}

type ItemType = NonNullable<SchemaProperty['items']>['type'];

/** What of a base attribute may be changed. */
export function toOverride(values: AttributeValues) {
  return { required: values.required, ...rulesOf(values) };
}

function rulesOf({ permission, source, sources }: AttributeValues): Pick<SchemaProperty, 'permissions' | 'master'> {
  const priority = sources.map((id) => (id === HUB ? { type: 'OKTA' as const } : { type: 'APP' as const, value: id }));
  return {
    permissions: [{ principal: 'SELF', action: permission }],
    master: source === 'OVERRIDE' ? { type: source, priority } : { type: source },
  };
}

function choicesOf(choices: readonly Choice[], type: string): Pick<SchemaProperty, 'enum' | 'oneOf'> {
  const filled = choices.filter(({ value }) => value.trim() !== '');
  const typed = (value: string) => (type === 'string' ? value.trim() : Number(value));
  return {
    enum: filled.map(({ value }) => typed(value)),
    oneOf: filled.map(({ value, title }) => ({ const: typed(value), title: title.trim() || value.trim() })),
  };
}
