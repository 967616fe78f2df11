import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/json.ts';
import { html, safeAddress } from './html.ts';
import {
  accountPage,
  choosePage,
  confirmSignOutPage,
  dashboardPage,
  forgotPage,
  LANGUAGES,
  type Language,
  linkSentPage,
  newPasswordPage,
  passwordPage,
  postingPage,
  problemPage,
  signedOutPage,
} from './index.ts';
import { textsIn } from './language.ts';
import { ownPasswordTexts } from './own-password/texts.ts';
import { wordsOf } from './problem-codes.ts';

const NONCE = 'bm9uY2Utbm9uY2U';

/** Every page with `text` in each of its values. */
function pagesWith(text: string, language: Language = 'en', many = 9): Record<string, string> {
  const frame = { nonce: NONCE, language };
  const shared = {
    ...frame,
    title: text,
    base: `/signin/${text}`,
    notice: text,
    login: text,
    identified: false,
    canLeave: true,
  };
  const person = { ...frame, orgName: text, name: text, login: text, administrator: true };
  const providers = Array.from({ length: many }, (_, index) => ({ id: `${text}${index}`, name: text }));
  const fields = { [text]: text, submit: text };
  return {
    choose: choosePage({ ...shared, providers, local: true }),
    chooseWithoutLocal: choosePage({ ...shared, providers: providers.slice(0, 1), local: false }),
    password: passwordPage({ ...shared, skipped: true }),
    newPassword: newPasswordPage({
      ...frame,
      occasion: 'activate',
      orgName: text,
      login: text,
      action: `/${text}`,
      fault: 'same',
    }),
    forgot: forgotPage({ ...frame, base: `/signin/${text}`, login: text }),
    linkSent: linkSentPage({ ...frame, base: `/signin/${text}` }),
    problem: problemPage({
      ...frame,
      code: text,
      detail: text,
      traceId: text,
      retry: `/${text}`,
      leave: { action: `/${text}`, application: text },
    }),
    dashboard: dashboardPage({
      ...person,
      applications: [
        { label: text, href: `https://app.example/${text}` },
        { label: text, href: text },
        { label: 'Other', href: 'https://other.example/' },
      ],
    }),
    account: accountPage({
      ...person,
      profile: [
        { name: text, title: text, value: text, form: 'text' },
        { name: 'firstName', title: text, value: text, form: 'date' },
        { name: 'list', title: text, value: [text, text], form: 'text' },
        { name: 'object', title: text, value: { [text]: text }, form: 'text' },
      ],
      identities: [{ name: text, since: new Date('2026-11-20T00:00:00Z') }],
      sessions: [true, false].map((isCurrent) => ({
        isCurrent,
        browser: text,
        system: text,
        provider: text,
        lastUsed: new Date('2026-11-20T00:00:00Z'),
      })),
    }),
    signedOut: signedOutPage(frame),
    confirmSignOut: confirmSignOutPage({ ...frame, action: `/${text}`, fields, application: text }),
    posting: postingPage({ ...frame, action: `https://idp.example/${text}`, fields }),
  };
}

const PAYLOADS = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</textarea><img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "'><script>alert(1)</script>",
  '`><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  "' autofocus onfocus='alert(1)",
  '` onclick=alert(1)',
  ' onload=alert(1) ',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<iframe src="javascript:alert(1)">',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<embed src="javascript:alert(1)">',
  '<a href="javascript:alert(1)">x</a>',
  '<form action="https://evil.example"><input name=password>',
  '<input type=image src=x onerror=alert(1)>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<body onload=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<marquee onstart=alert(1)>',
  '<video><source onerror=alert(1)>',
  '<!--><script>alert(1)</script-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<scr\u0000ipt>alert(1)</scr\u0000ipt>',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)//',
  'data:text/html,<script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '\u2028<script>alert(1)</script>',
  '\ufeff<script>alert(1)</script>',
];

