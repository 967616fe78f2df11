import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSafeRedirectUri, matchesRedirectUri } from './redirect-uri.ts';

const REGISTERED = 'https://app.example.com/cb';

/** P1: every known way of making two addresses look alike. None may match the registered one. */
const VARIANTS = [
  ...[
    'https://app.example.com/cb/',
    'https://app.example.com/cb?',
    'https://app.example.com/cb#',
    'https://app.example.com/cb?x=1',
  ],
  ...[
    'https://app.example.com/cb/../cb',
    'https://app.example.com/./cb',
    'https://app.example.com/x/..;/cb',
    'https://app.example.com//cb',
  ],
  ...[
    'https://app.example.com/%63b',
    'https://app.example.com/cb%00',
    'https://app.example.com/cb%20',
    'https://app.example.com/cb%2f',
  ],
  ...[
    'https://app.example.com/cb%2f..',
    'https://app.example.com/CB',
    'https://app.example.com/Cb',
    'HTTPS://app.example.com/cb',
  ],
  ...[
    'https://APP.example.com/cb',
    'https://App.Example.Com/cb',
    'https://app.example.com./cb',
    'https://app.example.com:443/cb',
  ],
  ...[
    'https://app.example.com:8443/cb',
    'https://app.example.com:/cb',
    'http://app.example.com/cb',
    'https:/app.example.com/cb',
  ],
  ...['https:app.example.com/cb', 'https:///app.example.com/cb', '//app.example.com/cb', 'app.example.com/cb'],
  ...[
    'https://user@app.example.com/cb',
    'https://app.example.com@evil.com/cb',
    'https://app.example.com%40evil.com/cb',
    'https://evil.com/https://app.example.com/cb',
  ],
  ...[
    'https://evil.com#https://app.example.com/cb',
    'https://evil.com?https://app.example.com/cb',
    'https://evil.com\\@app.example.com/cb',
    'https://app.example.com\\@evil.com/cb',
  ],
  ...[
    'https://app.example.com\\cb',
    'https:\\\\app.example.com\\cb',
    'https://app.example.com.evil.com/cb',
    'https://evilapp.example.com/cb',
  ],
  ...[
    'https://xapp.example.com/cb',
    'https://example.com/cb',
    'https://app.example.comcb',
    'https://app.example.co/cb',
  ],
  ...[
    'https://app.example.com/cb\u0000',
    'https://app.example.com/cb\n',
    'https://app.example.com/cb\r\nSet-Cookie:x=1',
    'https://app.example.com/cb\t',
  ],
  ...[
    ' https://app.example.com/cb',
    'https://app.example.com/cb ',
    'https://app.exa\u00admple.com/cb',
    'https://app.example\u3002com/cb',
  ],
  ...[
    'https://\u0430pp.example.com/cb',
    'https://xn--pp-6kc.example.com/cb',
    'https://app.example.com/c\u200bb',
    'https://app.example.com/cb\ufeff',
  ],
  ...[
    'https://app.example.com/cb;x',
    'https://app.example.com/cb&x',
    'https://app.example.com/cb,https://evil.com',
    'https://app.example.com/*',
  ],
  ...[
    'https://*.example.com/cb',
    'https://app.example.com/cb"',
    "https://app.example.com/cb'",
    'https://app.example.com/<cb>',
  ],
  ...[
    'javascript:alert(1)//https://app.example.com/cb',
    'data:text/html,https://app.example.com/cb',
    'https://[::1]/cb',
    'https://2130706433/cb',
  ],
  ...['https://app.example.com/cb%0d%0aLocation:%20https://evil.com', 'urn:ietf:wg:oauth:2.0:oob', '', 'null'],
];

describe('a requested redirect URI (P1)', () => {
  test('the corpus is as large as promised', () => expect(new Set(VARIANTS).size).toBeGreaterThanOrEqual(60));

  test.each(VARIANTS)('%j is not the registered one', (uri) => {
    for (const type of ['web', 'browser', 'native']) expect(matchesRedirectUri(uri, [REGISTERED], type)).toBe(false);
  });

  test.each([
    ['web', 'https://app.example.com/cb'],
    ['web', 'https://app.example.com:8443/cb?tenant=1&x=%2F'],
    ['web', 'http://127.0.0.1:8080/cb'],
    ['web', 'http://localhost:3000/login/callback'],
    ['browser', 'https://app.example.com'],
    ['native', 'com.example.app:/callback'],
    ['native', 'com.example.app://callback/x'],
    ['native', 'http://[::1]/cb'],
    ['native', "https://app.example.com/a-b.c_d~e!$&'()*+,;=:@%20"],
  ])('a %s application gets to %s as registered', (type, uri) => {
    expect(matchesRedirectUri(uri, ['https://other.example.com', uri], type)).toBe(true);
  });

  test('of two addresses that are not the same bytes one never stands for the other', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.webUrl(), (a, b) => {
        fc.pre(a !== b && !/127\.0\.0\.1|localhost|\[::1\]/.test(a));
        expect(matchesRedirectUri(a, [b], 'native')).toBe(false);
      }),
    );
  });
});

describe('the port of a loopback address (RFC 8252 §7.3)', () => {
  test.each([
    ['http://127.0.0.1/cb', 'http://127.0.0.1:49152/cb'],
    ['http://127.0.0.1:8080/cb', 'http://127.0.0.1:49152/cb'],
    ['http://[::1]/cb?x=1', 'http://[::1]:1/cb?x=1'],
    ['http://localhost/', 'http://localhost:65535/'],
    ['http://127.0.0.1', 'http://127.0.0.1:5000'],
  ])('registered %s: a native application may use %s', (registered, requested) => {
    expect(matchesRedirectUri(requested, [registered], 'native')).toBe(true);
    expect(matchesRedirectUri(requested, [registered], 'web')).toBe(false);
  });

  test.each([
    'http://127.0.0.1:49152/other',
    'http://127.0.0.1:49152/cb/',
    'http://127.0.0.1:65536/cb',
    'http://127.0.0.1:0/cb',
    'http://127.0.0.1:080/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:80@evil.com/cb',
    'http://127.0.0.1.evil.com/cb',
    'http://127.0.0.1:80.evil.com/cb',
    'https://127.0.0.1:49152/cb',
    'http://127.1/cb',
    'http://127.0.0.2:49152/cb',
    'http://localhost:49152/cb',
    'http://[::1]:49152/cb',
  ])('registered http://127.0.0.1/cb: not %s', (requested) => {
    expect(matchesRedirectUri(requested, ['http://127.0.0.1/cb'], 'native')).toBe(false);
  });
});

describe('schemes that a browser runs (P5)', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'javascript://app.example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:text/html;base64,PHNjcmlwdD4=',
    'vbscript:msgbox(1)',
    'blob:https://app.example.com/1',
    'file:///etc/passwd',
    'filesystem:https://app.example.com/x',
    'view-source:https://app.example.com',
    'about:blank',
    'intent://x#Intent;end',
  ])('%s is refused even where it is registered', (uri) => {
    for (const type of ['web', 'browser', 'native']) expect(matchesRedirectUri(uri, [uri], type)).toBe(false);
  });

  test('a scheme of its own is for a native application only', () => {
    expect(isSafeRedirectUri('com.example.app:/cb', 'native')).toBe(true);
    expect(isSafeRedirectUri('com.example.app:/cb', 'web')).toBe(false);
  });
});
