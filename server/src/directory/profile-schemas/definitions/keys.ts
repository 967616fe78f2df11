/** What a definition of an attribute may say, one row per key (contract §5); docs/reference/attributes.md is generated from it. */
import type { Definition, ItemType, MasterType, Permission } from '../attribute.ts';
import { FORMAT_NAMES, MAX_LENGTH } from '../validate.ts';

export const TYPES = ['string', 'boolean', 'number', 'integer', 'array'] as const;
export const ITEM_TYPES: readonly ItemType[] = ['string', 'number', 'integer'];
export const MASTER_TYPES: readonly MasterType[] = ['PROFILE_MASTER', 'OKTA', 'OVERRIDE'];
export const ACTIONS: readonly Permission['action'][] = ['HIDE', 'READ_ONLY', 'READ_WRITE'];
export const MUTABILITIES = ['READ_WRITE', 'READ_ONLY', 'WRITE_ONLY', 'IMMUTABLE'] as const;

/** Custom attributes of one schema. */
export const MAX_ATTRIBUTES = 250;
/** Values of one `enum` or `oneOf`. */
export const MAX_CHOICES = 1_000;
/** Characters of a pattern. */
export const MAX_PATTERN = 1_024;
/** Instructions of a compiled pattern: repetitions inside repetitions grow far beyond their text. */
export const MAX_PROGRAM = 5_000;
/** Characters of titles, descriptions and external names. */
export const MAX_TEXT = 1_024;
export const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

interface Key {
  /** What it may be. */
  form: string;
  /** What a client reads where it was not sent. */
  unset: string;
  meaning: string;
}

const listed = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(', ');
const TEXT = `a text of at most ${MAX_TEXT} characters`;
const ABSENT = 'absent';

export const KEYS: Readonly<Record<keyof Definition, Key>> = {
  title: { form: TEXT, unset: 'the variable name', meaning: 'What people read.' },
  description: { form: TEXT, unset: ABSENT, meaning: 'A sentence below the field.' },
  type: {
    form: listed(TYPES),
    unset: '`string`',
    meaning: 'The type of the value. It cannot be changed later, nor can that of the items of an array.',
  },
  items: {
    form: `\`{ "type", "enum", "oneOf" }\`, the type one of ${listed(ITEM_TYPES)}`,
    unset: ABSENT,
    meaning: 'The elements of an array. Without it they are texts.',
  },
  enum: {
    form: `a list of at most ${MAX_CHOICES} values of the type, each once`,
    unset: ABSENT,
    meaning: 'The closed set of values. An array states it in `items`; a boolean has none.',
  },
  oneOf: {
    form: `a list of at most ${MAX_CHOICES} \`{ "const", "title" }\``,
    unset: ABSENT,
    meaning: 'Titles for the values of `enum`, each named once; alone it is the closed set itself.',
  },
  format: { form: listed(FORMAT_NAMES), unset: ABSENT, meaning: 'What a text must look like. Texts only.' },
  pattern: {
    form: `a regular expression of at most ${MAX_PATTERN} characters, RE2 syntax`,
    unset: ABSENT,
    meaning: 'What a whole text must match, in linear time: no look-around, no back references. Texts only.',
  },
  minLength: {
    form: `a whole number from 0 to ${MAX_LENGTH}, at most \`maxLength\``,
    unset: ABSENT,
    meaning: 'Characters at least. Texts only.',
  },
  maxLength: {
    form: `a whole number from 0 to ${MAX_LENGTH}`,
    unset: ABSENT,
    meaning: `Characters at most. Texts only; without it ${MAX_LENGTH}.`,
  },
  required: {
    form: '`true`, `false`',
    unset: 'absent, as where it is `false`',
    meaning: 'Without a value nobody can be saved. The names of such attributes stand in `required` of the schema too.',
  },
  unique: {
    form: '`UNIQUE_VALIDATED`, `NOT_UNIQUE`',
    unset: 'absent, as where it is `NOT_UNIQUE`',
    meaning:
      'No two users of a type have the same value, compared without case and in one Unicode form, enforced by the database. It is refused where values are there that two users share. Texts and numbers of users only.',
  },
  mutability: {
    form: listed(MUTABILITIES),
    unset: '`READ_WRITE`',
    meaning: 'Kept and read back; nothing depends on it.',
  },
  scope: { form: '`NONE`, `SELF`', unset: '`NONE`', meaning: 'Kept and read back; nothing depends on it.' },
  permissions: {
    form: `\`[{ "principal": "SELF", "action" }]\`, the action one of ${listed(ACTIONS)}`,
    unset: '`READ_ONLY`',
    meaning:
      'What people may do with the value of their own profile. There is no page for that: it is kept and read back.',
  },
  master: {
    form: `\`{ "type" }\`, one of ${listed(MASTER_TYPES)}; \`OVERRIDE\` with \`"priority": [{ "type": "APP", "value": id }, { "type": "OKTA" }]\``,
    unset: '`PROFILE_MASTER`',
    meaning:
      'Who decides the value: the profile source, the hub alone, or the first source of the order that supplies one.',
  },
  externalName: {
    form: TEXT,
    unset: ABSENT,
    meaning: 'How the provider or application calls it: claim, SAML attribute. Required in their schemas.',
  },
  externalNamespace: { form: TEXT, unset: ABSENT, meaning: 'The namespace of the external name; kept and read back.' },
  union: {
    form: '`ENABLE`, `DISABLE`',
    unset: ABSENT,
    meaning: 'Whether values of several assignments are combined; kept and read back.',
  },
  sensitive: {
    form: '`true`, `false`',
    unset: 'absent; a change that omits it keeps it',
    meaning: "Gatehouse's own: only a keyed hash of the value stands in an index.",
  },
};
