/** A provider of the sandbox at the hub, made through the management API: what a test needs that does not walk through the console. */
import { randomBytes } from 'node:crypto';
import type { Stage } from '../stage/index.ts';

const POLICY = 'nist_aal2_ial2';

const ATTRIBUTES = {
  login: 'email',
  email: 'email',
  firstName: 'fname',
  lastName: 'lname',
  mobilePhone: 'phone',
};

export interface FederationWish {
  /** Shown on the button; the provider's name begins with it. */
  displayName: string;
  /** The policy handle that is asked for; the client at the sandbox has nist_aal2_ial2. */
  policy?: string;
  userInfo?: boolean;
  /** Attributes of the user that no claim is mapped to. */
  unmapped?: (keyof typeof ATTRIBUTES)[];
  /** What is done where nobody matches. */
  jit?: 'AUTO' | 'DISABLED';
}

export interface Connection {
  displayName: string;
  name: string;
  idpId: string;
}

export interface Route {
  ruleName: string;
  /** Switches the rule off, so that the next test's sign-in page is its own. */
  end(): Promise<void>;
}

interface Named {
  id: string;
  name: string;
}

/** A client at the provider, the provider here with its mappings, and a rule before all others that leads to it. */
export async function federate(stage: Stage, wish: FederationWish): Promise<Connection & Route> {
  const connection = await connect(stage, wish);
  return { ...connection, ...(await route(stage, connection.name, [connection.idpId])) };
}

/** The provider without a rule. */
export async function connect(stage: Stage, wish: FederationWish): Promise<Connection> {
  const name = `${wish.displayName} ${randomBytes(3).toString('hex')}`;
  const idp = await createProvider(stage, name, wish);
  await mapAttributes(stage, idp.id, wish.unmapped ?? []);
  return { displayName: wish.displayName, name, idpId: idp.id };
}

/** A rule before all others: a button for each of the providers at the portal. */
export async function route({ api }: Stage, name: string, idpIds: string[]): Promise<Route> {
  const [policy] = await api.get<Named[]>('/policies?type=IDP_DISCOVERY');
  const rules = `/policies/${policy?.id}/rules`;
  const providers = idpIds.map((id) => ({ type: 'OIDC', id }));
  const rule = await api.post<Named>(rules, {
    type: 'IDP_DISCOVERY',
    name: `Portal: ${name}`,
    priority: 1,
    conditions: { network: { connection: 'ANYWHERE' } },
    actions: { idp: { providers, idpSelectionType: 'SPECIFIC' } },
  });
  return { ruleName: rule.name, end: () => api.post<void>(`${rules}/${rule.id}/lifecycle/deactivate`) };
}

async function createProvider(stage: Stage, name: string, wish: FederationWish): Promise<Named> {
  const { url } = stage.sandbox;
  const client = await stage.sandbox.createClient(`${stage.url}/oauth2/v1/authorize/callback`, POLICY, 'Gatehouse');
  return stage.api.post<Named>('/idps', {
    type: 'OIDC',
    name,
    displayName: wish.displayName,
    preset: 'idme-oidc',
    status: 'ACTIVE',
    protocol: {
      type: 'OIDC',
      scopes: ['openid', wish.policy ?? POLICY],
      issuer: { url: `${url}/oidc` },
      endpoints: {
        authorization: { url: `${url}/oauth/authorize`, binding: 'HTTP-REDIRECT' },
        token: { url: `${url}/oauth/token`, binding: 'HTTP-POST' },
        jwks: { url: `${url}/oidc/.well-known/jwks`, binding: 'HTTP-REDIRECT' },
        ...(wish.userInfo ? { userInfo: { url: `${url}/api/public/v3/userinfo`, binding: 'HTTP-REDIRECT' } } : {}),
      },
      credentials: { client: { client_id: client.client_id, client_secret: client.client_secret } },
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: wish.jit ?? 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { userNameTemplate: { template: 'idpuser.email' }, matchType: 'USERNAME_OR_EMAIL' },
    },
  });
}

async function mapAttributes({ api }: Stage, idpId: string, unmapped: string[]): Promise<void> {
  const [mapping] = await api.get<Named[]>(`/mappings?sourceId=${idpId}`);
  const properties = Object.entries(ATTRIBUTES).map(([attribute, claim]) => [
    attribute,
    unmapped.includes(attribute) ? null : { expression: `appuser.${claim}`, pushStatus: 'PUSH' },
  ]);
  await api.post(`/mappings/${mapping?.id}`, { properties: Object.fromEntries(properties) });
}
