import { describe, expect, it } from 'vitest';
import { createLogger, redact } from './log.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwMHUxIn0.c2lnbmF0dXJl';
const PEM =
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n-----END PRIVATE KEY-----';
const OPAQUE = 'kZ3f8Qx1mN7pR2tV5wY9bC4dF6gH0jK8lM1nP3qS5uW7xA9zB2eD4fG6';

describe('K3: the process log', () => {
  const lines: string[] = [];
  const log = createLogger((line) => lines.push(line));
  const written = (fields: Record<string, unknown>) => {
    log.error('something.happened', fields);
    return lines.at(-1)!;
  };

  it.each([
    'password',
    'newPassword',
    'client_secret',
    'accessToken',
    'Authorization',
    'cookie',
    'code',
    'client_assertion',
    'privateKey',
  ])('shows nothing under the name %s, at any depth', (name) => {
    expect(written({ [name]: 'short' })).not.toContain('short');
    expect(written({ body: { list: [{ [name]: { value: 'short' } }] } })).not.toContain('short');
  });

  it.each([
    ['a JWT', JWT],
    ['a token of ours', 'hub_rt_0123456789abcdef'],
    ['a private key', PEM],
    ['a long opaque value', `${OPAQUE}${OPAQUE}`],
  ])('shows %s under no name, also within a sentence, an error and a list', (_what, secret) => {
    for (const fields of [
      { text: secret },
      { text: `It failed with ${secret} at the end` },
      { error: new Error(`It failed with ${secret}`) },
      { items: [secret, { deep: secret }] },
    ])
      expect(written(fields)).not.toContain(secret.slice(10, 40));
  });

  it('keeps what tells no secret', () => {
    const fields = {
      requestId: 'kZ3f8Qx1mN7pR2tV5wY9bC',
      path: '/api/v1/users/:userId',
      status: 500,
      ok: false,
      nothing: null,
    };
    expect(JSON.parse(written(fields))).toMatchObject({ level: 'error', event: 'something.happened', ...fields });
  });

  it('is one line an event, whatever is in it, and cuts what is long', () => {
    const line = written({ text: 'a\nb\r\n{"level":"info","event":"forged"}', long: 'x '.repeat(1000) });
    expect(line).not.toMatch(/[\r\n]/);
    expect(String((JSON.parse(line) as { long: string }).long).length).toBeLessThanOrEqual(257);
    expect(redact('')).toBe('');
  });
});
