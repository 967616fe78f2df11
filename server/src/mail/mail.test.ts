import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testClock } from '../../test/support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { inTransaction } from '../database/index.ts';
import { createConfiguration, createOrgs } from '../orgs/index.ts';
import { createSecretBox } from '../shared/secret-box.ts';
import { createMail, type MailDeps, type Message, purgeMessages, smtpTransport } from './index.ts';

let test: TestDatabase;
let orgId: string;
const clock = testClock(new Date('2026-11-21T10:00:00.000Z'));
const secretBox = createSecretBox(randomBytes(32));

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  const orgs = createOrgs({ database, configuration: createConfiguration(database), clock });
  orgId = (await orgs.ensure(database, 'http://localhost')).org.id;
});
afterAll(() => test.drop());
beforeEach(async () => {
  await test.database.query({ text: 'delete from mail_messages', values: [] });
  await test.database.query({ text: 'delete from graphile_worker._private_jobs', values: [] });
});

const mailWith = (transport: MailDeps['transport']) =>
  createMail({
    database: test.database,
    clock,
    secretBox,
    transport,
    org: async () => ({ name: 'The Org', baseUrl: 'https://id.example.com' }),
  });
const message = (more: Partial<Message> = {}): Message => ({
  orgId,
  userId: '00uPerson',
  recipient: 'ada@example.com',
  template: 'activation',
  language: 'en',
  values: { name: 'Ada', login: 'ada', url: 'https://id.example.com/welcome/the-token' },
  at: clock.now(),
  ...more,
});
const caller = () => ({
  orgId,
  baseUrl: '',
  actor: { id: '00uAdmin', type: 'User', alternateId: 'admin', displayName: 'Admin' },
});
const jobs = async () => {
  const { rows } = await test.database.query<{ task: string; payload: unknown }>({
    text: 'select task_identifier as task, payload from graphile_worker.jobs j join graphile_worker._private_jobs p using (id)',
    values: [],
  });
  return rows;
};

