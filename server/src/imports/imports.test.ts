import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../../test/support/app.ts';
import { importsOf } from '../../test/support/imports.ts';
import { DAY } from '../shared/clock.ts';
import { receive } from './upload/receive.ts';
import { createTextReader } from './upload/text.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

const ALL = '/api/gatehouse/v1/imports';
const HEADER = 'login,email,firstName,lastName,department,groups';

let hub: TestHub;
let imports: ReturnType<typeof importsOf>;
let turn = 0;

beforeAll(async () => {
  hub = await startHub();
  imports = importsOf(hub);
});
afterAll(() => hub.close());

/** A login of its own for each test. */
const fresh = (name = 'ada') => `${name}${++turn}@example.com`;
const line = (login: string, department = '', groups = '') => `${login},${login},Ada,Lovelace,${department},${groups}`;
const file = (...lines: string[]) => `${[HEADER, ...lines].join('\r\n')}\r\n`;
const user = (login: string) => hub.api<Any>('GET', `/api/v1/users/${login}`);
const group = (name: string) => hub.api<Any>('POST', '/api/v1/groups', { profile: { name } });
const names = async (login: string) =>
  (await hub.api<Any[]>('GET', `/api/v1/users/${login}/groups`)).map(({ profile }) => profile.name);
const codes = (rows: Any[]) => rows.map(({ problems }) => problems.map(({ code }: Any) => code));
const cause = (answer: { body: Any }) => answer.body.errorCauses[0].errorSummary;

describe('a check', () => {
  it('says of each row what would happen, and changes nothing', async () => {
    const [known, same, added] = [fresh(), fresh(), fresh()];
    const { name } = (await group(`Pilots ${known}`)).profile;
    await imports.imported(file(line(known, 'Sales'), line(same)));
    const { totals, rows } = await imports.preview(
      file(line(known, 'Marketing', name), line(same), line(added, 'Law'), line('no address')),
    );
    expect(totals).toEqual({ create: 1, update: 1, unchanged: 1, skipped: 0, error: 1 });
    expect(rows.map(({ line: at, outcome }) => [at, outcome])).toEqual([
      [2, 'update'],
      [3, 'unchanged'],
      [4, 'create'],
      [5, 'error'],
    ]);
    expect(rows[0]!.changes).toEqual([
      { attribute: 'department', from: 'Sales', to: 'Marketing' },
      { attribute: 'groups', from: null, to: [name] },
    ]);
    expect(rows[2]!.changes).toContainEqual({ attribute: 'department', from: null, to: 'Law' });
    expect((await user(known)).profile.department).toBe('Sales');
    expect((await hub.call('GET', `/api/v1/users/${added}`)).status).toBe(404);
  });

  it('tells every reason against a row, with attribute, code and sentence', async () => {
    const { rows } = await imports.preview(
      `login,email,firstName,countryCode,groups\n${fresh()},nobody,,Germany,Unknown people\nshort\n`,
    );
    expect(rows[0]!.problems).toEqual([
      { attribute: 'firstName', code: 'required', message: 'firstName: The field cannot be left blank' },
      { attribute: 'lastName', code: 'required', message: 'lastName: The field cannot be left blank' },
      { attribute: 'email', code: 'format', message: 'email: must be in the form of an email address' },
      { attribute: 'countryCode', code: 'format', message: 'countryCode: is not a valid country-code' },
      {
        attribute: 'groups',
        code: 'unknown_group',
        message:
          'groups: there is no group "Unknown people". Create it first, or let the import create unknown groups.',
      },
    ]);
    expect(rows[1]!.problems).toEqual([
      { attribute: null, code: 'columns', message: 'The row has 1 cells, and the header has 5.' },
    ]);
  });

  it('refuses a row with more groups than a person can have, before any of them is made', async () => {
    const cells = Array.from({ length: 501 }, (_, n) => `Flood ${n}`).join(';');
    const { rows } = await imports.preview(
      `login,email,firstName,lastName,groups\n${fresh()},a@example.com,A,B,${cells}\n`,
      { unknownGroups: 'CREATE' },
    );
    expect(rows[0]!.problems).toEqual([
      {
        attribute: 'groups',
        code: 'too_many',
        message: 'groups: one row has at most 500 groups, and this one has 501.',
      },
    ]);
  });

  it('finds the same login twice in a file however it is spelt, and the second row stays out of the import', async () => {
    const login = fresh('grace');
    const { id, totals, rows } = await imports.imported(
      file(line(login, 'First'), line(fresh()), line(login.toUpperCase(), 'Second')),
    );
    expect(totals).toMatchObject({ create: 2, error: 1 });
    expect(rows[2]!.problems).toEqual([
      {
        attribute: 'login',
        code: 'duplicate_in_file',
        message: 'login: line 2 of the file has the same value. Leave one of the two rows out.',
      },
    ]);
    expect((await user(login)).profile.department).toBe('First');
    expect((await imports.run(id)).totals).toMatchObject({ unchanged: 2, error: 1 });
  });

  it('compares only rows that would be imported, and names the line of the first of them', async () => {
    const [login, other] = [fresh('grace'), fresh()];
    const { rows } = await imports.preview(
      file(
        line(login, 'First', 'No such group'),
        `${login},${login},Ada,Lovelace`,
        ',a@example.com,A,B,,',
        'one cell',
        line(login, 'Fifth'),
        ',b@example.com,A,B,,',
        line(login, 'Seventh'),
        line(other),
      ),
    );
    expect(codes(rows)).toEqual([
      ['unknown_group'],
      ['columns'],
      ['required'],
      ['columns'],
      [],
      ['required'],
      ['duplicate_in_file'],
      [],
    ]);
    expect(rows[6]!.problems[0].message).toContain('line 6 of the file');
  });

  it('lets a row that becomes possible before the import not change what another row is for', async () => {
    const login = fresh('grace');
    const { id } = await imports.preview(file(line(login, 'First', `Late ${login}`), line(login, 'Second')));
    await group(`Late ${login}`);
    const { totals } = await imports.run(id);
    expect(totals).toMatchObject({ create: 1, error: 1 });
    expect(codes(await imports.rows(id))).toEqual([['duplicate_in_file'], []]);
    expect((await user(login)).profile.department).toBe('Second');
  });

  it('is needed anew after every change of the import, and the import waits for it', async () => {
    const { id } = await imports.upload(file(line(fresh())));
    const refused = await hub.call('POST', `${ALL}/${id}/run`);
    expect([refused.status, cause(refused as Any)]).toEqual([
      409,
      'status: this is not possible while the import is UPLOADED: it was not checked since the last change: check it first.',
    ]);
    await imports.check(id);
    await hub.api('PUT', `${ALL}/${id}`, { options: { activate: false } });
    expect((await hub.call('POST', `${ALL}/${id}/run`)).status).toBe(409);
  });
});

