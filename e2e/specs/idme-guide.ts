/** ID.me's guide for OpenID Connect, followed step by step with its own labels and values; only host names are the sandbox's. */
import assert from 'node:assert/strict';
import { expect } from '../checks/expect.ts';
import { choose, field, handedOver, open, rowAction, signInAsAdministrator } from '../people/administrator.ts';
import { agreeAtProvider, signInAtPortal, signInWith } from '../people/person.ts';
import type { Spec } from '../spec.ts';
import type { Visitor } from '../stage/index.ts';

const IDP_NAME = 'ID.me IdP - OIDC';
const POLICY = 'nist_aal2_ial2';
const RULE = 'ID.me IdP - Okta App Portal';

/** The guide's table, and the two attributes that it names as examples of further ones. */
const MAPPINGS: [claim: string, attribute: string][] = [
  ['email', 'email'],
  ['email', 'login'],
  ['fname', 'firstName'],
  ['lname', 'lastName'],
  ['mname', 'middleName'],
  ['phone', 'mobilePhone'],
  ['street', 'streetAddress'],
  ['city', 'city'],
  ['state', 'state'],
  ['zip', 'zipCode'],
  ['uuid', 'idme_uuid'],
  ['birth_date', 'birth_date'],
  ['transaction_ial', 'transaction_ial'],
];

const ATTRIBUTES: [name: string, title: string, type: string][] = [
  ['idme_uuid', 'ID.me UUID', 'string'],
  ['birth_date', 'Birth date', 'string'],
  ['transaction_ial', 'Identity assurance level', 'integer'],
];

interface User {
  id: string;
  status: string;
  profile: Record<string, unknown>;
}

