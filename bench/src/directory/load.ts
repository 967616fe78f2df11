/**
 * Fills an org with people, groups, memberships, assignments and log events, set by set through the real tables. What a person gets follows
 * from the person's number alone, so that every run of a size measures the same directory.
 */
import type pg from 'pg';

/** The custom attributes of the filled org: one of each kind that is searched in a way of its own. */
export const CUSTOM_ATTRIBUTES = {
  badge: { title: 'Badge', type: 'string', unique: 'UNIQUE_VALIDATED' },
  remote: { title: 'Works remotely', type: 'boolean' },
  grade: { title: 'Grade', type: 'integer' },
  skills: { title: 'Skills', type: 'array', items: { type: 'string' } },
  workshop: { title: 'Workshop', type: 'string' },
} as const;

/** Attribute `grade` has so many values, evenly. */
export const GRADES = 17;

/** Attribute `badge` of person `n`. */
export const badgeOf = (n: number) => `B-${(n * 7919) % 1_000_003}-${n}`;

const BATCH = 20_000;
const GROUPS = 200;

/** The id of person `n`, as SQL over the expression of a number. Older than every id that a hub makes today. */
const userId = (n: string) => `'00u0' || lpad((${n})::text, 16, '0')`;
const groupId = (n: string) => `'00g0' || lpad((${n})::text, 16, '0')`;
const pick = (from: string, n: string, seed: number) =>
  `(array[${from
    .split(' ')
    .map((word) => `'${word}'`)
    .join(', ')}])[1 + ((hashint8extended(${n}, ${seed}) & 2147483647) % ${from.split(' ').length})::int]`;

const FIRST =
  'Ada Amara Anton Beatriz Bruno Chiara Clément Dagny Daniel Elif Emil Farah Felix Greta Hana Hugo Ines Ivan Jana Jonas Kaito Katja Lena Liam Maja Mateo Nadia Noah Olga Oskar Paula Pavel Quentin Rosa Samir Selma Tariq Tilda Ulrik Vera Viktor Wanda Yara Yusuf Zoë';
const LAST =
  'Adler Almeida Andersen Bauer Becker Berg Bianchi Costa Dahl Diaz Dubois Eriksen Fischer Fontaine Garcia Haas Hansen Ito Jansen Kaya Keller Klein Kovács Lang Larsen Lopez Maier Marino Meyer Moreau Nilsen Novak Olsen Peeters Petrov Quist Ricci Romero Rossi Sato Schmidt Silva Suzuki Tanaka Thomsen Ueda Vidal Vos Wagner Weber Wolf Yilmaz Zeman';
const DEPARTMENTS =
  'Accounts Assembly Design Engineering Facilities Finance Legal Logistics Marketing Operations People Procurement Quality Research Sales Security Service Support Training Treasury';
const CITIES =
  'Amsterdam Antwerp Athens Barcelona Berlin Bern Bologna Bratislava Brussels Budapest Copenhagen Dublin Ghent Hamburg Helsinki Krakow Lisbon Ljubljana London Lyon Madrid Milan Munich Oslo Paris Porto Prague Riga Rome Rotterdam Sofia Stockholm Tallinn Turin Utrecht Vienna Vilnius Warsaw Zagreb Zurich';