describe('an import', () => {
  it('creates people as one by one, with their events, sources and memberships', async () => {
    const login = fresh();
    const { profile } = await group(`Crew ${login}`);
    const { rows } = await imports.imported(file(line(login, 'Law', `${profile.name}; everyone`)));
    const made = await user(login);
    expect(made).toMatchObject({
      id: rows[0]!.userId,
      status: 'PROVISIONED',
      profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace', department: 'Law' },
      credentials: { provider: { type: 'OKTA' } },
    });
    expect(made.activated).not.toBeNull();
    expect(await names(login)).toEqual(['Everyone', profile.name]);
    const { rows: events } = await hub.database.query<{ type: string; actor: string }>({
      text: `select event_type as type, payload->'actor'->>'alternateId' as actor from system_log where $1 = any(target_ids) order by published, xid, id`,
      values: [made.id],
    });
    expect(events.map(({ type }) => type)).toEqual([
      'user.lifecycle.create',
      'user.lifecycle.activate',
      'group.user_membership.add',
    ]);
    expect(new Set(events.map(({ actor }) => actor))).toEqual(new Set(['admin@example.com']));
    const { rows: sources } = await hub.database.query<{ values: Any }>({
      text: `select "values" from user_profile_sources where user_id = $1 and source_id = 'hub'`,
      values: [made.id],
    });
    expect(sources[0]!.values).toMatchObject({ department: 'Law' });
  });

  it('records its beginning and its end', async () => {
    const { id } = await imports.imported(file(line(fresh())));
    const of = async (type: string) => (await hub.events(type)).filter(({ target }) => target[0]!.id === id);
    expect((await of('system.import.start')).map(({ debugContext }) => debugContext.debugData)).toMatchObject([
      { rows: 1 },
    ]);
    expect((await of('system.import.complete')).map(({ debugContext }) => debugContext.debugData)).toMatchObject([
      { status: 'COMPLETED', rows: 1, create: 1 },
    ]);
  });

  it('of the same file again changes nothing', async () => {
    const logins = [fresh(), fresh()];
    const content = file(...logins.map((login) => line(login, 'Law', 'Readers')));
    await imports.imported(content, { unknownGroups: 'CREATE' });
    const before = await Promise.all(logins.map(user));
    expect((await imports.imported(content)).totals).toMatchObject({ create: 0, update: 0, unchanged: 2 });
    expect(await Promise.all(logins.map(user))).toEqual(before);
  });

  it('changes those who are there, counts their version, names what changed and keeps how they write their login', async () => {
    const login = fresh();
    await imports.imported(file(line(login, 'Sales')));
    const before = await hub.call('GET', `/api/v1/users/${login}`);
    await imports.imported(`login,department\n${login.toUpperCase()},Law\n`);
    const after = await hub.call('GET', `/api/v1/users/${login}`);
    expect((after.body as Any).profile).toEqual({ ...(before.body as Any).profile, department: 'Law' });
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    const event = (await hub.events('user.account.update_profile')).at(-1)!;
    expect([event.target[0]!.alternateId, event.debugContext.debugData.changedAttributes]).toEqual([
      login,
      'department',
    ]);
  });

  it('leaves people alone who are there, where it is told so', async () => {
    const login = fresh();
    await imports.imported(file(line(login, 'Sales')));
    const { totals } = await imports.imported(file(line(login, 'Law'), line(fresh())), { existing: 'SKIP' });
    expect(totals).toMatchObject({ skipped: 1, create: 1, update: 0 });
    expect((await user(login)).profile.department).toBe('Sales');
  });

  it('keeps or clears what an empty cell stands for, as it is told', async () => {
    const login = fresh();
    await imports.imported(file(line(login, 'Sales')));
    expect((await imports.imported(file(line(login)))).totals.unchanged).toBe(1);
    const { rows } = await imports.imported(file(line(login)), { emptyCells: 'CLEAR' });
    expect(rows[0]!.changes).toEqual([{ attribute: 'department', from: 'Sales', to: null }]);
    expect((await user(login)).profile).not.toHaveProperty('department');
    const { rows: sources } = await hub.database.query<{ values: Any }>({
      text: `select "values" from user_profile_sources s join users u on u.id = s.user_id where u.login_key = $1`,
      values: [login],
    });
    expect(sources[0]!.values).not.toHaveProperty('department');
  });

  it('creates people staged, and groups that were unknown, where it is told so', async () => {
    const [one, two] = [fresh(), fresh()];
    await imports.imported(file(line(one, '', `New ${one}`), line(two, '', ` new ${one.toUpperCase()} ;`)), {
      activate: false,
      unknownGroups: 'CREATE',
    });
    expect(await user(one)).toMatchObject({ status: 'STAGED', activated: null });
    expect([await names(one), await names(two)]).toEqual([
      ['Everyone', `New ${one}`],
      ['Everyone', `New ${one}`],
    ]);
  });

  it('creates a group as its name is written first', async () => {
    const [one, two] = [fresh(), fresh()];
    const name = `pilots of ${one}`;
    const { totals } = await imports.imported(
      file(line(one, '', `${name};${name.toUpperCase()}`), line(two, '', `P${name.slice(1)}`)),
      { unknownGroups: 'CREATE' },
    );
    expect(totals).toMatchObject({ create: 2 });
    expect([await names(one), await names(two)]).toEqual([
      ['Everyone', name],
      ['Everyone', name],
    ]);
  });

  it('brings the assignments that follow from a membership', async () => {
    const login = fresh();
    const { id, profile } = await group(`App people ${login}`);
    const app = await hub.api<Any>('POST', '/api/v1/apps', {
      name: 'oidc_client',
      label: `App ${login}`,
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
      settings: {
        oauthClient: {
          application_type: 'web',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: ['http://localhost:9/callback'],
        },
      },
    });
    await hub.api('PUT', `/api/v1/apps/${app.id}/groups/${id}`, {});
    const { rows } = await imports.imported(file(line(login, '', profile.name)));
    expect(await hub.api<Any>('GET', `/api/v1/apps/${app.id}/users/${rows[0]!.userId}`)).toMatchObject({
      scope: 'GROUP',
    });
  });

  it('lets group rules look at everybody whom it creates or changes', async () => {
    const [one, two] = [fresh(), fresh()];
    const { id, profile } = await group(`Lawyers ${one}`);
    await imports.imported(file(line(two, 'Sales')));
    const rule = await hub.api<Any>('POST', '/api/v1/groups/rules', {
      type: 'group_rule',
      name: `Lawyers ${one}`,
      conditions: { expression: { value: `user.department == "Law ${one}"`, type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [id] } },
    });
    await hub.api('POST', `/api/v1/groups/rules/${rule.id}/lifecycle/activate`);
    await imports.imported(file(line(one, `Law ${one}`), line(two, `Law ${one}`)));
    expect([await names(one), await names(two)]).toEqual([
      ['Everyone', profile.name],
      ['Everyone', profile.name],
    ]);
    await imports.imported(file(line(one, 'Sales')));
    expect(await names(one)).toEqual(['Everyone']);
  });

  it('leaves attributes alone that another profile source masters, and says where each value comes from', async () => {
    const login = fresh();
    const { rows } = await imports.imported(file(line(login, 'Sales')));
    const userId = rows[0]!.userId;
    const { attributes } = await hub.api<Any>('GET', `/api/gatehouse/v1/users/${userId}/provenance`);
    const origin = attributes.find(({ attribute }: Any) => attribute === 'department');
    const admin = await user('admin@example.com');
    expect(origin).toMatchObject({
      source: { type: 'HUB' },
      by: { id: admin.id },
      jobId: expect.stringMatching(/^job/),
    });
    const issuer = 'https://idp.example';
    const endpoint = { url: `${issuer}/x`, binding: 'HTTP-REDIRECT' };
    const idp = await hub.api<Any>('POST', '/api/v1/idps', {
      type: 'OIDC',
      name: `Master ${login}`,
      protocol: {
        type: 'OIDC',
        scopes: ['openid'],
        issuer: { url: issuer },
        endpoints: { authorization: endpoint, token: { ...endpoint, binding: 'HTTP-POST' }, jwks: endpoint },
        credentials: { client: { client_id: 'hub', client_secret: 'a secret of the tests' } },
      },
      policy: {
        accountLink: { action: 'AUTO' },
        provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
        subject: { matchType: 'USERNAME', userNameTemplate: { template: 'idpuser.email' } },
      },
    });
    await hub.database.query({
      text: `insert into user_profile_sources (org_id, user_id, source_id, "values", last_updated)
             select org_id, id, $2, '{"department": "Sales"}', last_updated from users where id = $1`,
      values: [userId, idp.id],
    });
    const again = await imports.imported(file(line(login, 'Law'), line(fresh())));
    expect(codes(again.rows)).toEqual([['mastered'], []]);
    expect((await user(login)).profile.department).toBe('Sales');
  });

  it('leaves deactivated people out, and takes a login that a deleted person had', async () => {
    const [gone, deleted] = [fresh(), fresh()];
    await imports.imported(file(line(gone), line(deleted)));
    for (const login of [gone, deleted, deleted]) await hub.api('DELETE', `/api/v1/users/${(await idOf(login))!}`);
    const { rows } = await imports.imported(file(line(gone, 'Law'), line(deleted)));
    expect([rows[0]!.problems[0].code, rows[1]!.outcome]).toEqual(['deactivated', 'create']);
  });

  async function idOf(login: string) {
    const { rows } = await hub.database.query<{ id: string }>({
      text: 'select id from users where login_key = $1',
      values: [login],
    });
    return rows[0]?.id;
  }

  it('reads numbers, truth values and lists, and says which it cannot', async () => {
    await hub.api('POST', '/api/v1/meta/schemas/user/default', {
      definitions: {
        custom: {
          id: '#custom',
          type: 'object',
          properties: {
            floor: { title: 'Floor', type: 'integer' },
            driver: { title: 'Driver', type: 'boolean' },
            languages: { title: 'Languages', type: 'array', items: { type: 'string' } },
          },
        },
      },
    });
    const login = fresh();
    const { rows } = await imports.imported(
      `Username,Primary email,First name,Last name,Floor,Driver,languages\n${login},${login},A,B,3,TRUE,de; en\n${fresh()},x@example.com,A,B,third,maybe,\n`,
    );
    expect((await user(login)).profile).toMatchObject({ floor: 3, driver: true, languages: ['de', 'en'] });
    expect(rows[1]!.problems).toEqual([
      { attribute: 'floor', code: 'type', message: 'floor: "third" is not of type integer.' },
      { attribute: 'driver', code: 'type', message: 'driver: "maybe" is not of type boolean.' },
    ]);
  });
});