/** Tags, attributes with their values, and what stands between: enough of a parser for markup that our own templates made. */
function tagsOf(markup: string): { name: string; attributes: Map<string, string> }[] {
  const withoutText = markup.replace(/(<(?:style|script)[^>]*>)[\s\S]*?(?=<\/(?:style|script)>)/g, '$1');
  return [...withoutText.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map((tag) => ({
    name: tag[1]!.toLowerCase(),
    attributes: new Map(
      [...tag[2]!.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map((attribute) => [
        attribute[1]!.toLowerCase(),
        attribute[2] ?? '',
      ]),
    ),
  }));
}

const structureOf = (markup: string) =>
  tagsOf(markup).map(({ name, attributes }) => `${name} ${[...attributes.keys()].join(' ')}`);

describe('what people typed or providers sent stays text', () => {
  const benign = pagesWith('Gary');

  test.each(PAYLOADS)('%j changes no element and no attribute of any page', (payload) => {
    const plain = Object.fromEntries(Object.entries(benign).map(([name, markup]) => [name, structureOf(markup)]));
    for (const [name, markup] of Object.entries(pagesWith(payload)))
      expect(structureOf(markup), name).toEqual(plain[name]);
  });

  test.each(PAYLOADS)('%j becomes neither a handler nor an address', (payload) => {
    for (const markup of Object.values(pagesWith(payload))) {
      for (const { attributes } of tagsOf(markup)) {
        expect([...attributes.keys()].filter((name) => name.startsWith('on'))).toEqual([]);
        for (const name of ['href', 'action', 'src'])
          expect(attributes.get(name) ?? '/').toMatch(/^(\/|https:\/\/|data:image\/svg\+xml,)/);
      }
    }
  });

  test('a harmless name is shown as it is', () => {
    expect(benign.choose).toContain('Sign in with Gary');
    expect(pagesWith('Ada & Gary').choose).toContain('Sign in with Ada &amp; Gary');
  });

  test('a value is escaped once, a fragment not at all, nothing for null', () => {
    expect(html`<p title="${'"'}">${html`<b>${'<'}</b>`}${null}${[1, '&']}</p>`.markup).toBe(
      '<p title="&quot;"><b>&lt;</b>1&amp;</p>',
    );
  });
});

describe('every page', () => {
  const all = LANGUAGES.flatMap((language) =>
    Object.entries(pagesWith('An application with a rather long name', language)).map(([name, markup]) => ({
      language,
      name,
      markup,
    })),
  );

  test.each(all)('$name in $language is below 15 KB with its style', ({ markup }) => {
    expect(Buffer.byteLength(markup)).toBeLessThan(15_000);
  });

  test.each(all)(
    '$name in $language has no script or style without the nonce, and none from elsewhere',
    ({ markup }) => {
      const tags = tagsOf(markup);
      for (const { name, attributes } of tags) {
        if (name === 'script' || name === 'style') expect([...attributes]).toEqual([['nonce', NONCE]]);
        expect(attributes.has('style')).toBe(false);
        expect(['img', 'iframe', 'object', 'embed', 'base']).not.toContain(name);
      }
      expect(markup).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/);
    },
  );

  test.each(all)(
    '$name in $language tells its language, has a title, one main and one heading',
    ({ language, markup }) => {
      const tags = tagsOf(markup);
      expect(tags.find(({ name }) => name === 'html')?.attributes.get('lang')).toBe(language);
      expect(markup).toMatch(/<title>[^<]+<\/title>/);
      expect(tags.filter(({ name }) => name === 'main')).toHaveLength(1);
      expect(tags.filter(({ name }) => name === 'h1')).toHaveLength(1);
    },
  );

  test.each(all)('$name in $language labels each field and leaves no place of a text open', ({ markup }) => {
    const tags = tagsOf(markup);
    const labels = new Set(tags.filter(({ name }) => name === 'label').map(({ attributes }) => attributes.get('for')));
    for (const { name, attributes } of tags) {
      if (name === 'input' && attributes.get('type') !== 'hidden') expect(labels).toContain(attributes.get('id'));
    }
    expect(markup.replace(/<(style|script)[\s\S]*?<\/\1>/g, '')).not.toMatch(/\{\w+\}/);
  });
});

describe('the choice of a provider', () => {
  const shared = {
    nonce: NONCE,
    language: 'en',
    title: 'Payroll',
    base: '/signin/abc',
    notice: null,
    login: '',
    identified: false,
    canLeave: true,
  } as const;
  const providers = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `0oa${index}`, name: `P${index}` }));
  const forms = (markup: string) =>
    tagsOf(markup)
      .filter(({ name }) => name === 'form')
      .map(({ attributes }) => attributes.get('action'));

  test('each button posts the provider to the transaction', () => {
    const markup = choosePage({ ...shared, providers: providers(2), local: false });
    expect(forms(markup)).toEqual([
      '/signin/abc/provider',
      '/signin/abc/provider',
      '/signin/abc/local',
      '/signin/abc/leave',
    ]);
    expect(markup).toContain('<input type="hidden" name="idp" value="0oa1">');
  });

  test('up to six providers need no field to find one and no script', () => {
    expect(choosePage({ ...shared, providers: providers(6), local: false })).not.toMatch(/data-filter|<script/);
    expect(choosePage({ ...shared, providers: providers(7), local: false })).toMatch(/data-filter="providers"/);
  });

  test('user name and password stand beside the providers where the rule allows them', () => {
    const markup = choosePage({ ...shared, providers: providers(1), local: true });
    expect(forms(markup)).toEqual(['/signin/abc/provider', '/signin/abc/password', '/signin/abc/leave']);
    expect(markup).toContain('>or<');
  });

  test('the first empty field has the focus', () => {
    const empty = passwordPage({ ...shared, skipped: false });
    expect(empty).toMatch(/id="login"[^>]* autofocus/);
    expect(empty).not.toMatch(/id="password"[^>]* autofocus/);
    expect(passwordPage({ ...shared, login: 'gary@example.com', skipped: false })).toMatch(
      /id="password"[^>]* autofocus/,
    );
  });

  test('a mistake is announced, named in the title and tied to the fields; what was typed is kept', () => {
    const markup = passwordPage({ ...shared, notice: 'password_wrong', login: 'gary@example.com', skipped: false });
    expect(markup).toContain('<title>Error: Sign in to Payroll</title>');
    expect(markup).toMatch(/role="alert"/);
    expect(markup).toMatch(/value="gary@example.com"[^>]*aria-invalid="true" aria-describedby="notice"/);
  });

  test('nobody found is a notice, not a mistake, and the other ways can be asked for again', () => {
    const markup = passwordPage({ ...shared, notice: 'no_match', skipped: true });
    expect(markup).toContain('<title>Sign in to Payroll</title>');
    expect(markup).toContain('role="status"');
    expect(forms(markup)).toEqual(['/signin/abc/password', '/signin/abc/retry', '/signin/abc/leave']);
  });

  test('without an application there is nothing to return to', () => {
    expect(forms(passwordPage({ ...shared, identified: false, canLeave: false, skipped: false }))).toEqual([
      '/signin/abc/password',
    ]);
  });
});

