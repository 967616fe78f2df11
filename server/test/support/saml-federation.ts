/** An org with a SAML provider that the test plays: keys, configuration, and what a browser carries to and fro. */
import type { TestHub } from './app.ts';
import type { Answer, Browser } from './browser.ts';
import {
  base64,
  encryptAssertion,
  type ResponseParts,
  responseXml,
  rsaKeys,
  type SamlKeys,
  type Signed,
  signXml,
} from './saml-signer.ts';

export const ISSUER = 'api.idmelabs.com';
export const CONTEXT = 'http://idmanagement.gov/ns/assurance/ial/2/aal/2';
export const SSO_URL = `https://api.idmelabs.com/saml/SingleSignOnService?AuthnContext=${CONTEXT}`;

export const ATTRIBUTES: Record<string, string | string[]> = {
  email: 'gary@example.com',
  fname: 'Gary',
  lname: 'Twinkle',
  identity_subgroups: ['IAL2', 'AAL2'],
};

export interface SamlFederation {
  idpId: string;
  audience: string;
  acsUrl: string;
  keys: SamlKeys;
  trustKid: string;
}

type Wire = Record<string, unknown> & { id: string };

export const samlBody = (
  kid: string,
  more: {
    name?: string;
    protocol?: Record<string, unknown>;
    policy?: Record<string, unknown>;
    settings?: object;
    issuer?: string;
    preset?: string;
    endpoints?: object;
  } = {},
) => ({
  type: 'SAML2',
  name: more.name ?? 'ID.me IdP - SAML',
  ...(more.preset !== undefined && { preset: more.preset }),
  protocol: {
    type: 'SAML2',
    endpoints: more.endpoints ?? {
      sso: { url: SSO_URL, binding: 'HTTP-POST', destination: SSO_URL },
      acs: { binding: 'HTTP-POST', type: 'INSTANCE' },
    },
    algorithms: {
      request: { signature: { algorithm: 'SHA-256', scope: 'REQUEST' } },
      response: { signature: { algorithm: 'SHA-256', scope: 'ANY' } },
    },
    settings: { nameFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', ...more.settings },
    credentials: { trust: { issuer: more.issuer ?? ISSUER, kid } },
    ...more.protocol,
  },
  policy: {
    accountLink: { action: 'AUTO' },
    provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
    subject: { matchType: 'USERNAME_OR_EMAIL', userNameTemplate: { template: 'idpuser.email' } },
    ...more.policy,
  },
});

/** The provider, its certificate, and the mappings of the guide. */
export async function federateSaml(
  hub: Pick<TestHub, 'api'>,
  more: Parameters<typeof samlBody>[1] = {},
  keys = rsaKeys(),
): Promise<SamlFederation> {
  const { kid } = await hub.api<{ kid: string }>('POST', '/api/v1/idps/credentials/keys', { x5c: [keys.certificate] });
  await hub.api('POST', '/api/v1/meta/schemas/user/default', {
    definitions: {
      custom: {
        id: '#custom',
        type: 'object',
        properties: {
          idme_uuid: { title: 'ID.me UUID', type: 'string' },
          identity_subgroups: { title: 'Subgroups', type: 'string' },
        },
      },
    },
  });
  const idp = await hub.api<
    Wire & { protocol: { credentials: { trust: { audience: string } } }; _links: { acs: { href: string } } }
  >('POST', '/api/v1/idps', samlBody(kid, more));
  const [mapping] = await hub.api<Wire[]>('GET', `/api/v1/mappings?sourceId=${idp.id}`);
  const push = (expression: string) => ({ expression, pushStatus: 'PUSH' });
  await hub.api('POST', `/api/v1/mappings/${mapping!.id}`, {
    properties: {
      login: push('appuser.email'),
      firstName: push('appuser.fname'),
      lastName: push('appuser.lname'),
      email: push('source.email'),
      idme_uuid: push('appuser.subjectNameId'),
      identity_subgroups: push('appuser.identity_subgroups'),
    },
  });
  return {
    idpId: idp.id,
    audience: idp.protocol.credentials.trust.audience,
    acsUrl: idp._links.acs.href,
    keys,
    trustKid: kid,
  };
}

export interface Asked {
  action: string;
  relayState: string;
  /** The AuthnRequest. */
  xml: string;
  requestId: string;
}

const unescapeHtml = (text: string) =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(amp|lt|gt|quot));/gi, (_all, decimal, hex, name) =>
    name
      ? { amp: '&', lt: '<', gt: '>', quot: '"' }[name as 'amp']!
      : String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  );

/** Reads the page that posts itself to the provider. */
export function askedIn(answer: Answer): Asked {
  const field = (name: string) =>
    unescapeHtml(new RegExp(`name="${name}" value="([^"]*)"`).exec(answer.body)?.[1] ?? '');
  const xml = Buffer.from(field('SAMLRequest'), 'base64').toString();
  return {
    action: unescapeHtml(/<form[^>]* action="([^"]*)"/.exec(answer.body)?.[1] ?? ''),
    relayState: field('RelayState'),
    xml,
    requestId: / ID="([^"]+)"/.exec(xml)?.[1] ?? '',
  };
}

export const startSaml = async (
  hub: Pick<TestHub, 'url'>,
  browser: Browser,
  federation: SamlFederation,
): Promise<Asked> => askedIn(await browser.get(`${hub.url}/sso/idps/${federation.idpId}`));

/** The provider's answer as the form parameter. */
export async function samlAnswer(
  federation: SamlFederation,
  now: Date,
  requestId: string | null,
  more: Partial<ResponseParts> & { signed?: Signed; encryptFor?: SamlKeys; keys?: SamlKeys } = {},
): Promise<string> {
  const { signed, encryptFor, keys, ...parts } = more;
  const xml = responseXml({
    issuer: ISSUER,
    audience: federation.audience,
    acsUrl: federation.acsUrl,
    now,
    requestId,
    nameId: '88f572d491af46efa393cba6c351e252',
    authnContext: CONTEXT,
    attributes: ATTRIBUTES,
    ...parts,
  });
  const assertion = signXml(xml, keys ?? federation.keys, signed ?? 'assertion');
  return base64(encryptFor === undefined ? assertion : await encryptAssertion(assertion, encryptFor));
}

/** The provider's page posts the answer to the hub. */
export const postSaml = (browser: Browser, url: string, SAMLResponse: string, RelayState?: string): Promise<Answer> =>
  browser.post(
    url,
    { SAMLResponse, ...(RelayState !== undefined && { RelayState }) },
    { origin: 'https://api.idmelabs.com' },
  );