describe('unique values', () => {
  beforeAll(async () => {
    await hub.api('POST', '/api/v1/meta/schemas/user/default', {
      definitions: {
        custom: {
          id: '#custom',
          type: 'object',
          properties: { badge: { title: 'Badge', type: 'string', unique: 'UNIQUE_VALIDATED' } },
        },
      },
    });
  });
  const badges = (...rows: [string, string][]) =>
    `login,email,firstName,lastName,badge\n${rows.map(([login, badge]) => `${login},${login},A,B,${badge}`).join('\n')}\n`;

  it('are kept apart within a file and against people who are there', async () => {
    const [one, two] = [fresh(), fresh()];
    await imports.imported(badges([one, `A${one}`]));
    const { rows } = await imports.imported(
      badges([two, `a${one}`], [fresh(), `B${one}`], [fresh(), `b${one}`], [one, `A${one}`]),
    );
    expect(codes(rows)).toEqual([['taken'], [], ['duplicate_in_file'], []]);
    expect(rows[3]!.outcome).toBe('unchanged');
  });

  it('are decided by the database: whoever takes one between check and import wins, and the rest of the batch goes in', async () => {
    const [rival, loser, other, known] = [fresh(), fresh(), fresh(), fresh()];
    await imports.imported(badges([known, `old ${known}`]));
    const { id } = await imports.upload(
      badges([loser, `C${rival}`], [other, `D${rival}`], [known, `c${rival} `], [fresh(), '']),
    );
    // The third row is a duplicate of the first within the file; the rival takes the value of the first.
    expect((await imports.check(id)).totals).toMatchObject({ create: 3, error: 1 });
    await hub.api('POST', '/api/v1/users', {
      profile: { login: rival, email: rival, firstName: 'A', lastName: 'B', badge: `C${rival}` },
    });
    expect((await imports.run(id)).totals).toMatchObject({ create: 2, error: 2 });
    expect((await hub.call('GET', `/api/v1/users/${loser}`)).status).toBe(404);
    expect((await user(other)).profile.badge).toBe(`D${rival}`);
    expect((await user(known)).profile.badge).toBe(`old ${known}`);
  });
});