describe('the error page', () => {
  const problem = (code: string, more: Partial<Parameters<typeof problemPage>[0]> = {}) =>
    problemPage({
      nonce: NONCE,
      language: 'en',
      code,
      traceId: '0Vq3kT9zAb12Cd34',
      retry: '/signin/abc/retry',
      leave: null,
      ...more,
    });

  test.each([
    ['user_canceled_request', 'You cancelled the sign-in'],
    ['provider_unavailable', 'The sign-in service is not available'],
    ['temporarily_unavailable', 'The sign-in service is not available'],
    ['social_transaction_expired', 'The sign-in took too long'],
    ['page_expired', 'This page is no longer in use'],
    ['invalid_social_state', 'We lost track of your sign-in'],
    ['id_token_nonce_mismatch', 'We could not confirm who you are'],
    ['id_token_some_later_code', 'We could not confirm who you are'],
    ['userinfo_not_json', 'We could not confirm who you are'],
    ['jws_signature_invalid', 'We could not confirm who you are'],
    ['invalid_scope', 'This way to sign in is not set up correctly'],
    ['provider_scope_refused', 'This way to sign in is not set up correctly'],
    ['token_client_refused', 'This way to sign in is not set up correctly'],
    ['idp_inactive', 'This way to sign in is switched off'],
    ['app_inactive', 'This application is switched off'],
    ['route_enforced', 'Please sign in another way'],
    ['not_assigned', 'You do not have access to this application'],
    ['jit_disabled', 'We found no account for you'],
    ['jit_failure', 'We could not create your account'],
    ['jit_failure_values_too_long', 'We could not create your account'],
    ['link_denied_group', 'We could not connect you to your account'],
    ['link_disabled', 'We could not connect you to your account'],
    ['failed_username_transform_whitespaces_found', 'We could not tell which account is yours'],
    ['invalid_username', 'We could not tell which account is yours'],
    ['invalid_user_status_error', 'Your account cannot be used now'],
    ['attempts_limited', 'Too many attempts'],
    ['invalid_request', 'The application’s request cannot be used'],
    ['reset_link_gone', 'This link can no longer be used'],
    ['activation_link_gone', 'This link can no longer be used'],
    ['something_nobody_knows', 'We could not sign you in'],
    ['toString', 'We could not sign you in'],
  ])('%s reads "%s"', (code, heading) => {
    expect(problem(code)).toContain(`<h1>${heading}</h1>`);
  });

  test('the code of the trace is there to be copied, the code of the error is not shown', () => {
    const markup = problem('userinfo_not_json');
    expect(markup).toContain('<code id="code">0Vq3kT9zAb12Cd34</code>');
    expect(markup).not.toContain('userinfo_not_json');
  });

  test('it never offers to try again what cannot be tried, and never leads nowhere', () => {
    const lost = problem('invalid_social_state', { retry: null });
    expect(lost).not.toContain('Try again');
    expect(lost).toContain('Open the application again');
    expect(lost).toContain('href="/"');
    expect(problem('invalid_social_state')).toContain('Try again');
  });

  test.each([
    ['reset_link_gone', 'Forgot password?'],
    ['activation_link_gone', 'ask your administrator for a new link'],
  ])('%s gives one advice, and the button leads to where it can be followed', (code, advice) => {
    const markup = problem(code, { retry: null });
    expect(markup).toContain(advice);
    expect(markup).toContain('<a class="button primary" href="/login/default">Back to sign in</a>');
    expect(markup).not.toMatch(/Open the application again|Your applications/);
  });

  test('the sentence for the developer is there, folded, and said to be English', () => {
    const markup = problem('invalid_request', {
      language: 'de',
      detail: "The 'redirect_uri' parameter must be known.",
    });
    expect(markup).toContain('<details><summary>Für die Entwicklung</summary><p class="quiet" lang="en">');
    expect(markup).toContain('The &#39;redirect_uri&#39; parameter must be known.');
    expect(problem('invalid_request')).not.toContain('<details');
  });

  test('it returns to the application by name', () => {
    expect(
      problem('user_canceled_request', { leave: { action: '/signin/abc/leave', application: 'Payroll' } }),
    ).toContain('Return to Payroll');
  });

  test('no catalogue uses a word of a protocol', () => {
    const words =
      /\b(token|oidc|saml|oauth|jwt|claims?|issuer|redirect_uri|client_id|callback|idp|identity provider|endpoint|userinfo|nonce|assertion)\b/i;
    for (const language of LANGUAGES) {
      const { problems, advice, notices } = textsIn(language);
      for (const text of [
        ...Object.values(problems).flatMap(({ heading, what }) => [heading, what]),
        ...Object.values(advice),
        ...Object.values(notices),
      ]) {
        expect(text).not.toMatch(words);
      }
    }
  });

  test('every catalogue says each thing once and in its own words', () => {
    const keys = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([key, item]) =>
        typeof item === 'string' ? [`${path}${key}`] : keys(item, `${path}${key}.`),
      );
    for (const language of LANGUAGES) expect(keys(textsIn(language))).toEqual(keys(textsIn('en')));
    for (const language of LANGUAGES.filter((other) => other !== 'en')) {
      expect(textsIn(language).problems.generic.what).not.toBe(textsIn('en').problems.generic.what);
    }
    expect(wordsOf('generic')).toEqual({ kind: 'generic', advice: 'administrator' });
  });
});

