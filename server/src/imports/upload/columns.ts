/** The header of a file: what it may be, and which attribute each column most likely means. */
import type { CompiledSchema } from '../../directory/profile-schemas/index.ts';
import { unmarkedCell } from '../../shared/csv.ts';
import { type Column, GROUPS } from '../schema.ts';

/** Names that other programs give to what a base attribute means. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  login: ['username', 'userlogin', 'userprincipalname'],
  firstName: ['givenname', 'forename'],
  lastName: ['surname', 'familyname'],
  email: ['mail', 'emailaddress'],
  mobilePhone: ['mobile', 'mobilenumber', 'cellphone'],
  title: ['jobtitle'],
  [GROUPS]: ['group', 'groupnames', 'memberships', 'memberof'],
};

/** Their cells are not stored: a password in a table that waits for its import would be a leak. */
const SECRET = /pass(?:word|wort|code|phrase)|^pwd$|^secret/;

const MAX_HEADER = 200;

/** Letters and digits alone, so that "First name", "firstName" and "first_name" are the same. */
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The columns of a header, or the sentence that says what is wrong with it. */
export function columnsOf(header: readonly string[], schema: CompiledSchema): Column[] | string {
  const names = header.map((cell) => unmarkedCell(cell).trim());
  if (names.length === 1 && /[;\t]/.test(names[0]!))
    return 'The header has one column, with semicolons or tabs in it. Save the file with commas between the columns.';
  const long = names.findIndex((name) => name.length > MAX_HEADER);
  if (long >= 0) return `The header of column ${long + 1} is longer than ${MAX_HEADER} characters.`;
  const folded = names.map((name) => name.toLowerCase());
  const twice = names.find((name, at) => name !== '' && folded.indexOf(name.toLowerCase()) < at);
  if (twice !== undefined) return `Two columns have the header "${twice.slice(0, 60)}". Give each its own name.`;
  const targets = meanings(schema);
  const taken = new Set<string>();
  return names.map((name) => {
    const stored = !SECRET.test(plain(name));
    const target = targets.get(plain(name.replace(/^(?:user\.)?profile\./i, '')));
    if (!stored || target === undefined || taken.has(target)) return { header: name, target: null, stored };
    taken.add(target);
    return { header: name, target, stored };
  });
}

/** Plain names to targets: variable names first, then titles, then aliases. */
function meanings(schema: CompiledSchema): Map<string, string> {
  const attributes = [...schema.attributes.values()];
  const pairs = [
    ...attributes.map(({ name }) => [name, name] as const),
    [GROUPS, GROUPS] as const,
    ...attributes.map(({ name, title }) => [title, name] as const),
    ...Object.entries(ALIASES).flatMap(([target, names]) => names.map((name) => [name, target] as const)),
  ];
  const found = new Map<string, string>();
  for (const [text, target] of pairs) {
    const key = plain(text);
    if (key !== '' && !found.has(key)) found.set(key, target);
  }
  return found;
}

/** A header that is understood by itself. */
export const templateHeader = (schema: CompiledSchema): string[] => [...schema.attributes.keys(), GROUPS];