describe('the outbox', () => {
  it('keeps messages for the administrator where there is no mail server', async () => {
    const mail = mailWith(null);
    await mail.send(test.database, message());
    const [kept] = (await mail.list(orgId, null, 10)).items;
    expect(kept).toMatchObject({ status: 'KEPT', subject: 'Welcome to The Org', attempts: 0 });
    expect(await jobs()).toEqual([]);
    const { body } = await mail.read(caller(), kept!.id);
    expect(body).toContain('https://id.example.com/welcome/the-token');
    const { rows } = await test.database.query<{ all: string }>({
      text: `select to_jsonb(m)::text as all from mail_messages m`,
      values: [],
    });
    expect(rows[0]!.all).not.toContain('the-token');
    const log = await test.database.query<{ actor: string }>({
      text: `select actor_id as actor from system_log where event_type = 'gatehouse.mail.read'`,
      values: [],
    });
    expect(log.rows).toEqual([{ actor: '00uAdmin' }]);
  });
  it('has neither message nor job where the change was undone', async () => {
    const mail = mailWith({ send: async () => {} });
    const undone = inTransaction(test.database, async (tx) => {
      await mail.send(tx, message());
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect([(await mail.list(orgId, null, 10)).items, await jobs()]).toEqual([[], []]);
  });
  it.each([
    ['de', 'Willkommen bei The Org'],
    ['de_AT', 'Willkommen bei The Org'],
    ['fr-CA', 'Bienvenue chez The Org'],
    ['nl', 'Welkom bij The Org'],
    ['', 'Welcome to The Org'],
    ['constructor', 'Welcome to The Org'],
  ])('writes to somebody whose language is "%s": %s', async (language, subject) => {
    const mail = mailWith(null);
    await mail.send(test.database, message({ language }));
    expect((await mail.list(orgId, null, 10)).items[0]!.subject).toBe(subject);
  });
  it('is listed newest first, page by page, and forgets', async () => {
    const mail = mailWith(null);
    for (let n = 0; n < 5; n++) {
      clock.advance(1000);
      await mail.send(test.database, message({ userId: `00u${n}`, at: clock.now() }));
    }
    const first = await mail.list(orgId, null, 2);
    const second = await mail.list(orgId, first.after, 2);
    const third = await mail.list(orgId, second.after, 2);
    const users = [first, second, third].flatMap((page) => page.items.map((item) => item.userId));
    expect([users, third.after]).toEqual([['00u4', '00u3', '00u2', '00u1', '00u0'], null]);
    await mail.forgetUser(test.database, orgId, '00u4');
    expect(await purgeMessages(test.database, clock.now())).toBe(4);
  });
});

describe('sending', () => {
  const queued = async (mail: ReturnType<typeof mailWith>) => {
    await mail.send(test.database, message());
    const [job] = await jobs();
    return job!.payload;
  };
  const only = async (mail: ReturnType<typeof mailWith>) => (await mail.list(orgId, null, 1)).items[0]!;

  it('hands the message over once, and keeps nothing of its text', async () => {
    const sent: unknown[] = [];
    const mail = mailWith({ send: async (outgoing) => void sent.push(outgoing) });
    const payload = await queued(mail);
    expect(JSON.stringify(payload)).not.toContain('the-token');
    await mail.deliver(payload);
    await mail.deliver(payload);
    const stored = await only(mail);
    expect(sent).toEqual([
      {
        from: { name: 'The Org', baseUrl: 'https://id.example.com' },
        to: 'ada@example.com',
        subject: 'Welcome to The Org',
        text: expect.stringContaining('https://id.example.com/welcome/the-token'),
        id: stored.id,
      },
    ]);
    expect(stored).toMatchObject({ status: 'SENT', attempts: 1, bodySealed: null, sent: clock.now() });
    expect((await mail.read(caller(), stored.id)).body).toBeNull();
  });
  it('is tried again while the server refuses, and says why; at last it fails with an event', async () => {
    const refusing = mailWith({
      send: async () => {
        throw new Error('451 Try again later');
      },
    });
    const payload = await queued(refusing);
    for (let attempt = 1; attempt < 12; attempt++) {
      await expect(refusing.deliver(payload)).rejects.toThrow('451');
      expect(await only(refusing)).toMatchObject({
        status: 'QUEUED',
        attempts: attempt,
        lastError: '451 Try again later',
      });
    }
    await refusing.deliver(payload);
    expect(await only(refusing)).toMatchObject({ status: 'FAILED', attempts: 12 });
    const { rows } = await test.database.query({
      text: `select 1 from system_log where event_type = 'gatehouse.mail.failed'`,
      values: [],
    });
    expect(rows).toHaveLength(1);
  });
  it('does nothing for a message that is gone, or a job that is none', async () => {
    const mail = mailWith({
      send: async () => {
        throw new Error('must not be called');
      },
    });
    await mail.deliver({ orgId, id: 'msgGone' });
    await mail.deliver('nonsense');
  });
});

describe('the mail server', () => {
  it('gets a message in UTF-8 over SMTP', async () => {
    const received: string[] = [];
    const server = createServer((socket) => serveSmtp(socket, received)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    try {
      await smtpTransport(`smtp://127.0.0.1:${port}`, null).send({
        from: { name: 'Café', baseUrl: 'https://id.example.com' },
        to: 'ada@example.com',
        subject: 'Neues Passwort wählen',
        text: 'Öffnen Sie diese Adresse: https://id.example.com/welcome/x',
        id: 'msg1',
      });
      const [text = ''] = received;
      expect(text).toMatch(/^From: =\?UTF-8\?.*<no-reply@id\.example\.com>/m);
      expect(text).toMatch(/^To: .*ada@example\.com/m);
      expect(text).toMatch(/^Message-ID: <msg1@id\.example\.com>/im);
      expect(text).toMatch(/^Auto-Submitted: auto-generated/im);
      expect(text).toMatch(/=C3=96ffnen/);
    } finally {
      server.close();
    }
  });
  it('that does not answer is an error', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const outgoing = {
      from: { name: 'x', baseUrl: 'https://id.example.com' },
      to: 'a@b.c',
      subject: 's',
      text: 't',
      id: 'm',
    };
    await expect(smtpTransport(`smtp://127.0.0.1:${port}`, null).send(outgoing)).rejects.toThrow(/ECONNREFUSED/);
  });
});

/** As little of SMTP as a message needs. */
function serveSmtp(socket: Socket, received: string[]): void {
  let data: string | null = null;
  let rest = '';
  socket.write('220 test ESMTP\r\n');
  socket.on('data', (chunk) => {
    rest += chunk.toString();
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (data !== null && line === '.') {
        received.push(data);
        data = null;
        socket.write('250 taken\r\n');
      } else if (data !== null) {
        data += `${line}\r\n`;
      } else if (line === 'DATA') {
        data = '';
        socket.write('354 go on\r\n');
      } else {
        socket.write(line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
      }
    }
  });
}
