import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_EMAIL, createTestDirectory, person, type TestDirectory } from '../../../test/support/directory.ts';
import { inTransaction } from '../../database/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

let directory: TestDirectory;
let call: TestDirectory['call'];
let count = 0;

beforeAll(async () => {
  directory = await createTestDirectory();
  call = directory.call;
});
afterAll(() => directory.close());

/** Every test has its rules for itself. */
afterEach(async () => {
  for (const rule of (await call('GET', '/groups/rules?limit=200')).body as Any[]) {
    await call('POST', `/groups/rules/${rule.id}/lifecycle/deactivate`);
    await call('DELETE', `/groups/rules/${rule.id}`);
  }
});

async function ok(method: string, path: string, body?: unknown): Promise<Any> {
  const answer = await call(method, path, body);
  expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
}
const newGroup = async (name = `Group ${++count}`): Promise<string> =>
  (await ok('POST', '/groups', { profile: { name } })).id;
const newUser = async (more: Record<string, unknown> = {}, groupIds?: string[]): Promise<string> =>
  (await ok('POST', '/users', { ...person(`person${++count}@example.com`, more), groupIds })).id;
const ruleBody = (expression: string, groupIds: string[], more: object = {}) => ({
  type: 'group_rule',
  name: `Rule ${++count}`,
  conditions: {
    expression: { value: expression, type: 'urn:okta:expression:1.0' },
    people: { users: { exclude: [] as string[] }, groups: { exclude: [] as string[] } },
  },
  actions: { assignUserToGroups: { groupIds } },
  ...more,
});
const newRule = async (expression: string, groupIds: string[], more: object = {}): Promise<Any> =>
  ok('POST', '/groups/rules', ruleBody(expression, groupIds, more));
async function activate({ id }: { id: string }): Promise<void> {
  await ok('POST', `/groups/rules/${id}/lifecycle/activate`);
  await directory.runJobs();
}
const activeRule = async (expression: string, groupIds: string[], more: object = {}): Promise<Any> => {
  const rule = await newRule(expression, groupIds, more);
  await activate(rule);
  return rule;
};
const membersOf = async (groupId: string): Promise<string[]> =>
  (await ok('GET', `/groups/${groupId}/users`)).map((user: Any) => user.id);
const originsOf = async (groupId: string): Promise<Record<string, [string, ...string[]]>> =>
  Object.fromEntries(
    (await ok('GET', `/api/gatehouse/v1/groups/${groupId}/members`)).map((member: Any) => [
      member.user.id,
      [member.source, ...member.rules.map((rule: Any) => rule.name).sort()],
    ]),
  );
async function membershipEvents(userId: string) {
  const { rows } = await directory.database.query<{ type: string; payload: Any }>({
    text: `select event_type as type, payload from system_log where subject_id = $1 and event_type like 'group.user_membership%' order by published, xid, id`,
    values: [userId],
  });
  return rows.map(({ type, payload }) => [
    type,
    payload.target[1].displayName,
    payload.debugContext.debugData.groupRule ?? null,
  ]);
}
const refusal = async (method: string, path: string, body?: unknown) => {
  const { status, body: answer } = await call(method, path, body);
  return [status, answer?.errorCode, answer?.errorCauses?.[0]?.errorSummary];
};