const profileOf = (n: string) => `jsonb_build_object(
  'login', lower(${pick('Ada Anton Bruno Daniel Emil Farah Greta Hugo Jana Lena Maja Noah Olga Paula Rosa Vera', n, 7)}) || '.' || lower(${pick('adler bauer costa dahl fischer haas ito keller lang meyer novak olsen rossi sato vos wolf', n, 11)}) || '.' || ${n} || '@example.com',
  'email', lower(${pick('Ada Anton Bruno Daniel Emil Farah Greta Hugo Jana Lena Maja Noah Olga Paula Rosa Vera', n, 7)}) || '.' || lower(${pick('adler bauer costa dahl fischer haas ito keller lang meyer novak olsen rossi sato vos wolf', n, 11)}) || '.' || ${n} || '@example.com',
  'firstName', ${pick(FIRST, n, 7)}, 'lastName', ${pick(LAST, n, 11)}, 'displayName', ${pick(FIRST, n, 7)} || ' ' || ${pick(LAST, n, 11)},
  'department', ${pick(DEPARTMENTS, n, 3)}, 'city', ${pick(CITIES, n, 17)}, 'countryCode', ${pick('AT BE CH CZ DE DK ES FR GB IT NL NO PL PT SE', n, 13)},
  'employeeNumber', 'E' || lpad((${n})::text, 8, '0'), 'mobilePhone', '+3160' || lpad((${n})::text, 7, '0'), 'organization', 'Example Works',
  'title', ${pick('Analyst Architect Buyer Clerk Designer Engineer Fitter Manager Nurse Planner', n, 29)} || ' ' || ((${n}) % 9),
  'badge', 'B-' || (${n}::bigint * 7919 % 1000003) || '-' || ${n}, 'remote', ${n} % 3 = 0, 'grade', ${n} % ${GRADES},
  'skills', jsonb_build_array(${pick('Baking Casting Drawing Forging Milling Painting Planning Sewing Turning Welding Writing Wiring', n, 5)}, ${pick('Dutch English French German Italian Polish', n, 23)}),
  'workshop', 'W' || (${n} % 5000))`;

export interface Filled {
  orgId: string;
  typeId: string;
  schemaId: string;
}

/** Which org, user type and schema the directory of a fresh hub has. */
export async function readOrg(database: pg.Client): Promise<Filled> {
  const { rows } = await database.query<Filled>(
    `select s.org_id as "orgId", s.owner_id as "typeId", s.id as "schemaId" from profile_schemas s
     join user_types t on t.org_id = s.org_id and t.id = s.owner_id and t.is_default`,
  );
  return rows[0]!;
}

/** Adds people `from` + 1 up to `to` with everything that belongs to them. `at`: when they were created. */
export async function fillPeople(
  database: pg.Client,
  { orgId, typeId, schemaId }: Filled,
  { from, to, at }: { from: number; to: number; at: Date },
): Promise<void> {
  for (let first = from + 1; first <= to; first += BATCH) {
    const last = Math.min(first + BATCH - 1, to);
    await database.query('begin');
    await database.query(
      `with people as materialized (select n, ${userId('n')} as id, ${profileOf('n')} as profile from generate_series($4::int, $5::int) as n),
       written as (insert into users (org_id, id, type_id, status, login_key, email_key, email_verified, profile, created, created_by, activated, status_changed, last_updated)
         select $1, id, $2, case when n % 50 = 0 then 'DEPROVISIONED' when n % 97 = 0 then 'STAGED' when n % 89 = 0 then 'SUSPENDED' else 'ACTIVE' end,
           lower(profile->>'login'), lower(profile->>'email'), true, profile, t, '00u00000000000000000', case when n % 97 = 0 then null else t end, t, t
         from people, lateral (select $6::timestamptz + n * interval '1 second' as t))
       insert into attribute_values (org_id, schema_id, attribute, value_key, user_id, is_unique)
         select $1, $3, 'badge', lower(profile->>'badge'), id, true from people`,
      [orgId, typeId, schemaId, first, last, at],
    );
    await database.query(
      `insert into group_members (org_id, group_id, user_id, created)
       select $1, ${groupId('g')}, ${userId('n')}, $4 from generate_series($2::int, $3::int) as n,
         lateral (values (n % 10), (10 + n % ${GROUPS - 10})) as chosen(g)`,
      [orgId, first, last, at],
    );
    await database.query('commit');
  }
}

/** The groups that people are put into: ten of a tenth of all, the others small. */
export async function fillGroups(database: pg.Client, { orgId }: Filled, at: Date): Promise<void> {
  await database.query(
    `insert into groups (org_id, id, type, name_key, profile, created, last_updated, last_membership_updated)
     select $1, ${groupId('g')}, 'OKTA_GROUP', 'team ' || lpad(g::text, 4, '0'),
       jsonb_build_object('name', 'Team ' || lpad(g::text, 4, '0'), 'description', 'Filled for measuring'), $2, $2, $2
     from generate_series(0, ${GROUPS - 1}) as g on conflict do nothing`,
    [orgId, at],
  );
}