describe('French', () => {
  const textsOf = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value as object).flatMap(textsOf);

  test('no line begins with a mark of the sentence before', () => {
    for (const text of [...textsOf(textsIn('fr')), ...textsOf(ownPasswordTexts('fr'))])
      expect(text).not.toMatch(/(?<!\u00a0)[?:;!»]|«(?!\u00a0)/);
  });
});

describe('the page for a new password', () => {
  const shared = { nonce: NONCE, language: 'nl', orgName: 'Org', login: 'ada', action: '/welcome/x' } as const;

  test('is checked by the hub, in the words of its language, and cuts nothing off', () => {
    const markup = newPasswordPage({ ...shared, occasion: 'activate', fault: 'short' });
    expect(markup).toContain('action="/welcome/x" novalidate>');
    expect(markup).not.toContain('maxlength');
    expect(markup).toContain('Het wachtwoord is te kort.');
  });
});

describe('signing out', () => {
  const confirm = (application: string | null) =>
    confirmSignOutPage({ nonce: NONCE, language: 'en', action: '/oauth2/v1/logout', fields: {}, application });

  test('"here as well" is said only where an application is left first', () => {
    expect(confirm('Payroll')).toContain('You will be signed out here as well');
    expect(confirm(null)).toContain('<p>You will have to sign in again for every application.</p>');
    expect(confirm(null)).not.toContain('as well');
  });
});