export const idmeGuide: Spec = {
  title: 'The ID.me guide',
  journey: true,
  tests(stage) {
    let admin: Visitor;
    let idpId = '';
    let redirectUri = '';
    let credentials = { id: '', secret: '' };
    const person = { uuid: '', email: 'gary.twinkle@example.com' };
    const users = () => stage.api.get<User[]>('/users?limit=200');
    const find = async () => (await users()).find(({ profile }) => profile.idme_uuid === person.uuid);

    return [
      {
        name: 'the administrator signs in at the address that no routing rule reaches',
        async run() {
          admin = await stage.visitor();
          await admin.page.goto(`${stage.url}/login/default`);
          await admin.look('password');
          await signInAsAdministrator(admin.page, stage);
          await admin.look('console-dashboard');
        },
      },
      {
        name: 'the onboarding desk gives a client id and a secret for the redirect URI',
        async run() {
          const { page } = await stage.visitor();
          await page.goto(`${stage.sandbox.url}/desk`);
          await page.getByLabel('Name of your application').fill('Gatehouse');
          await page.getByLabel('Redirect URI').fill(`${stage.url}/oauth2/v1/authorize/callback`);
          await page.getByLabel('Policy handle').selectOption(POLICY);
          await page.getByRole('button', { name: 'Register' }).click();
          const given = (label: string) => page.locator(`div:has(> dt:text-is("${label}")) dd`).innerText();
          credentials = { id: await given('Client ID'), secret: await given('Client Secret') };
          assert.equal(await given('Scopes'), `openid ${POLICY}`);
        },
      },
      {
        name: 'Security > Identity Providers > Add identity provider > OpenID Connect IdP > Finish',
        async run() {
          const { page } = admin;
          await open(page, 'Security', 'Identity Providers');
          await admin.look('console-identity-providers-empty');
          await page.getByRole('link', { name: 'Add identity provider' }).click();
          await page.getByRole('radio', { name: 'OpenID Connect IdP' }).check();
          await admin.look('console-identity-provider-type');
          await page.getByRole('button', { name: 'Next' }).click();

          await field(page, 'Name').fill(IDP_NAME);
          await field(page, 'Display name').fill('ID.me');
          const scopes = page.getByLabel('Scopes', { exact: false }).locator('visible=true').last();
          await scopes.click();
          for (let left = 5; left > 0; left -= 1) await scopes.press('Backspace');
          await scopes.pressSequentially(`openid ${POLICY}`);
          await scopes.press('Enter');
          await field(page, 'Client ID').fill(credentials.id);
          await page
            .getByLabel(/^Client Secret/)
            .and(page.locator('input[type=password]'))
            .fill(credentials.secret);

          const { url } = stage.sandbox;
          await field(page, 'Issuer').fill(`${url}/oidc`);
          await field(page, 'Authorization endpoint').fill(`${url}/oauth/authorize`);
          await field(page, 'Token endpoint').fill(`${url}/oauth/token`);
          await field(page, 'JWKS endpoint').fill(`${url}/oidc/.well-known/jwks`);
          assert.equal(await field(page, 'UserInfo endpoint').inputValue(), '', 'UserInfo endpoint: Leave blank');

          await field(page, 'IdP Username').fill('idpuser.email');
          await choose(page, 'Match against', 'Gatehouse Username or Email');
          await page.getByRole('radiogroup', { name: 'Account Link Policy' }).getByLabel('Automatic').check();
          await page.getByLabel('Create New User (JIT)').check();
          await page.getByLabel('Update attributes for existing users').check();
          await admin.look('console-identity-provider-add');
          await page.getByRole('button', { name: 'Finish' }).click();

          await expect(page.getByRole('heading', { level: 1, name: IDP_NAME })).toBeVisible();
          idpId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
          assert.match(idpId, /^0oa/);
          redirectUri = await handedOver(page, 'Redirect URI');
          assert.equal(redirectUri, `${stage.url}/oauth2/v1/authorize/callback`);
          await admin.look('console-identity-provider');
        },
      },
      {
        name: 'Directory > Profile Editor > Gatehouse User (default) > + Add Attribute',
        async run() {
          const { page } = admin;
          await open(page, 'Directory', 'Profile Editor');
          await admin.look('console-profile-editor');
          await page.getByRole('link', { name: 'Gatehouse User (default)' }).click();
          for (const [name, title, type] of ATTRIBUTES) {
            await page.getByRole('button', { name: '+ Add Attribute' }).click();
            const dialog = page.getByRole('dialog', { name: 'Add Attribute' });
            await expect(dialog).toBeVisible();
            if (type !== 'string') await choose(page, 'Data Type', type);
            await dialog.getByRole('textbox', { name: 'Display Name' }).fill(title);
            await dialog.getByRole('textbox', { name: 'Variable Name' }).fill(name);
            if (name === 'idme_uuid') await admin.look('console-add-attribute');
            await dialog.getByRole('button', { name: 'Save Attribute' }).click();
            await expect(dialog).toBeAbsent();
            await expect(page.getByRole('cell', { name, exact: true })).toBeVisible();
          }
          await admin.look('console-profile');
        },
      },
      {
        name: 'Identity Providers > Actions > Edit Profile and Mappings > Save Mappings > Apply updates now',
        async run() {
          const { page } = admin;
          await open(page, 'Security', 'Identity Providers');
          await admin.look('console-identity-providers');
          await rowAction(page, IDP_NAME, 'Edit Profile and Mappings');
          const source = (attribute: string) =>
            page.getByRole('combobox', { name: `Source expression: ${attribute}`, exact: true });
          await expect(page.getByRole('region', { name: 'Profile and Mappings' })).toBeVisible();
          for (const [claim, attribute] of MAPPINGS) {
            if ((await source(attribute).count()) === 0) await choose(page, 'Add a mapping for', attribute);
            await source(attribute).fill(`appuser.${claim}`);
            await source(attribute).press('Escape');
          }
          await admin.look('console-mappings');
          await page.getByRole('button', { name: 'Save Mappings' }).click();
          await page.getByRole('button', { name: 'Apply updates now' }).click();
          await expect(page.getByText('Mappings saved.')).toBeVisible();
          const [listed] = await stage.api.get<{ id: string }[]>(`/mappings?sourceId=${idpId}`);
          const { properties } = await stage.api.get<{ properties: Record<string, { expression: string }> }>(
            `/mappings/${listed?.id}`,
          );
          const saved = Object.entries(properties).map(([name, { expression }]) => `${expression} ${name}`);
          for (const [claim, attribute] of MAPPINGS)
            assert.ok(saved.includes(`appuser.${claim} ${attribute}`), attribute);
        },
      },
      {
        name: 'Routing Rules > Add Routing Rule > Create Rule > Activate',
        async run() {
          const { page } = admin;
          await open(page, 'Security', 'Identity Providers');
          await page.getByRole('tab', { name: 'Routing Rules' }).click();
          await page.getByRole('link', { name: 'Add Routing Rule' }).click();
          await field(page, 'Name').fill(RULE);
          await choose(page, 'Use this identity provider', IDP_NAME);
          await admin.look('console-routing-rule-add');
          await page.getByRole('button', { name: 'Create Rule', exact: true }).click();
          const row = page.getByRole('row', { name: RULE });
          await expect(row.getByText('Inactive')).toBeVisible();
          await row.getByRole('button', { name: 'Activate' }).click();
          await expect(row.getByText('Active', { exact: true })).toBeVisible();
          await admin.look('console-routing-rules');
        },
      },
      {
        name: 'Option 1: a private window shows the button, the provider, and then the dashboard',
        async run() {
          person.uuid = (
            await stage.sandbox.createPerson({
              fname: 'Gary',
              mname: 'Lee',
              lname: 'Twinkle',
              email: person.email,
              phone: '12025550177',
              birth_date: '1980-05-06',
              street: '123 Main St',
              city: 'McLean',
              state: 'VA',
              zip: '22102',
            })
          ).uuid;
          const { page, look } = await stage.visitor();
          await page.goto(stage.url);
          await expect(signInWith(page, 'ID.me')).toBeVisible();
          await look('sign-in');
          await signInWith(page, 'ID.me').click();
          await agreeAtProvider(page, stage, person.email);
          await expect(page.getByRole('heading', { name: 'Your applications' })).toBeVisible();
          await look('dashboard');
          await page.getByRole('link', { name: 'Your account' }).click();
          await look('account');
        },
      },
      {
        name: 'Directory > People has the person with every mapped attribute',
        async run() {
          const user = await find();
          assert.ok(user !== undefined, 'nobody has the uuid of the person');
          assert.equal(user.status, 'ACTIVE');
          const { profile } = user;
          const expected = {
            login: person.email,
            email: person.email,
            firstName: 'Gary',
            middleName: 'Lee',
            lastName: 'Twinkle',
            mobilePhone: '12025550177',
            streetAddress: '123 Main St',
            city: 'McLean',
            state: 'VA',
            zipCode: '22102',
            idme_uuid: person.uuid,
            birth_date: '1980-05-06',
            transaction_ial: 2,
          };
          assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, profile[name]])), expected);
          const { page } = admin;
          await open(page, 'Directory', 'People');
          await admin.look('console-people');
          await page.getByRole('link', { name: 'Gary Twinkle' }).click();
          assert.equal(await field(page, 'ID.me UUID').inputValue(), person.uuid);
          assert.equal(await field(page, 'Birth date').inputValue(), '1980-05-06');
          await admin.look('console-person');
          await page.getByRole('tab', { name: 'Linked identities' }).click();
          await expect(page.getByRole('link', { name: IDP_NAME })).toBeVisible();
        },
      },
      {
        name: 'a second sign-in updates an attribute that changed',
        async run() {
          const before = await find();
          await stage.sandbox.changePerson(person.uuid, { phone: '12025550188' });
          const { page } = await stage.visitor();
          await signInAtPortal(page, stage, 'ID.me', person.email);
          const after = await find();
          assert.equal(after?.id, before?.id);
          assert.equal(after?.profile.mobilePhone, '12025550188');
        },
      },
      {
        name: 'a changed e-mail address keeps the same user',
        async run() {
          const before = await find();
          person.email = 'gary.renamed@example.com';
          await stage.sandbox.changePerson(person.uuid, { email: person.email });
          const { page } = await stage.visitor();
          await signInAtPortal(page, stage, 'ID.me', person.email);
          const same = (await users()).filter(({ profile }) => profile.idme_uuid === person.uuid);
          assert.deepEqual(
            same.map(({ id, profile }) => [id, profile.email]),
            [[before?.id, person.email]],
          );
        },
      },
    ];
  },
};
