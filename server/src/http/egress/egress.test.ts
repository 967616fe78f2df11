import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEgress, type Egress, type EgressOptions } from './index.ts';

const LOOPBACK_SPELLINGS = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://017700000001/',
  'https://0177.0.0.1/',
  'https://127.0.0.1./',
  'https://127.255.255.254/',
  'https://①②⑦.⓪.⓪.①/',
  'https://%31%32%37.0.0.1/',
  'https://0/',
  'https://0.0.0.0/',
  'https://[::1]/',
  'https://[::]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[0:0:0:0:0:ffff:7f00:1]/',
  'https://[64:ff9b::127.0.0.1]/',
  'https://[2002:7f00:1::]/',
];
const OTHER_PRIVATE = [
  'https://169.254.169.254/latest/meta-data/',
  'https://10.0.0.1/',
  'https://100.64.0.1/',
  'https://172.16.0.1/',
  'https://192.0.0.1/',
  'https://192.168.1.1/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
];
const PRIVATE_ANSWERS = [
  '127.0.0.1',
  '10.1.2.3',
  '169.254.169.254',
  '0.0.0.0',
  '::1',
  '::ffff:10.0.0.1',
  'fd12::1',
  '64:ff9b::a00:1',
];

let server: Server;
let port: number;
let hits: string[] = [];
const clients: Egress[] = [];
const client = (options: Partial<EgressOptions> = {}) => {
  const egress = createEgress({ allow: [], ...options });
  clients.push(egress);
  return egress;
};
const answers = (...addresses: string[]) => ({
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});
const codeOf = async (egress: Egress, url: string) => {
  const result = await egress.request({ url });
  return result.ok ? 'answered' : result.error.code;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    const path = request.url ?? '/';
    if (path === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    else if (path === '/big') response.end('x'.repeat(2000));
    else if (path === '/endless') {
      response.write('x'.repeat(600));
      response.write('x'.repeat(600));
    } else if (path === '/silent') request.socket.unref();
    else if (path === '/drip') response.write('x');
    else if (path === '/headers') response.setHeader('x-seen', String(request.headers['x-sent'])).end('ok');
    else response.writeHead(path === '/teapot' ? 418 : 200).end('hello');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  hits = [];
  await Promise.all(clients.splice(0).map((egress) => egress.close()));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe('an address that is not public', () => {
  it.each([...LOOPBACK_SPELLINGS, ...OTHER_PRIVATE])('is refused before any connection: %s', async (url) => {
    expect(await codeOf(client(), url)).toBe('egress_blocked_address');
    const admitted = client().admits(url);
    expect(admitted.ok ? 'admitted' : admitted.error.code).toBe('egress_blocked_address');
  });

  it.each(PRIVATE_ANSWERS)('is refused when a name server answers it: %s', async (address) => {
    const result = await client(answers(address)).request({ url: 'https://idp.example.com/keys' });
    expect(result).toMatchObject({ ok: false, error: { code: 'egress_blocked_address', peer: 'idp.example.com' } });
    expect(!result.ok && result.error.message).toContain('GATEHOUSE_ALLOW_EGRESS');
  });

  it('is refused when it stands beside a public one', async () => {
    expect(await codeOf(client(answers('93.184.216.34', '10.0.0.1')), 'https://idp.example.com/')).toBe(
      'egress_blocked_address',
    );
  });

  it('is refused for a second name server answer (rebinding), for nothing is resolved twice', async () => {
    let asked = 0;
    const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '93.184.216.34', family: 4 }];
    expect(await codeOf(client({ resolve }), 'https://idp.example.com/')).toBe('egress_blocked_address');
    expect(asked).toBe(1);
  });

  it('is reached when its host, its host and port, or its network is listed', async () => {
    for (const allow of [['127.0.0.1'], [`127.0.0.1:${port}`], ['127.0.0.0/8']]) {
      expect(await codeOf(client({ allow }), `http://127.0.0.1:${port}/`)).toBe('answered');
    }
    for (const allow of [['idp.internal'], [`idp.internal:${port}`], ['127.0.0.0/8']]) {
      expect(await codeOf(client({ allow, ...answers('127.0.0.1') }), `http://idp.internal:${port}/`)).toBe('answered');
    }
    expect(hits).toHaveLength(6);
  });

  it('is not reached under the name, port or network of another entry', async () => {
    const url = `http://idp.internal:${port}/`;
    expect(await codeOf(client({ allow: [`idp.internal:${port + 1}`], ...answers('127.0.0.1') }), url)).toBe(
      'egress_not_https',
    );
    expect(await codeOf(client({ allow: ['other.internal'], ...answers('127.0.0.1') }), url)).toBe('egress_not_https');
    expect(await codeOf(client({ allow: ['10.0.0.0/8'], ...answers('127.0.0.1') }), url)).toBe('egress_not_https');
    expect(await codeOf(client({ allow: ['10.0.0.0/8'], ...answers('10.0.0.1', '127.0.0.1') }), url)).toBe(
      'egress_not_https',
    );
    expect(hits).toEqual([]);
  });
});