describe('who may', () => {
  it('is an organization administrator, who cannot change administrators by a file', async () => {
    const login = fresh('orgadmin');
    const { id: userId } = await hub.api<Any>('POST', '/api/v1/users', {
      profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace', department: 'Sales' },
      credentials: { password: { value: 'correct horse battery' } },
    });
    await hub.api('POST', `/api/v1/users/${userId}/roles`, { type: 'ORG_ADMIN' });
    const token = await hub.api<Any>('POST', '/api/v1/api-tokens', { name: login });
    await hub.database.query({
      text: 'update api_tokens set user_id = $1 where id = $2',
      values: [userId, token.id],
    });
    const theirs = importsOf({
      ...hub,
      token: token.value,
      async api(method: string, path: string, body?: unknown) {
        const answer = await hub.call(method, path, body, { authorization: `SSWS ${token.value}` });
        if (answer.status >= 400) throw new Error(JSON.stringify(answer.body));
        return answer.body as Any;
      },
    });
    const content = file(line(login, 'Law'), line(fresh(), 'Law'));
    expect(codes((await theirs.imported(content)).rows)).toEqual([['administrator'], []]);
    await group(`Board ${login}`);
    expect(codes((await theirs.imported(file(line(login, '', `Board ${login}`)))).rows)).toEqual([['administrator']]);
    expect((await imports.imported(content)).totals).toMatchObject({ update: 1, unchanged: 1 });
  });
});