describe('addresses', () => {
  test.each(['https://app.example/a?b#c', 'http://localhost:3000/', '/account', '/'])(
    '%s may be followed',
    (address) => {
      expect(safeAddress(address)).toBe(address);
    },
  );

  test.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://a/b',
    'file:///etc/passwd',
    '//evil.example',
    '/\\evil.example',
    'app',
    '',
  ])('%j may not', (address) => expect(safeAddress(address)).toBeNull());

  test('a form is never posted to anything but http or https', () => {
    const post = (action: string) => postingPage({ nonce: NONCE, language: 'en', action, fields: {} });
    expect(() => post('javascript:alert(1)')).toThrow();
    expect(() => post('/path')).toThrow();
    expect(post('https://idp.example/sso')).toContain('action="https://idp.example/sso"');
  });

  test('a tile that leads nowhere safe is left out', () => {
    const applications = [
      { label: 'Bad', href: 'javascript:alert(1)' },
      { label: 'Good', href: 'https://good.example/' },
    ];
    const markup = dashboardPage({
      nonce: NONCE,
      language: 'en',
      orgName: 'Org',
      name: 'Gary',
      login: 'gary',
      administrator: false,
      applications,
    });
    expect(markup).toContain('>Good<');
    expect(markup).not.toContain('>Bad<');
  });
});

describe('the portal', () => {
  const person = {
    nonce: NONCE,
    language: 'en',
    orgName: 'Agency',
    name: 'Gary Goodspeed',
    login: 'gary@example.com',
  } as const;

  test('only administrators see the way to the console', () => {
    expect(dashboardPage({ ...person, administrator: true, applications: [] })).toContain('href="/admin/"');
    expect(dashboardPage({ ...person, administrator: false, applications: [] })).not.toContain('/admin/');
  });

  test('signing out is a form, not a link', () => {
    expect(dashboardPage({ ...person, administrator: false, applications: [] })).toContain(
      '<form method="post" action="/login/signout">',
    );
  });

  test('an empty dashboard says what comes', () => {
    expect(dashboardPage({ ...person, administrator: false, applications: [] })).toContain(
      'You have no applications yet.',
    );
  });

  const text = (name: string, title: string, value: Json) => ({ name, title, value, form: 'text' }) as const;
  const accountOf = (more: Partial<Parameters<typeof accountPage>[0]>) =>
    accountPage({ ...person, administrator: false, profile: [], identities: [], sessions: [], ...more });

  test('the account shows own labels first, other attributes by their titles', () => {
    const markup = accountOf({
      profile: [
        text('idme_uuid', 'ID.me uuid', 'u-1'),
        text('groups', 'Groups', ['a', 'b']),
        text('firstName', 'Given name', 'Gary'),
        text('verified', 'Verified', true),
      ],
      identities: [{ name: 'ID.me', since: new Date('2026-11-20T00:00:00Z') }],
    });
    expect([...markup.matchAll(/<dt>([^<]+)<\/dt><dd>([^<]+)/g)].map(([, label, value]) => [label, value])).toEqual([
      ['First name', 'Gary'],
      ['Groups', 'a, b'],
      ['ID.me uuid', 'u-1'],
      ['Verified', 'Yes'],
      ['ID.me', 'Connected on November 20, 2026'],
    ]);
  });

  test.each([
    ['en', 'February 1, 1990'],
    ['de', '1. Februar 1990'],
    ['fr', '1 février 1990'],
    ['nl', '1 februari 1990'],
  ] as const)('dates are written in the language of the page: %s', (language, written) => {
    const born = (value: string) =>
      accountOf({ language, profile: [{ ...text('born', 'Born', value), form: 'date' }] });
    expect(born('1990-02-01')).toContain(`<dd>${written}</dd>`);
    expect(born('some day')).toContain('<dd>some day</dd>');
  });

  test('sessions tell browser, system, way in and last use; the others can be ended by a form', () => {
    const at = new Date('2026-11-20T10:05:00Z');
    const here = { isCurrent: true, browser: 'Chrome', system: 'Windows', provider: null, lastUsed: at };
    const there = { isCurrent: false, browser: null, system: null, provider: 'ID.me', lastUsed: at };
    const form = '<form method="post" action="/account/sign-out-elsewhere">';
    const both = accountOf({ sessions: [here, there] });
    expect(both).toContain(
      '<dt>Chrome on Windows</dt><dd><p><strong>This device</strong></p><p class="quiet">Signed in with user name and password</p>',
    );
    expect(both).toContain('<dt>Unknown browser</dt><dd><p>Last used on November 20, 2026');
    expect(both).toContain('Signed in with ID.me');
    expect(both).toContain(form);
    expect(accountOf({ sessions: [here] })).not.toContain(form);
  });
});
