import { randomBytes } from 'node:crypto';
import { SEED } from './seed.ts';

/** A fictional person with the attributes that a policy may release (contract: providers §2.2). An empty text means: ID.me has no value. */
export interface Person {
  /** 32 hexadecimal digits, constant for the life of the account; the `sub` of the ID token. */
  uuid: string;
  email: string;
  fname: string;
  mname: string;
  lname: string;
  /** YYYY-MM-DD. */
  birth_date: string;
  phone: string;
  street: string;
  city: string;
  state: string;
  zip: string;
  social: string;
}

export type PersonField = Exclude<keyof Person, 'uuid'>;

/** The fields of the form and the control API, in the order of the form. */
export const PERSON_FIELDS: readonly { name: PersonField; label: string; required: boolean }[] = [
  { name: 'fname', label: 'First name', required: true },
  { name: 'mname', label: 'Middle name', required: false },
  { name: 'lname', label: 'Last name', required: true },
  { name: 'email', label: 'Email', required: true },
  { name: 'phone', label: 'Phone', required: false },
  { name: 'birth_date', label: 'Birth date (YYYY-MM-DD)', required: false },
  { name: 'street', label: 'Street', required: false },
  { name: 'city', label: 'City', required: false },
  { name: 'state', label: 'State', required: false },
  { name: 'zip', label: 'ZIP code', required: false },
  { name: 'social', label: 'Social security number (fictional)', required: false },
];

export const nameOf = ({ fname, lname }: Person) => `${fname} ${lname}`;

export interface Persons {
  list(): Person[];
  /** By uuid or by e-mail address. */
  find(key: string): Person | undefined;
  create(values: Partial<Person>): Person;
  /** Changes the given fields; the uuid stays. undefined when nobody has it. */
  update(uuid: string, values: Partial<Person>): Person | undefined;
}

/** Thrown with a sentence for whoever filled in the form or made the call. */
export class InvalidPerson extends Error {}

/** The same persons at every start; what is changed or added lives as long as the process. */
export function createPersons(): Persons {
  const persons = new Map(SEED.map((person) => [person.uuid, person]));
  const find = (key: string) => persons.get(key) ?? [...persons.values()].find(({ email }) => email === key);
  return {
    list: () => [...persons.values()],
    find,
    create(values) {
      const uuid = values.uuid || randomBytes(16).toString('hex');
      if (!/^[0-9a-f]{32}$/.test(uuid)) throw new InvalidPerson('uuid: 32 hexadecimal digits.');
      if (persons.has(uuid)) throw new InvalidPerson(`uuid: ${uuid} belongs to somebody already.`);
      const blank = Object.fromEntries(PERSON_FIELDS.map(({ name }) => [name, ''])) as Record<PersonField, string>;
      const person = checked({ ...blank, ...fieldsOf(values), uuid });
      persons.set(uuid, person);
      return person;
    },
    update(uuid, values) {
      const before = persons.get(uuid);
      if (before === undefined) return undefined;
      const person = checked({ ...before, ...fieldsOf(values) });
      persons.set(uuid, person);
      return person;
    },
  };
}

function fieldsOf(values: Partial<Person>): Partial<Person> {
  const given = PERSON_FIELDS.filter(({ name }) => values[name] !== undefined);
  return Object.fromEntries(given.map(({ name }) => [name, String(values[name] ?? '').trim()]));
}

function checked(person: Person): Person {
  const missing = PERSON_FIELDS.find(({ name, required }) => required && person[name] === '');
  if (missing !== undefined) throw new InvalidPerson(`${missing.name}: ${missing.label} is needed.`);
  if (!/^[^\s@]+@[^\s@]+$/.test(person.email)) throw new InvalidPerson('email: this is not an e-mail address.');
  if (person.birth_date !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(person.birth_date)) {
    throw new InvalidPerson('birth_date: write it as YYYY-MM-DD.');
  }
  return person;
}