describe('the file', () => {
  it('is understood by names, titles and usual aliases, and its columns can be chosen', async () => {
    const sent = await imports.upload(
      'Username,E-Mail,given name,Surname,profile.department,Cost Center,Shoe size,Team\na@b.c,,,,,,,\n',
    );
    expect(sent.columns.map(({ header, target }: Any) => [header, target])).toEqual([
      ['Username', 'login'],
      ['E-Mail', 'email'],
      ['given name', 'firstName'],
      ['Surname', 'lastName'],
      ['profile.department', 'department'],
      ['Cost Center', 'costCenter'],
      ['Shoe size', null],
      ['Team', null],
    ]);
    expect(sent.columns[0].samples).toEqual(['a@b.c']);
    const targets = ['login', 'email', 'firstName', 'lastName', 'department', 'costCenter', null, 'groups'];
    const change = (columns: unknown) => hub.call('PUT', `${ALL}/${sent.id}`, { columns });
    expect((await change(targets.map((target) => ({ target })))).status).toBe(200);
    expect(cause((await change([{ target: null }])) as Any)).toMatch(/^columns: expected 8, one for each column/);
    expect(cause((await change(targets.map(() => ({ target: 'login' })))) as Any)).toBe(
      'columns: two columns are "login"',
    );
    expect(cause((await change(targets.map(() => ({ target: 'shoe' })))) as Any)).toBe(
      'columns: there is no attribute "shoe"',
    );
    await change(targets.map(() => ({ target: null })));
    expect(cause((await hub.call('POST', `${ALL}/${sent.id}/dry-run`)) as Any)).toBe(
      'columns: choose the column that holds the login (Username); people are found by it',
    );
  });

  it('may have a byte order mark, quotes, line ends in cells and every script', async () => {
    const login = fresh('zoë');
    const content = `\uFEFF"login",email,"firstName",lastName,department\n"${login}",zoe@example.com,Zoë,"O""Neil, 世界","two\nlines"\n`;
    const { rows } = await imports.imported(content);
    expect(rows[0]!.problems).toEqual([]);
    expect((await user(encodeURIComponent(login))).profile).toMatchObject({
      firstName: 'Zoë',
      lastName: 'O"Neil, 世界',
      department: 'two\nlines',
    });
  });

  it.each([
    [
      'UTF-16',
      Buffer.from('\uFEFFlogin\na@b.c\n', 'utf16le'),
      'file: The file is UTF-16. Save the file as "CSV UTF-8".',
    ],
    [
      'Latin-1',
      Buffer.from('login\nzo\xeb@b.c\n', 'latin1'),
      'file: The file is not UTF-8: there are other bytes on line 1 or soon after it. Save the file as "CSV UTF-8".',
    ],
    [
      'U+0000',
      'login\na@b.c\n\0\n',
      'file: Line 3 holds the character U+0000: this is no text in UTF-8. Save the file as "CSV UTF-8".',
    ],
    ['nothing', '', 'file: The file is empty: expected a header and a row for each user.'],
    ['a header alone', 'login\n', 'file: The file has a header and no rows.'],
    [
      'semicolons',
      'login;email\na;b\n',
      'file: The header has one column, with semicolons or tabs in it. Save the file with commas between the columns.',
    ],
    ['one header twice', 'login,login\na,b\n', 'file: Two columns have the header "login". Give each its own name.'],
    [
      'one header in two spellings',
      'login,Login\na,b\n',
      'file: Two columns have the header "Login". Give each its own name.',
    ],
    [
      'an open quote',
      'login\n"a\n',
      'file: Line 2, column 1: the quotation mark that begins this cell is never closed.',
    ],
    [
      'a cell of a megabyte',
      `login\n${'x'.repeat(1_000_000)}\n`,
      'file: Line 2, column 1: the cell is longer than 32768 characters.',
    ],
    ['5,000 columns', `login${',x'.repeat(5_000)}\n`, 'file: Line 1: there are more than 500 columns.'],
    [
      'a row that never ends',
      `login\n${`${'x'.repeat(30_000)},`.repeat(20)}`,
      'file: Line 2: the row is longer than 131072 characters.',
    ],
  ])('is refused where it is %s, and nothing of it stays', async (_what, content, sentence) => {
    const { id } = await imports.create();
    const answer = await imports.send(id, content);
    expect([answer.status, answer.body.errorCode, cause(answer)]).toEqual([400, 'E0000001', sentence]);
    expect(await imports.get(id)).toMatchObject({ status: 'NEW', rows: 0, columns: [] });
    const { rowCount } = await hub.database.query({
      text: 'select 1 from import_rows where import_id = $1',
      values: [id],
    });
    expect(rowCount).toBe(0);
  });

  it('is text/csv in UTF-8 by its header too', async () => {
    const { id } = await imports.create();
    const content = file(line(fresh()));
    const latin = await imports.send(id, content, { 'content-type': 'text/csv; charset=iso-8859-1' });
    expect([latin.status, cause(latin)]).toEqual([400, 'file: expected UTF-8, and the Content-Type says iso-8859-1']);
    expect((await imports.send(id, content, { 'content-type': 'application/pdf' })).status).toBe(400);
    expect((await imports.send(id, content, { 'content-type': 'text/csv; charset=UTF-8' })).status).toBe(200);
    const elsewhere = await hub.call('POST', '/api/v1/groups', 'x', { 'content-type': 'text/csv' });
    expect(elsewhere.status).toBe(400);
  });

  it('may be larger than any other body, and no other body may be', async () => {
    const many = file(...Array.from({ length: 2_000 }, () => line(fresh(), 'x'.repeat(60))));
    expect(many.length).toBeGreaterThan(200_000);
    expect((await imports.upload(many)).rows).toBe(2_000);
    const profile = { name: 'Large', description: 'x'.repeat(70_000) };
    expect((await hub.call('POST', '/api/v1/groups', { profile })).status).toBe(413);
  });

  it('is not larger than it may be', async () => {
    const { id } = await imports.create();
    const schema = { attributes: new Map() } as Any;
    const { rows: orgs } = await hub.database.query<{ id: string }>({ text: 'select id from orgs', values: [] });
    const place = { orgId: orgs[0]!.id, id };
    const pieces = async function* () {
      yield Buffer.from('login\n');
      yield Buffer.from('a@b.c\n');
    };
    const sent = (maxBytes: number) => receive({ database: hub.database, schema, maxBytes }, place, pieces());
    await expect(sent(11)).rejects.toMatchObject({ status: 413 });
    expect(await sent(12)).toMatchObject({ rows: 1, bytes: 12 });
  });

  it('loses to the one that was sent after it', async () => {
    const { id } = await imports.create();
    const halves = new TransformStream<Uint8Array, Uint8Array>();
    const writer = halves.writable.getWriter();
    const first = fetch(`${hub.url}${ALL}/${id}/file`, {
      method: 'PUT',
      headers: { authorization: `SSWS ${hub.token}`, 'content-type': 'text/csv' },
      body: halves.readable,
      duplex: 'half',
    } as RequestInit);
    const bytes = (text: string) => new TextEncoder().encode(text);
    await writer.write(bytes(`login\n${'first@example.com\n'.repeat(1_500)}`));
    await expect
      .poll(
        async () =>
          (await hub.database.query({ text: 'select 1 from import_rows where import_id = $1', values: [id] })).rowCount,
      )
      .toBe(1_000);
    expect((await imports.send(id, 'login\nsecond@example.com\n')).status).toBe(200);
    await writer.write(bytes('first@example.com\n'));
    await writer.close();
    expect((await first).status).toBe(409);
    expect((await imports.rows(id)).map(({ login }) => login)).toEqual(['second@example.com']);
  });

  it('never has its passwords stored', async () => {
    const login = fresh();
    const sent = await imports.upload(`login,email,firstName,lastName,Password\n${login},${login},A,B,open sesame\n`);
    expect(sent.columns[4]).toMatchObject({ header: 'Password', target: null, stored: false, samples: [''] });
    const { rows } = await hub.database.query<{ text: string }>({
      text: 'select cells::text as text from import_rows where import_id = $1',
      values: [sent.id],
    });
    expect(rows[0]!.text).not.toContain('sesame');
    const shifted = await imports.preview(
      `login,email,Password,firstName,lastName\n${login},${login},Jr,open sesame,A,B\n${login},open sesame,A\n`,
    );
    expect(codes(shifted.rows)).toEqual([['columns'], ['columns']]);
    expect(await imports.report(shifted.id)).not.toContain('sesame');
    expect(await imports.report(shifted.id)).toContain(login);
    const columns = ['login', 'email', 'firstName', 'lastName', 'nickName'].map((target) => ({ target }));
    expect((await hub.call('PUT', `${ALL}/${sent.id}`, { columns })).status).toBe(400);
  });

  it('has a template whose header is understood by itself', async () => {
    const template = (await hub.call('GET', `${ALL}/template.csv`)).body as string;
    const { columns } = await imports.upload(`${template}${template.replace(/[^,\r\n]/g, '')}`);
    expect(columns.length).toBeGreaterThan(31);
    expect(columns.filter(({ header, target }: Any) => header !== target)).toEqual([]);
  });
});

