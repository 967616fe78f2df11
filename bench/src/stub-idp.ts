/** A stub OpenID provider for load: no pages, no storage; it answers at once and signs one token a sign-in. Runs as its own process. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.env.STUB_PORT);
const users = Number(process.env.STUB_USERS ?? '1000');
const issuer = `http://localhost:${port}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const jwks = JSON.stringify({
  keys: [{ ...createPublicKey(key).export({ format: 'jwk' }), kid: 'stub', alg: 'RS256', use: 'sig' }],
});
const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'stub' })).toString('base64url');
let turn = 0;

createServer((request, response) => {
  const url = new URL(request.url ?? '/', issuer);
  if (url.pathname === '/keys')
    return void response
      .setHeader('content-type', 'application/json')
      .setHeader('cache-control', 'max-age=3600')
      .end(jwks);
  if (url.pathname === '/authorize') {
    const code = Buffer.from(
      JSON.stringify({
        n: url.searchParams.get('nonce'),
        c: url.searchParams.get('client_id'),
        u: turn++ % users,
        r: randomBytes(4).toString('hex'),
      }),
    ).toString('base64url');
    const back = `${url.searchParams.get('redirect_uri')}?code=${code}&state=${encodeURIComponent(url.searchParams.get('state') ?? '')}`;
    return void response.writeHead(302, { location: back }).end();
  }
  if (url.pathname !== '/token') return void response.writeHead(404).end();
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const { n, c, u } = JSON.parse(
      Buffer.from(new URLSearchParams(body).get('code') ?? '', 'base64url').toString(),
    ) as { n: string; c: string; u: number };
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: c,
      sub: `stub-user-${u}`,
      iat: now,
      exp: now + 300,
      nonce: n,
      email: `user${u}@example.com`,
      email_verified: true,
      fname: 'Stub',
      lname: `User ${u}`,
      given_name: 'Stub',
      family_name: `User ${u}`,
      phone: '12069827345',
      zip: '97217',
      uuid: `stub-user-${u}`,
    };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    sign('sha256', Buffer.from(`${header}.${payload}`), key, (_error, signature) => {
      response.setHeader('content-type', 'application/json').end(
        JSON.stringify({
          token_type: 'Bearer',
          expires_in: 300,
          access_token: 'stub',
          id_token: `${header}.${payload}.${signature?.toString('base64url')}`,
        }),
      );
    });
  });
}).listen(port, '127.0.0.1');
