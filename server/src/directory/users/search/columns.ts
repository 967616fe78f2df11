/**
 * What can be compared and sorted by, each as the SQL that stands in an index (migrations 0027 and 0033, attribute-indexes.ts). It holds no
 * statement of its own. The texts here and in the indexes have to be the same, letter by letter: server/test/list-plans.test.ts looks.
 */
import type { Column, Operator, Parameters } from '../../../protocol/scim/index.ts';
import type { Attribute, CompiledSchema } from '../../profile-schemas/index.ts';

/** How the values of an attribute are kept in its index. */
export type IndexKind = 'text' | 'number' | 'set';

export interface SearchField extends Column {
  /** What the list is sorted by; undefined where it cannot be. */
  order?: SortKey;
}

export interface SortKey {
  sql: string;
  /** The type that the cursor's text is read as. */
  type: 'text' | 'timestamptz' | 'numeric';
  nullable: boolean;
}

/** Longer texts are told apart by the row itself. An index holds no more of them, and a cursor neither. */
export const KEY_LENGTH = 200;
/** A text of so many characters, or fewer, keeps below KEY_LENGTH in any case mapping. */
const SURELY_WHOLE = 60;
/** What of a text the index surely holds; characters as the database counts them, none of them cut in two. */
const beginning = (text: string) => [...text].slice(0, SURELY_WHOLE).join('');

const ORDERED = ['eq', 'gt', 'ge', 'lt', 'le'] as const;
const TEXT = ['eq', 'sw', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
const SYMBOLS: Readonly<Partial<Record<Operator, string>>> = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' };

/** The expression under which an attribute's values stand in its index. Attribute names are words: they cannot leave the quotes. */
export function keyOf(kind: IndexKind, name: string): string {
  if (kind === 'text') return `left(lower(profile->>'${name}'), ${KEY_LENGTH}) collate "C"`;
  if (kind === 'number')
    return `(case when jsonb_typeof(profile->'${name}') = 'number' then (profile->>'${name}')::numeric end)`;
  return `gatehouse_terms(profile->'${name}')`;
}

/**
 * All texts that `co` looks through, in one index of three-letter pieces where the database has that extension. With the database's own
 * collation: with that of the keys, "C", only ASCII letters would have a lower case.
 */
const CONTAINED = `lower((coalesce(profile->>'firstName', '') || ' ' || coalesce(profile->>'lastName', '') || ' ' || login_key || ' ' || coalesce(email_key, '')) collate "default")`;

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** The database makes both sides lower case, so that they agree in every script. */
function textCompare(key: string, whole: string, contained: boolean) {
  return (operator: Operator, value: unknown, parameters: Parameters): string => {
    const text = String(value);
    if (operator === 'co') {
      const pattern = `lower(${parameters.add(`%${escaped(text)}%`)})`;
      return contained ? `(${CONTAINED} like ${pattern} and ${whole} like ${pattern})` : `${whole} like ${pattern}`;
    }
    if (operator === 'sw') {
      const first = `${key} like lower(${parameters.add(`${escaped(beginning(text))}%`)})`;
      if (beginning(text) === text) return first;
      return `(${first} and ${whole} like lower(${parameters.add(`${escaped(text)}%`)}))`;
    }
    const at = parameters.add(text);
    const compared = `${key} ${SYMBOLS[operator]} left(lower(${at}), ${KEY_LENGTH})`;
    return operator === 'eq' && beginning(text) !== text ? `(${compared} and ${whole} = lower(${at}))` : compared;
  };
}

function textField(name: string, operators: readonly Operator[], contained = false): SearchField {
  const whole = `lower(profile->>'${name}')`;
  const key = keyOf('text', name);
  return {
    sql: key,
    type: 'text',
    operators,
    compare: textCompare(key, whole, contained),
    order: { sql: key, type: 'text', nullable: true },
  };
}

function booleanField(name: string): SearchField {
  const key = keyOf('text', name);
  return {
    sql: key,
    type: 'boolean',
    operators: ['eq', 'pr'],
    compare: (_operator, value, parameters) => `${key} = ${parameters.add(String(value))}`,
    order: { sql: key, type: 'text', nullable: true },
  };
}

function numberField(name: string): SearchField {
  const key = keyOf('number', name);
  return {
    sql: key,
    type: 'number',
    operators: [...ORDERED, 'pr'],
    order: { sql: key, type: 'numeric', nullable: true },
  };
}

/** Any element may fit. */
function setField(name: string): SearchField {
  const items = `case when jsonb_typeof(profile->'${name}') = 'array' then profile->'${name}' end`;
  const some = (condition: string) =>
    `exists (select 1 from jsonb_array_elements_text(${items}) as item where ${condition})`;
  return {
    sql: items,
    type: 'set',
    operators: TEXT,
    compare(operator, value, parameters) {
      if (operator === 'pr') return `coalesce(jsonb_array_length(${items}) > 0, false)`;
      const text = String(value);
      const exactly = () =>
        operator === 'sw'
          ? some(`lower(item) like lower(${parameters.add(`${escaped(text)}%`)})`)
          : some(`lower(item) collate "C" ${SYMBOLS[operator]} lower(${parameters.add(text)})`);
      if (text === '' || (operator !== 'eq' && operator !== 'sw')) return exactly();
      const whole = beginning(text) === text;
      const quoted = `'${beginning(text).replace(/['\\]/g, '$&$&')}'`;
      const prefix = operator === 'sw' || !whole ? ':*' : '';
      const found = `${keyOf('set', name)} @@ lower(${parameters.add(quoted + prefix)})::tsquery`;
      return whole ? found : `(${found} and ${exactly()})`;
    },
  };
}

const time = (sql: string, nullable: boolean): SearchField => ({
  sql,
  type: 'time',
  operators: [...ORDERED, 'pr'],
  order: { sql, type: 'timestamptz', nullable },
});

/** Keys that the hub made lower case itself (canonical.ts). */
function addressField(sql: string, nullable: boolean): SearchField {
  return {
    sql,
    type: 'exact',
    canonical: (value) => value.normalize('NFC').toLowerCase().normalize('NFC'),
    operators: [...TEXT, 'co'],
    compare(operator, value, parameters) {
      if (operator !== 'co' && operator !== 'sw') return `${sql} ${SYMBOLS[operator]} ${parameters.add(value)}`;
      const text = escaped(String(value));
      if (operator === 'sw') return `${sql} like ${parameters.add(`${text}%`)}`;
      const pattern = parameters.add(`%${text}%`);
      return `(${CONTAINED} like lower(${pattern}) and ${sql} like ${pattern})`;
    },
    order: { sql, type: 'text', nullable },
  };
}

const NAMES = [...TEXT, 'co'] as const;
const exact = (sql: string, operators: readonly Operator[], canonical = (value: string) => value): SearchField => ({
  sql,
  type: 'exact',
  operators,
  canonical,
});

const FIELDS: Readonly<Record<string, SearchField>> = {
  id: exact('id', TEXT),
  status: {
    ...exact('status', TEXT, (value) => value.toUpperCase()),
    sql: 'status collate "C"',
    order: { sql: 'status collate "C"', type: 'text', nullable: false },
  },
  'type.id': { ...exact('type_id', ['eq']), order: { sql: 'type_id', type: 'text', nullable: false } },
  created: time('created', false),
  activated: time('activated', true),
  statusChanged: time('status_changed', true),
  lastUpdated: time('last_updated', false),
  'profile.login': addressField('login_key', false),
  'profile.email': addressField('email_key', true),
  'profile.firstName': textField('firstName', NAMES, true),
  'profile.lastName': textField('lastName', NAMES, true),
};

const only = (name: string, ...operators: Operator[]): SearchField => ({ ...FIELDS[name]!, operators });
const FILTER_FIELDS: Readonly<Record<string, SearchField>> = {
  id: only('id', 'eq'),
  status: only('status', 'eq'),
  lastUpdated: only('lastUpdated', ...ORDERED),
  'profile.login': only('profile.login', 'eq'),
  'profile.email': only('profile.email', 'eq'),
  'profile.firstName': only('profile.firstName', 'eq'),
  'profile.lastName': only('profile.lastName', 'eq'),
};

/** The conditions of `q`, of which one holds: a name or the address begins with it. `more`: further fields. */
export function startsWith(q: string, parameters: Parameters, ...more: 'profile.login'[]): string[] {
  return ['profile.firstName', 'profile.lastName', 'profile.email', ...more].map((name) => {
    const field = FIELDS[name]!;
    return field.compare!('sw', field.canonical?.(q) ?? q, parameters);
  });
}

/** A field of `filter`. */
export const filterField = (field: string): SearchField | null =>
  Object.hasOwn(FILTER_FIELDS, field) ? FILTER_FIELDS[field]! : null;

/** The schemas of all user types: a search reaches the users of every type. */
export type SearchedSchemas = readonly Pick<CompiledSchema, 'attributes' | 'id' | 'ownerId'>[];

const JSON_TYPES = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'array',
} as const;