describe('the error report', () => {
  it('holds the rows with errors, their lines and reasons, and no formula', async () => {
    const { id } = await imports.preview(
      file(
        line(fresh()),
        `=cmd|' /C calc'!A0,+1,-1,@SUM(1),"tab\there","a, ""b"""`,
        'x@example.com,x@example.com,,B,,',
      ),
    );
    expect(await imports.report(id)).toBe(
      [
        `${HEADER},error_line,error_code,error_message`,
        `'=cmd|' /C calc'!A0,'+1,'-1,'@SUM(1),tab\there,"a, ""b""",3,format too_short unknown_group,"login: must be in the form of an email address email: at least 5 characters groups: there is no group ""a, ""b"""". Create it first, or let the import create unknown groups."`,
        `x@example.com,x@example.com,,B,,,4,required,firstName: The field cannot be left blank`,
        '',
      ].join('\r\n'),
    );
  });

  it('keeps every cell of a row, and no row becomes possible by being reported', async () => {
    const [long, short, both] = [fresh(), fresh(), fresh()];
    const header = 'login,email,firstName,lastName,department';
    const first = await imports.preview(
      `${header}\n${long},${long},Ann,Smith, Jr,Sales\n${short},${short},Ann,Smith\n${both},${both},A,B,Law\n`,
    );
    const report = await imports.report(first.id);
    const columns = 'columns,"The row has';
    expect(report.split('\r\n').slice(1, 3)).toEqual([
      `${long},${long},Ann,Smith, Jr,2,${columns} 6 cells, and the header has 5.",Sales`,
      `${short},${short},Ann,Smith,,3,${columns} 4 cells, and the header has 5.","Cells are missing in this row: fill them in, and take this one away."`,
    ]);
    const again = await imports.imported(report);
    expect([again.totals, codes(again.rows)]).toMatchObject([{ create: 0, error: 2 }, [['columns'], ['columns']]]);
    const second = await imports.report(again.id);
    expect(second.replaceAll(/,\d+,columns,"[^"]*"/g, '')).toBe(report.replaceAll(/,\d+,columns,"[^"]*"/g, ''));
    const mended = second
      .replace(`Smith, Jr,`, `"Smith, Jr",Sales,`)
      .replace(/,Sales\r\n/, '\r\n')
      .replace(/,"Cells are missing[^"]*"/, '');
    expect((await imports.imported(mended)).totals).toMatchObject({ create: 2, error: 0 });
    expect((await user(long)).profile).toMatchObject({ lastName: 'Smith, Jr', department: 'Sales' });
  });

  it('can be corrected and imported', async () => {
    const login = fresh();
    const header = 'login,email,firstName,lastName,mobilePhone';
    const { id } = await imports.preview(`${header}\n${login},${login},,Lovelace,+49 30 1\n`);
    const corrected = (await imports.report(id)).replace(`${login},,`, `${login},Ada,`);
    const again = await imports.imported(corrected);
    expect(again.totals).toMatchObject({ create: 1, error: 0 });
    expect((await user(login)).profile.mobilePhone).toBe('+49 30 1');
  });
});