describe('a group rule', () => {
  it('is created inactive, read, listed, replaced while inactive, and deleted', async () => {
    const groupId = await newGroup('Andys');
    const body = ruleBody('String.startsWith(user.firstName,"andy")', [groupId]);
    const rule = await ok('POST', '/groups/rules', body);
    expect(rule).toEqual({
      ...body,
      id: expect.stringMatching(/^0pr[A-Za-z0-9]{17}$/),
      status: 'INACTIVE',
      created: expect.stringMatching(/Z$/),
      lastUpdated: rule.created,
      allGroupsValid: true,
    });
    const path = `/groups/rules/${rule.id}`;
    expect(await ok('GET', path)).toEqual(rule);
    expect((await ok('GET', `${path}?expand=groupIdToGroupNameMap`))._embedded).toEqual({
      groupIdToGroupNameMap: { [groupId]: 'Andys' },
    });
    const replaced = await ok('PUT', path, { ...rule, name: 'Renamed' });
    expect(replaced).toEqual({ ...rule, name: 'Renamed', lastUpdated: replaced.lastUpdated });
    expect(await ok('GET', '/groups/rules?search=renam')).toEqual([replaced]);
    expect(await ok('GET', '/groups/rules?search=nothing')).toEqual([]);
    expect((await call('DELETE', path)).status).toBe(202);
    expect(await refusal('GET', path)).toEqual([404, 'E0000007', undefined]);
  });

  it('is listed in pages', async () => {
    const groupId = await newGroup();
    const made = [];
    for (let i = 0; i < 3; i++) made.push((await newRule('true', [groupId])).id);
    const first = await call('GET', '/groups/rules?limit=2');
    const next = [first.headers.link].flat().find((link) => link?.includes('rel="next"'));
    const second = await call('GET', next!.match(/<http:\/\/localhost([^>]+)>/)![1]!);
    expect([...first.body, ...second.body].map((rule: Any) => rule.id)).toEqual(made.sort());
    expect([second.headers.link].flat().some((link) => link?.includes('rel="next"'))).toBe(false);
  });

  it('needs a name of its own, groups that exist, and an expression that can run: the refusal says where it is wrong', async () => {
    const groupId = await newGroup();
    const everyone = (await ok('GET', '/groups?q=everyone'))[0].id;
    const { name } = await newRule('true', [groupId]);
    const post = (body: object) => refusal('POST', '/groups/rules', body);
    expect(await post(ruleBody('true', [groupId], { name: name.toUpperCase() }))).toEqual([
      400,
      'E0000001',
      'name: An object with this field already exists in the current organization',
    ]);
    expect(await post(ruleBody('true', [groupId], { name: 'x'.repeat(51) }))).toEqual([
      400,
      'E0000001',
      expect.anything(),
    ]);
    expect(await post(ruleBody('user.a ==\n String.startWith(user.b, "x")', [groupId]))).toEqual([
      400,
      'E0000001',
      expect.stringMatching(
        /^conditions\.expression\.value: .*\(line 2, column \d+\) Did you mean String\.startsWith\?$/,
      ),
    ]);
    for (const expression of ['appuser.x == 1', 'user.', '', 'Time.now() == 1'])
      expect((await post(ruleBody(expression, [groupId]))).slice(0, 2)).toEqual([400, 'E0000001']);
    for (const expression of ['isMemberOfGroupNameRegex("(")', '"abc"', 'user', '1/0 == 1', 'Convert.toInt("x") == 1'])
      expect(await post(ruleBody(expression, [groupId]))).toEqual([
        400,
        'E0000001',
        expect.stringMatching(/^conditions\.expression\.value: .*\(line 1, column \d+\) \S+/),
      ]);
    for (const groups of [[], ['00gDoesNotExist00000'], [everyone]])
      expect((await post(ruleBody('true', groups))).slice(0, 2)).toEqual([400, 'E0000001']);
    const people = { users: { exclude: ['00uNobody'] }, groups: { exclude: ['00gNothing'] } };
    const conditions = { expression: { value: 'true' }, people };
    expect(
      (await call('POST', '/groups/rules', ruleBody('true', [groupId], { conditions }))).body.errorCauses,
    ).toHaveLength(2);
    expect((await post(ruleBody('true', [groupId], { type: 'other' }))).slice(0, 2)).toEqual([400, 'E0000001']);
  });

  it('is neither changed nor deleted while it is active', async () => {
    const rule = await activeRule('false', [await newGroup()]);
    for (const [method, body] of [['PUT', rule], ['DELETE']] as const)
      expect(await refusal(method, `/groups/rules/${rule.id}`, body)).toEqual([
        400,
        'E0000001',
        expect.stringContaining('deactivate it first'),
      ]);
  });

  it('is changed under a condition: somebody else was faster', async () => {
    const rule = await newRule('true', [await newGroup()]);
    const put = (etag: string) => call('PUT', `/groups/rules/${rule.id}`, rule, { 'if-match': etag });
    expect((await put('"1"')).status).toBe(200);
    expect((await put('"1"')).status).toBe(412);
  });

  it('says when a group of it is gone, and is not activated then', async () => {
    const groupId = await newGroup();
    const rule = await newRule('true', [groupId]);
    await ok('DELETE', `/groups/${groupId}`);
    expect((await ok('GET', `/groups/rules/${rule.id}`)).allGroupsValid).toBe(false);
    expect((await refusal('POST', `/groups/rules/${rule.id}/lifecycle/activate`))[0]).toBe(400);
  });

  it('is one of two that are created under the same name at once', async () => {
    const groupId = await newGroup();
    const body = ruleBody('true', [groupId]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/groups/rules', body)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  it('is named where an attribute that it reads is to be removed', async () => {
    const rule = await newRule('String.len(user.shoeSize) > 1', [await newGroup()]);
    const attribute = { ownerKind: 'user_type', name: 'shoeSize', elsewhere: false } as const;
    const usedBy = (more: object = {}) =>
      directory.groupRules.usedBy(directory.database, directory.orgId, { ...attribute, ...more });
    expect(await usedBy()).toEqual([`the group rule "${rule.name}" (${rule.id})`]);
    expect([await usedBy({ name: 'hatSize' }), await usedBy({ elsewhere: true })]).toEqual([[], []]);
  });

  it('is checked before it is saved, also for somebody', async () => {
    const userId = await newUser({ department: 'Engines' });
    const check = (expression: string, user?: string) =>
      ok('POST', '/api/gatehouse/v1/group-rules/check', { expression, user });
    expect(await check('user.department == "Engines"', userId)).toEqual({ errors: [], matches: true, problem: null });
    expect(await check('user.department == "Poetry"', userId)).toMatchObject({ matches: false });
    expect(await check('user.department > 3', userId)).toMatchObject({ matches: false, problem: expect.any(String) });
    expect(await check('isMemberOfGroupName("Everyone")', userId)).toMatchObject({ matches: true });
    expect(await check('user.department = 3')).toMatchObject({ errors: [{ line: 1, column: 17 }], matches: null });
  });
});

describe('whoever matches', () => {
  let department: string;
  beforeEach(() => {
    department = `Department ${++count}`;
  });

  it('becomes a member when created, and leaves when the profile no longer matches; both name the rule', async () => {
    const groupId = await newGroup('Engineers');
    const { name } = await activeRule(`user.department == "${department}"`, [groupId]);
    const userId = await newUser({ department });
    const other = await newUser({ department: 'Poetry' });
    expect(await originsOf(groupId)).toEqual({ [userId]: ['RULE', name] });
    await ok('POST', `/users/${other}`, { profile: { department } });
    await ok('POST', `/users/${userId}`, { profile: { department: 'Poetry' } });
    expect(await membersOf(groupId)).toEqual([other]);
    expect(await membershipEvents(userId)).toEqual([
      ['group.user_membership.add', 'Engineers', name],
      ['group.user_membership.remove', 'Engineers', name],
    ]);
    expect(directory.noted.memberships.filter((change) => change.groupId === groupId)).toEqual([
      { groupId, userIds: [userId], added: true },
      { groupId, userIds: [other], added: true },
      { groupId, userIds: [userId], added: false },
    ]);
  });

  it('keeps what was given by hand, and what another rule gives', async () => {
    const groupId = await newGroup();
    const first = await activeRule(`user.department == "${department}"`, [groupId]);
    const second = await activeRule(`user.city == "${department}"`, [groupId]);
    const byHand = await newUser({ department }, [groupId]);
    const byBoth = await newUser({ department, city: department });
    expect(await originsOf(groupId)).toEqual({
      [byHand]: ['DIRECT', first.name],
      [byBoth]: ['RULE', first.name, second.name],
    });
    for (const id of [byHand, byBoth]) await ok('POST', `/users/${id}`, { profile: { department: 'Poetry' } });
    expect(await originsOf(groupId)).toEqual({ [byHand]: ['DIRECT'], [byBoth]: ['RULE', second.name] });
    expect(await membershipEvents(byBoth)).toHaveLength(1);
  });

  it('stays for good when the membership is also set by hand', async () => {
    const groupId = await newGroup();
    await activeRule(`user.department == "${department}"`, [groupId]);
    const userId = await newUser({ department });
    await ok('PUT', `/groups/${groupId}/users/${userId}`);
    await ok('POST', `/users/${userId}`, { profile: { department: 'Poetry' } });
    expect(await originsOf(groupId)).toEqual({ [userId]: ['DIRECT'] });
  });

  it('is excepted from the rule when taken out by hand', async () => {
    const [groupId, twin] = [await newGroup(), await newGroup()];
    const rule = await activeRule(`user.department == "${department}"`, [groupId, twin]);
    const userId = await newUser({ department });
    await ok('DELETE', `/groups/${groupId}/users/${userId}`);
    expect((await ok('GET', `/groups/rules/${rule.id}`)).conditions.people.users.exclude).toEqual([userId]);
    expect([await membersOf(groupId), await membersOf(twin)]).toEqual([[], []]);
    await ok('POST', `/users/${userId}`, { profile: { nickName: 'Ada' } });
    expect(await membersOf(groupId)).toEqual([]);
    expect((await membershipEvents(userId)).slice(2)).toEqual([
      ['group.user_membership.remove', expect.any(String), null],
      ['group.user_membership.remove', expect.any(String), rule.name],
    ]);
  });

  it('is one of as many as were taken out by hand: the rule can still be changed', async () => {
    const rule = await newRule('true', [await newGroup()]);
    await directory.database.query({
      text: `update group_rules set excluded_users = array(select '00uGone' || lpad(n::text, 13, '0') from generate_series(1, 1500) n) where id = $1`,
      values: [rule.id],
    });
    const read = await ok('GET', `/groups/rules/${rule.id}`);
    expect(read.conditions.people.users.exclude).toHaveLength(1_500);
    expect(await ok('PUT', `/groups/rules/${rule.id}`, { ...read, name: 'Changed' })).toMatchObject({
      name: 'Changed',
    });
  });

  it('follows the groups that the expression asks about, by hand, by rules and by their names', async () => {
    const [base, middle, top] = [await newGroup('Base'), await newGroup('Middle'), await newGroup('Top')];
    await activeRule(`isMemberOfGroup("${middle}")`, [top]);
    await activeRule('isMemberOfGroupName("Base")', [middle]);
    const userId = await newUser();
    await ok('PUT', `/groups/${base}/users/${userId}`);
    expect([await membersOf(middle), await membersOf(top)]).toEqual([[userId], [userId]]);
    await ok('PUT', `/groups/${base}`, { profile: { name: 'Ground' } });
    await directory.runJobs();
    expect([await membersOf(middle), await membersOf(top)]).toEqual([[], []]);
    await ok('PUT', `/groups/${base}`, { profile: { name: 'Base' } });
    await directory.runJobs();
    expect(await membersOf(top)).toEqual([userId]);
    await ok('DELETE', `/groups/${base}`);
    await directory.runJobs();
    expect([await membersOf(middle), await membersOf(top)]).toEqual([[], []]);
  });

  it('is not a member where the expression has no answer, and the log tells which rule and why, once for a change', async () => {
    const groupId = await newGroup();
    const rule = await activeRule(`user.userType > 3 && user.department == "${department}"`, [groupId]);
    const ada = await newUser({ department, userType: 'seven' });
    const bob = await newUser({ department: 'Other' });
    await ok('POST', `/users/${bob}`, { profile: { nickName: 'Bob' } });
    const { rows } = await directory.database.query<{ payload: Any }>({
      text: `select payload from system_log where event_type = 'gatehouse.group_rule.no_answer' and $1 = any(target_ids)`,
      values: [rule.id],
    });
    expect(rows.map(({ payload }) => payload)).toMatchObject([
      {
        severity: 'WARN',
        outcome: { result: 'FAILURE', reason: expect.stringContaining(rule.name) },
        target: [{ id: ada }, { id: rule.id, displayName: rule.name }],
        debugContext: { debugData: { code: 'type_mismatch', people: 1 } },
      },
    ]);
    expect(await membersOf(groupId)).toEqual([]);
  });

  it('is found by the whole of a text that an attribute may have', async () => {
    const groupId = await newGroup();
    await activeRule('String.stringContains(user.postalAddress, "end of it")', [groupId]);
    const userId = await newUser({ postalAddress: `${'x'.repeat(9_991)}end of it` });
    expect(await membersOf(groupId)).toEqual([userId]);
  });

  it('who is deactivated keeps the memberships as they are, and is looked at again when activated', async () => {
    const groupId = await newGroup();
    await activeRule(`user.department == "${department}"`, [groupId]);
    const userId = await newUser({ department });
    await ok('POST', `/users/${userId}/lifecycle/deactivate`);
    expect(Object.keys(await originsOf(groupId))).toEqual([]);
    const stored = await directory.groups.gifts.standing(directory.database, directory.orgId, [userId]);
    expect(stored.map((membership) => membership.groupId)).toEqual([groupId]);
    const [rule] = await ok('GET', '/groups/rules');
    await ok('POST', `/groups/rules/${rule.id}/lifecycle/deactivate`);
    await ok('PUT', `/groups/rules/${rule.id}`, { ...rule, conditions: { expression: { value: 'false' } } });
    await activate(rule);
    await ok('POST', `/users/${userId}/lifecycle/activate`);
    expect(await membersOf(groupId)).toEqual([]);
  });

  it('leaves nothing behind when deleted', async () => {
    const groupId = await newGroup();
    await activeRule('true', [groupId]);
    const userId = await newUser();
    for (const _ of ['deactivated', 'deleted']) await ok('DELETE', `/users/${userId}`);
    const { rows } = await directory.database.query({
      text: 'select 1 from group_rule_members where user_id = $1 union all select 1 from group_members where user_id = $1',
      values: [userId],
    });
    expect(rows).toEqual([]);
  });
});

describe('a job for everybody', () => {
  const LANGUAGES = ['en', 'fr'];
  const PEOPLE = 2_000;
  let orgId: string;
  let everybody: number;
  beforeAll(async () => {
    ({ orgId } = directory);
    const { rows } = await directory.database.query<{ count: number }>({
      text: `with made as (
               insert into users (org_id, id, type_id, status, login_key, email_key, profile, created, created_by, last_updated)
               select $1, '00uCrowd' || lpad(n::text, 12, '0'), type_id, 'ACTIVE', login, login,
                 jsonb_build_object('login', login, 'email', login, 'firstName', 'A', 'lastName', 'B', 'preferredLanguage', $3::text[]),
                 $2, 'test', $2
               from (select n, 'crowd' || n || '@example.com' as login from generate_series(1, $4) n) n,
                 (select type_id from users where org_id = $1 limit 1) t returning 1)
             select count(*) as count from made`,
      values: [orgId, directory.clock.now(), LANGUAGES, PEOPLE],
    });
    expect(Number(rows[0]!.count)).toBe(PEOPLE);
    await directory.database.query({
      text: `update users set profile = profile || jsonb_build_object('preferredLanguage', case when right(id, 1) in ('1', '2') then 'fr' else 'en' end) where id like '00uCrowd%'`,
      values: [],
    });
    everybody = await directory.users.count(directory.database, orgId);
  });
  const FRENCH = PEOPLE / 5;
  const memberCount = async (groupId: string) =>
    (await ok('GET', `/groups/${groupId}?expand=stats`))._embedded.stats.usersCount;
  const jobsOf = async (ruleId: string) => (await directory.jobs.list(orgId, { subjectId: ruleId }, 10)).items;

  const keptEvents = async (ruleId: string) => {
    const { rows } = await directory.database.query<{ payload: Any }>({
      text: `select payload from system_log where event_type = 'gatehouse.group_rule.memberships_kept' and $1 = any(target_ids)`,
      values: [ruleId],
    });
    return rows.map(({ payload }) => ({
      actor: payload.actor.alternateId,
      memberships: payload.debugContext.debugData.memberships,
    }));
  };

  it('begins with the activation, meets each once, and goes on after a crash between two steps', async () => {
    const groupId = await newGroup('French');
    const rule = await newRule('user.preferredLanguage == "fr"', [groupId]);
    await ok('POST', `/groups/rules/${rule.id}/lifecycle/activate`);
    const [job] = await jobsOf(rule.id);
    expect(job).toMatchObject({
      status: 'QUEUED',
      total: everybody,
      title: `Apply the group rule "${rule.name}" to everybody`,
    });
    const stopping = new AbortController();
    const apply = directory.groups.gifts.apply;
    let steps = 0;
    directory.groups.gifts.apply = async (...args) => {
      await apply(...args);
      if (++steps === 2) throw new Error('The hub fell over.');
      if (steps === 3) stopping.abort();
    };
    const run = () => directory.jobs.run({ orgId, id: job!.id }, stopping.signal);
    await expect(run()).rejects.toThrow('The hub fell over.');
    const half = await memberCount(groupId);
    expect([half > 0, half < FRENCH, (await directory.jobs.get(orgId, job!.id)).done]).toEqual([true, true, 500]);
    await run();
    expect((await directory.jobs.get(orgId, job!.id)).done).toBe(1_000);
    directory.groups.gifts.apply = apply;
    await directory.jobs.run({ orgId, id: job!.id }, new AbortController().signal);
    expect(await directory.jobs.get(orgId, job!.id)).toMatchObject({ status: 'COMPLETED', done: everybody, failed: 0 });
    expect(await memberCount(groupId)).toBe(FRENCH);
    const { rows } = await directory.database.query<{ events: number; people: number }>({
      text: `select count(*) as events, count(distinct subject_id) as people from system_log where event_type = 'group.user_membership.add' and $1 = any(target_ids)`,
      values: [groupId],
    });
    expect([Number(rows[0]!.events), Number(rows[0]!.people)]).toEqual([FRENCH, FRENCH]);
    const gained = directory.noted.memberships.filter(
      (change) => change.groupId === groupId && change.userIds.length > 0,
    );
    expect(gained.length).toBeLessThanOrEqual(Math.ceil(everybody / 500) + 1);
  });

  it('is run again on demand, once at a time; people whom the expression has no answer for are its problems', async () => {
    const groupId = await newGroup();
    const rule = await newRule('user.costCenter > 3', [groupId]);
    const again = `/api/gatehouse/v1/group-rules/${rule.id}/run`;
    expect((await refusal('POST', again)).slice(0, 2)).toEqual([400, 'E0000001']);
    await activate(rule);
    const ada = await newUser({ costCenter: 'seven' });
    directory.clock.advance(1_000);
    const { jobId } = await ok('POST', again);
    expect((await refusal('POST', again)).slice(0, 2)).toEqual([409, 'E0000001']);
    await directory.runJobs();
    const job = await directory.jobs.get(orgId, jobId);
    expect(job).toMatchObject({ status: 'COMPLETED', failed: 1 });
    const problems = await directory.jobs.problems(orgId, jobId, 0, 1_000);
    const login = (await ok('GET', `/users/${ada}`)).profile.login;
    expect(problems.find((problem) => problem.place === login)).toMatchObject({
      code: 'type_mismatch',
      message: expect.stringContaining(rule.name),
    });
    expect(await memberCount(groupId)).toBe(0);
  });

  describe('after groups were renamed or deleted', () => {
    const ofGroups = async () =>
      (await directory.jobs.list(orgId, { kind: 'group-rules' }, 200)).items.filter((job) => job.subjectId === null);
    const open = async () => (await ofGroups()).filter(({ status }) => status === 'QUEUED' || status === 'RUNNING');
    const rename = (groupId: string, name: string) => ok('PUT', `/groups/${groupId}`, { profile: { name } });
    /** Some of the crowd, from every step of a job. */
    const some = (first: number) =>
      Array.from({ length: 6 }, (_, n) => `00uCrowd${String(first + n * 300).padStart(12, '0')}`);

    it('is one that waits beside one that runs, and misses nobody', async () => {
      const [base, top] = [await newGroup('Base of many'), await newGroup()];
      const members = some(5);
      for (const id of members) await ok('PUT', `/groups/${base}/users/${id}`);
      await activeRule('isMemberOfGroupName("Base of many")', [top]);
      expect(await membersOf(top)).toEqual(members);
      await rename(base, 'Ground of many');
      const [running] = await open();
      expect(running!.title).toBe('Apply all group rules: the group "Ground of many" was changed');
      const stopping = new AbortController();
      const apply = directory.groups.gifts.apply;
      directory.groups.gifts.apply = async (...args) => {
        stopping.abort();
        return apply(...args);
      };
      await directory.jobs.run({ orgId, id: running!.id }, stopping.signal);
      directory.groups.gifts.apply = apply;
      for (let i = 0; i < 10; i++) await rename(base, i % 2 === 0 ? 'Base of many' : `Ground ${i}`);
      await rename(base, 'Base of many');
      const [waiting, ...more] = (await open()).filter(({ id }) => id !== running!.id);
      expect([(await directory.jobs.get(orgId, running!.id)).status, more]).toEqual(['RUNNING', []]);
      expect(waiting).toMatchObject({ status: 'QUEUED', title: 'Apply all group rules: groups were changed' });
      await directory.jobs.run({ orgId, id: running!.id }, new AbortController().signal);
      await directory.runJobs();
      expect([await membersOf(top), await open()]).toEqual([members, []]);
    });

    it('is one for changes at once, which also end people’s other memberships', async () => {
      const bases = await Promise.all(Array.from({ length: 6 }, (_, n) => newGroup(`Part ${n}`)));
      const top = await newGroup();
      const members = some(6);
      for (const [n, id] of members.entries()) await ok('PUT', `/groups/${bases[n]}/users/${id}`);
      const expression = bases.map((_, n) => `isMemberOfGroupName("Part ${n}")`).join(' or ');
      await activeRule(expression, [top]);
      const before = (await ofGroups()).length;
      const changes = bases.map((id, n) => (n % 2 === 0 ? rename(id, `Piece ${n}`) : ok('DELETE', `/groups/${id}`)));
      await Promise.all(changes);
      expect((await ofGroups()).length).toBe(before + 1);
      await directory.runJobs();
      expect(await membersOf(top)).toEqual([]);
    });

    it('looks at people when no evaluation is left that may have looked at the names of before', async () => {
      const base = await newGroup();
      await activeRule('isMemberOfGroupName("Base of nobody")', [await newGroup()]);
      const waiting = async () => {
        const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`;
        return (await directory.database.query({ text, values: [] })).rowCount;
      };
      const { database, clock } = directory;
      let running: Promise<unknown> | undefined;
      await inTransaction(database, async (tx) => {
        await directory.groupRules.evaluate(tx, { orgId }, some(7), clock.now());
        await rename(base, 'Base of nobody');
        running = directory.runJobs();
        await expect.poll(waiting).toBe(1);
        expect(await open()).toMatchObject([{ status: 'QUEUED', done: 0 }]);
      });
      await running;
      expect(await open()).toEqual([]);
    });

    it('is none where no rule looks at groups', async () => {
      await activeRule('user.preferredLanguage == "none"', [await newGroup()]);
      const before = (await ofGroups()).length;
      await rename(await newGroup(), `Group ${++count}`);
      expect((await ofGroups()).length).toBe(before);
    });
  });

  it('is one for a rule that is switched on again before it has begun', async () => {
    const rule = await newRule('user.preferredLanguage == "fr"', [await newGroup()]);
    for (const step of ['activate', 'deactivate', 'activate'])
      await ok('POST', `/groups/rules/${rule.id}/lifecycle/${step}`);
    expect(await jobsOf(rule.id)).toMatchObject([{ status: 'QUEUED' }]);
    await directory.runJobs();
  });

  it('is not needed to switch a rule off: memberships stay, and stay when it is deleted', async () => {
    const groupId = await newGroup();
    const rule = await activeRule('user.preferredLanguage == "fr"', [groupId]);
    await ok('POST', `/groups/rules/${rule.id}/lifecycle/deactivate`);
    expect([await memberCount(groupId), (await jobsOf(rule.id)).length]).toEqual([FRENCH, 1]);
    await ok('DELETE', `/groups/rules/${rule.id}?removeUsers=false`);
    expect(await memberCount(groupId)).toBe(FRENCH);
    expect(new Set(Object.values(await originsOf(groupId)).map(([source]) => source))).toEqual(new Set(['DIRECT']));
    expect(await keptEvents(rule.id)).toEqual([{ actor: ADMIN_EMAIL, memberships: FRENCH }]);
  });

  it('is not needed to delete a rule that gave many something: no statement keeps more than a thousand people', async () => {
    const { database } = directory;
    const run = async (text: string) => (await database.query<Any>({ text, values: [] })).rows;
    await run(`create table kept_at_once (rows int);
      create function note_kept() returns trigger language plpgsql as $$
        begin insert into kept_at_once select count(*) from changed; return null; end $$;
      create trigger note_kept after update on group_members referencing new table as changed for each statement execute function note_kept()`);
    const [groupId, shared] = [await newGroup(), await newGroup()];
    const rule = await activeRule('user.preferredLanguage == "en"', [groupId, shared]);
    const other = await activeRule('user.preferredLanguage == "en"', [shared]);
    await ok('POST', `/groups/rules/${rule.id}/lifecycle/deactivate`);
    await ok('DELETE', `/groups/rules/${rule.id}?removeUsers=false`);
    const english = PEOPLE - FRENCH;
    expect(await keptEvents(rule.id)).toEqual([{ actor: ADMIN_EMAIL, memberships: english }]);
    const sources = await run(`select group_id as id, source, count(*)::int as n from group_members
      where group_id in ('${groupId}', '${shared}') group by 1, 2 order by source`);
    expect(sources).toEqual([
      { id: groupId, source: 'DIRECT', n: english },
      { id: shared, source: 'RULE', n: english },
    ]);
    expect(await run(`select 1 from group_rule_members where rule_id = '${rule.id}'`)).toEqual([]);
    expect((await run('select rows from kept_at_once')).map(({ rows }) => rows)).toEqual([1_000, english - 1_000]);
    await run('drop trigger note_kept on group_members; drop function note_kept; drop table kept_at_once');
    await ok('POST', `/groups/rules/${other.id}/lifecycle/deactivate`);
  });

  it('takes back what a deleted rule gave, where that is asked for; what was set by hand stays', async () => {
    const groupId = await newGroup();
    const rule = await activeRule('user.preferredLanguage == "fr"', [groupId]);
    const byHand = '00uCrowd000000000001';
    await ok('PUT', `/groups/${groupId}/users/${byHand}`);
    await ok('POST', `/groups/rules/${rule.id}/lifecycle/deactivate`);
    await ok('DELETE', `/groups/rules/${rule.id}?removeUsers=true`);
    expect((await call('GET', `/groups/rules/${rule.id}`)).status).toBe(404);
    await directory.runJobs();
    expect(await originsOf(groupId)).toEqual({ [byHand]: ['DIRECT'] });
    const removal = (await jobsOf(rule.id)).find((job) => job.kind === 'group-rule-removal');
    expect(removal).toMatchObject({ status: 'COMPLETED', done: FRENCH });
  });

  describe('that takes back what a deleted rule gave', () => {
    const removal = async (expression: string, more: string[] = []) => {
      const groupId = await newGroup();
      const rule = await activeRule(expression, [groupId, ...more]);
      await ok('POST', `/groups/rules/${rule.id}/lifecycle/deactivate`);
      await ok('DELETE', `/groups/rules/${rule.id}?removeUsers=true`);
      const job = (await jobsOf(rule.id)).find(({ kind }) => kind === 'group-rule-removal');
      return { groupId, ruleId: rule.id as string, jobId: job!.id };
    };
    const cancel = (jobId: string) => directory.jobs.steer(CALLER, jobId, 'cancel', null);
    const CALLER = {
      orgId: '',
      baseUrl: 'http://localhost',
      actor: { id: '00uGrace', type: 'User', alternateId: 'grace@example.com', displayName: 'Grace' },
    };
    beforeAll(() => {
      CALLER.orgId = orgId;
    });
    const gifts = async (ruleId: string) => directory.groups.gifts.countOfRule(directory.database, orgId, ruleId);

    it('leaves the rest as if set by hand when it is cancelled half way: administrators can end it', async () => {
      const { groupId, ruleId, jobId } = await removal('user.preferredLanguage == "en"');
      const english = PEOPLE - FRENCH;
      const stopping = new AbortController();
      const page = directory.groups.gifts.ofRule;
      directory.groups.gifts.ofRule = async (...args) => {
        stopping.abort();
        return page(...args);
      };
      await directory.jobs.run({ orgId, id: jobId }, stopping.signal);
      directory.groups.gifts.ofRule = page;
      expect(await memberCount(groupId)).toBe(english - 500);
      await cancel(jobId);
      const origins = await originsOf(groupId);
      expect(new Set(Object.values(origins).map((origin) => origin.join()))).toEqual(new Set(['DIRECT']));
      expect([await memberCount(groupId), await gifts(ruleId)]).toEqual([english - 500, 0]);
      expect(await keptEvents(ruleId)).toEqual([{ actor: 'grace@example.com', memberships: english - 500 }]);
      await ok('DELETE', `/groups/${groupId}/users/${Object.keys(origins)[0]}`);
      expect(await memberCount(groupId)).toBe(english - 501);
    });

    it('leaves what another rule gives to that rule', async () => {
      const shared = await newGroup();
      const other = await activeRule('user.city == "Ghent"', [shared]);
      const userId = await newUser({ city: 'Ghent' });
      const { groupId, ruleId, jobId } = await removal('user.city == "Ghent"', [shared]);
      await cancel(jobId);
      expect((await originsOf(shared))[userId]).toEqual(['RULE', other.name]);
      expect([(await originsOf(groupId))[userId], await gifts(ruleId)]).toEqual([['DIRECT'], 0]);
      await ok('POST', `/users/${userId}`, { profile: { city: 'Bruges' } });
      expect([await membersOf(shared), await membersOf(groupId)]).toEqual([[], [userId]]);
    });

    it('records nothing where nothing is left, and nothing twice', async () => {
      const { groupId, ruleId, jobId } = await removal('user.preferredLanguage == "fr"');
      await directory.runJobs();
      await expect(cancel(jobId)).rejects.toMatchObject({ status: 409 });
      expect([await memberCount(groupId), await keptEvents(ruleId)]).toEqual([0, []]);
    });
  });

  it('brings everybody to what a rule says after it was changed', async () => {
    const [before, after] = [await newGroup(), await newGroup()];
    const rule = await activeRule('user.preferredLanguage == "fr"', [before]);
    await ok('POST', `/groups/rules/${rule.id}/lifecycle/deactivate`);
    await ok(
      'PUT',
      `/groups/rules/${rule.id}`,
      ruleBody('user.preferredLanguage == "fr"', [after], { name: rule.name }),
    );
    await activate(rule);
    expect([await memberCount(before), await memberCount(after)]).toEqual([0, FRENCH]);
  });
});