describe('a URL', () => {
  it.each([
    ['http://idp.example.com/', 'egress_not_https'],
    ['https://idp.example.com:22/', 'egress_port'],
    ['https://user:password@idp.example.com/', 'egress_userinfo'],
    ['https://user@idp.example.com/', 'egress_userinfo'],
    ['file:///etc/passwd', 'egress_url_invalid'],
    ['gopher://idp.example.com/', 'egress_url_invalid'],
    ['not a url', 'egress_url_invalid'],
    ['https://[fe80::1%25eth0]/', 'egress_url_invalid'],
  ])('%s is refused with %s', async (url, code) => {
    expect(await codeOf(client(answers('93.184.216.34')), url)).toBe(code);
  });

  it('on port 443 or 8443 with https is admitted', () => {
    for (const url of [
      'https://idp.example.com/keys',
      'https://idp.example.com:443/',
      'https://idp.example.com:8443/',
      'https://8.8.8.8/',
    ]) {
      expect(client().admits(url)).toEqual({ ok: true, value: undefined });
    }
  });

  it('with a user name is refused also for a listed host', async () => {
    expect(await codeOf(client({ allow: ['127.0.0.1'] }), `http://user:x@127.0.0.1:${port}/`)).toBe('egress_userinfo');
  });
});

describe('an answer', () => {
  const local = () => client({ allow: ['127.0.0.1'] });
  const at = (path: string) => `http://127.0.0.1:${port}${path}`;

  it('is given with its status, headers and text, whatever the status', async () => {
    const result = await local().request({ url: at('/headers'), headers: { 'x-sent': 'yes' } });
    expect(result.ok && [result.value.status, result.value.header('x-seen'), result.value.text]).toEqual([
      200,
      'yes',
      'ok',
    ]);
    const teapot = await local().request({ url: at('/teapot'), method: 'POST', body: 'a=b' });
    expect(teapot.ok && teapot.value.status).toBe(418);
    expect(hits).toEqual(['GET /headers', 'POST /teapot']);
  });

  it('that redirects is refused and not followed', async () => {
    expect(await codeOf(local(), at('/redirect'))).toBe('egress_redirect');
    expect(hits).toEqual(['GET /redirect']);
  });

  it('that is too large is refused, announced or not', async () => {
    const egress = local();
    for (const path of ['/big', '/endless']) {
      const result = await egress.request({ url: at(path), maxBytes: 1000 });
      expect(!result.ok && result.error.code).toBe('egress_too_large');
    }
    expect((await egress.request({ url: at('/big'), maxBytes: 2000 })).ok).toBe(true);
  });

  it('that does not come, or never ends, is given up', async () => {
    const egress = local();
    for (const path of ['/silent', '/drip']) {
      const result = await egress.request({ url: at(path), timeoutMs: 50 });
      expect(!result.ok && result.error.code).toBe('egress_timeout');
    }
  });

  it('travels over a kept connection', async () => {
    const egress = local();
    const sockets = new Set<unknown>();
    const seen = (socket: unknown) => sockets.add(socket);
    server.on('connection', seen);
    for (let i = 0; i < 10; i++) expect(await codeOf(egress, at('/'))).toBe('answered');
    server.off('connection', seen);
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('of a kept connection that had died is asked for again, for a GET only', async () => {
    const egress = local();
    expect(await codeOf(egress, at('/'))).toBe('answered');
    server.closeAllConnections();
    expect(await codeOf(egress, at('/'))).toBe('answered');
  });
});

describe('a peer that cannot be called', () => {
  it('is named with the reason', async () => {
    const unknown = { resolve: async () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })) };
    const result = await client(unknown).request({ url: 'https://idp.example.com/keys?secret=1' });
    expect(!result.ok && result.error.code).toBe('egress_unresolved');
    expect(!result.ok && result.error.message).toContain('idp.example.com');
    expect(!result.ok && result.error.message).not.toContain('secret');
    expect(await codeOf(client({ allow: ['127.0.0.1'] }), 'http://127.0.0.1:1/')).toBe('egress_unreachable');
    expect(await codeOf(client({ resolve: async () => [] }), 'https://idp.example.com/')).toBe('egress_unresolved');
  });

  it('with http where https is spoken is refused as such', async () => {
    expect(await codeOf(client({ allow: ['127.0.0.1'] }), `https://127.0.0.1:${port}/`)).toMatch(
      /egress_(certificate|unreachable)/,
    );
  });

  it('ignores proxies of the environment', async () => {
    process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
    expect(await codeOf(client(answers('10.0.0.1')), 'https://idp.example.com/')).toBe('egress_blocked_address');
    delete process.env.HTTPS_PROXY;
    expect(hits).toEqual([]);
  });
});