describe('ten thousand rows', () => {
  const COUNT = 10_000;
  const content = `${HEADER}\n${Array.from({ length: COUNT }, (_, n) => {
    const login = n % 100 === 99 ? `wrong ${n}` : `many${n}@example.com`;
    return `${login},many${n}@example.com,Ada,Lovelace,D${n % 7},Many ${n % 3}`;
  }).join('\n')}\n`;

  it('go in, survive a broken connection in the middle, and nothing happens twice', async () => {
    const { id } = await imports.upload(content, { unknownGroups: 'CREATE' });
    expect((await imports.check(id)).totals).toMatchObject({ create: 9_900, error: 100 });
    const { rows: found } = await hub.database.query<{ n: number }>({
      text: 'select count(*) as n from users',
      values: [],
    });
    await hub.database.query({
      text: `create function block_import() returns trigger language plpgsql as $$ begin
               if new.number = 4200 and new.import_id = '${id}' then perform pg_advisory_xact_lock(4200); end if; return new; end $$`,
      values: [],
    });
    await hub.database.query({
      text: 'create trigger block_import before update on import_rows for each row execute function block_import()',
      values: [],
    });
    const holder = await hub.database.pool.connect();
    await holder.query('select pg_advisory_lock(4200)');
    await hub.api('POST', `${ALL}/${id}/run`);
    const waiting = `select pid from pg_locks where locktype = 'advisory' and objid = 4200 and not granted and database = (select oid from pg_database where datname = current_database())`;
    await expect.poll(async () => (await holder.query(waiting)).rowCount, { timeout: 20_000 }).toBe(1);
    expect((await imports.get(id)).totals.create).toBe(3_960);
    await holder.query(`select pg_terminate_backend(pid) from (${waiting}) w`);
    await holder.query('select pg_advisory_unlock(4200)');
    await holder.query('drop trigger block_import on import_rows');
    holder.release();
    expect((await imports.reached(id, 'COMPLETED')).totals).toMatchObject({ create: 9_900, error: 100, update: 0 });
    const { rows: after } = await hub.database.query<{ n: number }>({
      text: 'select count(*) as n from users',
      values: [],
    });
    expect(after[0]!.n - found[0]!.n).toBe(9_900);
    const { rows: events } = await hub.database.query<{ n: number; people: number }>({
      text: `select count(*) as n, count(distinct subject_id) as people from system_log
             where event_type = 'user.lifecycle.create' and payload->'target'->0->>'alternateId' like 'many%'`,
      values: [],
    });
    expect(events[0]).toEqual({ n: 9_900, people: 9_900 });
    const { rows: members } = await hub.database.query<{ n: number }>({
      text: `select count(*) as n from group_members m join groups g on g.id = m.group_id where g.profile->>'name' like 'Many %'`,
      values: [],
    });
    expect(members[0]!.n).toBe(9_900);
    const page = await imports.rows(id, '&outcome=error');
    expect(page.slice(0, 3).map(({ number }) => number)).toEqual([100, 200, 300]);
    expect((await imports.report(id)).trim().split('\r\n')).toHaveLength(101);
    expect((await imports.run(id)).totals).toMatchObject({ create: 0, unchanged: 9_900, error: 100 });
  }, 120_000);
});