export function indexKindOf({ type }: Pick<Attribute, 'type'>): IndexKind {
  return type === 'array' ? 'set' : type === 'number' || type === 'integer' ? 'number' : 'text';
}

/** A field of `search`: the table above, or an attribute of a user type; of the first one that has it, where types differ. */
export function searchField(schemas: SearchedSchemas, field: string): SearchField | null {
  if (Object.hasOwn(FIELDS, field)) return FIELDS[field]!;
  if (!field.startsWith('profile.')) return null;
  const found = schemas.flatMap(({ attributes }) => attributes.get(field.slice('profile.'.length)) ?? []);
  const [attribute] = found;
  if (attribute === undefined || !isWord(attribute.name)) return null;
  if (found.some((other) => other.sensitive)) return sensitiveField(attribute.name, attribute.type);
  const made = FIELD_OF[attribute.type](attribute.name);
  const wanted = JSON_TYPES[attribute.type];
  return found.every(({ type }) => JSON_TYPES[type] === wanted) ? made : onlyOfType(made, attribute.name, wanted);
}

export const isWord = (name: string) => /^\w+$/.test(name);

const FIELD_OF: Readonly<Record<Attribute['type'], (name: string) => SearchField>> = {
  string: (name) => textField(name, TEXT),
  boolean: booleanField,
  number: numberField,
  integer: numberField,
  array: setField,
};

/** Another type's values under the same name are left out. */
function onlyOfType(field: SearchField, name: string, jsonType: string): SearchField {
  const { compare } = field;
  if (compare === undefined) return field;
  return {
    ...field,
    compare: (...input) => `(jsonb_typeof(profile->'${name}') = '${jsonType}' and ${compare(...input)})`,
  };
}

/** No clear-text index holds its values (profile-schemas/values.ts), so each user of the org is looked at. */
function sensitiveField(name: string, type: Attribute['type']): SearchField {
  const { order: _none, ...field } = FIELD_OF[type](name);
  return { ...field, operators: ['eq', 'pr'] };
}