describe('what is kept', () => {
  it('goes with the import, not what was imported', async () => {
    const login = fresh();
    const { id } = await imports.imported(file(line(login)));
    await hub.api('DELETE', `${ALL}/${id}`);
    expect((await hub.call('GET', `${ALL}/${id}`)).status).toBe(404);
    const { rowCount } = await hub.database.query({
      text: 'select 1 from import_rows where import_id = $1',
      values: [id],
    });
    expect(rowCount).toBe(0);
    expect((await user(login)).profile.login).toBe(login);
  });

  it('goes with the next purge where a crash left rows of an import that is gone', async () => {
    const [gone, stays] = [await imports.imported(file(line(fresh()))), await imports.imported(file(line(fresh())))];
    await hub.database.query({ text: 'delete from imports where id = $1', values: [gone.id] });
    await hub.database.query({ text: `select graphile_worker.add_job('daily', '{}')`, values: [] });
    const left = async () => {
      const text = 'select distinct import_id as id from import_rows where import_id = any($1)';
      const { rows } = await hub.database.query<{ id: string }>({ text, values: [[gone.id, stays.id]] });
      return rows.map(({ id }) => id);
    };
    await expect.poll(left, { timeout: 20_000 }).toEqual([stays.id]);
  });

  it('goes by itself a week after the last change; what remains tells how it ended', async () => {
    const { id } = await imports.imported(file(line(fresh())));
    hub.clock.advance(6 * DAY);
    const recent = await imports.upload(file(line(fresh())));
    hub.clock.advance(1.5 * DAY);
    await hub.database.query({ text: `select graphile_worker.add_job('daily', '{}')`, values: [] });
    await expect.poll(async () => (await imports.get(id)).rowsRemoved, { timeout: 20_000 }).not.toBeNull();
    expect(await imports.rows(id)).toEqual([]);
    expect((await imports.get(id)).totals.create).toBe(1);
    for (const path of ['errors.csv', 'run']) {
      const answer = await hub.call(path === 'run' ? 'POST' : 'GET', `${ALL}/${id}/${path}`);
      expect([answer.status, cause(answer as Any)]).toEqual([410, expect.stringContaining('Send the file again.')]);
    }
    expect(await imports.rows(recent.id)).toHaveLength(1);
  });

  it('cannot be deleted or changed while it is under way; a cancelled check can be begun again', async () => {
    const { id } = await imports.upload(file(line(fresh())));
    await hub.database.query({ text: `update imports set status = 'CHECKING' where id = $1`, values: [id] });
    expect((await hub.call('DELETE', `${ALL}/${id}`)).status).toBe(409);
    expect((await hub.call('PUT', `${ALL}/${id}`, { options: {} })).status).toBe(409);
    expect((await imports.send(id, file(line(fresh())))).status).toBe(409);
  });

  it('that was stopped tells of the rows that it reached, and of errors', async () => {
    const { id } = await imports.preview(file(line(fresh()), line(fresh()), line('no address')));
    await hub.database.query({
      text: `update imports set status = 'STOPPED', totals = '{"create":1}' where id = $1`,
      values: [id],
    });
    const outcomes = async (query = '') => (await imports.rows(id, query)).map(({ outcome }) => outcome);
    expect(await outcomes()).toEqual(['create', null, 'error']);
    expect([await outcomes('&outcome=create'), await outcomes('&outcome=error')]).toEqual([['create'], ['error']]);
    expect((await imports.run(id)).totals).toMatchObject({ create: 2, error: 1 });
  });

  it('has the options that there are, with the values that they have, and lists that have a length', async () => {
    const causes = async (method: string, path: string, body?: object) => {
      const answer = await hub.call(method, path, body);
      return [answer.status, (answer.body as Any).errorCauses[0].errorSummary];
    };
    expect(await causes('POST', ALL, { options: { foo: 'X' } })).toEqual([400, 'options.foo: There is no such field']);
    expect(await causes('POST', ALL, { options: { existing: 'X' } })).toEqual([
      400,
      'options.existing: expected one of UPDATE, SKIP',
    ]);
    const { id } = await imports.create({ existing: 'SKIP' });
    expect((await causes('PUT', `${ALL}/${id}`, { options: { foo: 'X' } }))[0]).toBe(400);
    for (const path of [`${ALL}/${id}/rows`, '/api/v1/groups/rules', '/api/v1/mappings'])
      expect((await causes('GET', `${path}?limit=0`))[1]).toMatch(/^limit: expected a whole number from 1/);
  });

  it('is told with the newest first, and refuses a change of what somebody else has changed', async () => {
    hub.clock.advance(1_000);
    const one = await imports.upload(file(line(fresh())));
    hub.clock.advance(1_000);
    const two = await imports.upload(file(line(fresh())));
    const [first, second] = await hub.api<Any[]>('GET', `${ALL}?limit=2`);
    expect([first.id, second.id]).toEqual([two.id, one.id]);
    const stale = { 'if-match': '"1"' };
    expect((await hub.call('PUT', `${ALL}/${one.id}`, { options: {} }, stale)).status).toBe(412);
  });
});

it('reads characters that are cut between two pieces, and counts its lines', () => {
  const reader = createTextReader();
  const bytes = Buffer.from('a\nzoë 世');
  const pieces = [...bytes].map((byte) => reader.push(Uint8Array.of(byte)));
  expect(pieces.map((piece) => (piece.ok ? piece.value : piece.error)).join('')).toBe('a\nzoë 世');
  expect(reader.push(Uint8Array.of(0xe4)).ok).toBe(true);
  expect(reader.end()).toMatchObject({ ok: false, error: expect.stringContaining('line 2') });
});
