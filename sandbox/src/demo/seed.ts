/**
 * Makes the demo org over HTTP, with an API token only; every step finds what an earlier run made. The last line of its output is what the
 * other programs of the demo need, as JSON: { idpId, sampleClientId }.
 *
 * Environment: GATEHOUSE_URL, GATEHOUSE_API_TOKEN, IDME_URL, IDME_CLIENT_ID, IDME_CLIENT_SECRET, SAMPLE_URL, SAMPLE_CLIENT_SECRET.
 */
import { createManagementApi, type ManagementApi } from './management-api.ts';
import {
  APP_LABEL,
  IDP_NAME,
  type IdmeClient,
  identityProvider,
  mappings,
  RULE_NAME,
  routingRule,
  sampleApplication,
  userAttributes,
} from './objects.ts';

interface Named {
  id: string;
  name: string;
}

interface Application {
  id: string;
  label: string;
  credentials: { oauthClient: { client_id: string } };
  settings: { oauthClient: { redirect_uris: string[] } };
}

async function seed(env: NodeJS.ProcessEnv): Promise<{ idpId: string; sampleClientId: string }> {
  const api = createManagementApi(required(env, 'GATEHOUSE_URL'), required(env, 'GATEHOUSE_API_TOKEN'));
  await api.post('/meta/schemas/user/default', userAttributes);
  const idp = await ensureIdentityProvider(api, {
    url: required(env, 'IDME_URL'),
    clientId: required(env, 'IDME_CLIENT_ID'),
    clientSecret: required(env, 'IDME_CLIENT_SECRET'),
  });
  const application = await ensureApplication(api, required(env, 'SAMPLE_URL'), required(env, 'SAMPLE_CLIENT_SECRET'));
  await ensureRule(api, idp.id);
  return { idpId: idp.id, sampleClientId: application.credentials.oauthClient.client_id };
}

interface IdentityProvider extends Named {
  protocol: { endpoints: { authorization: { url: string } } };
}

/** What a person changed on objects that are there is kept, unless the sandbox now lives elsewhere. */
async function ensureIdentityProvider(api: ManagementApi, client: IdmeClient): Promise<Named> {
  const body = identityProvider(client);
  const all = await api.get<IdentityProvider[]>(`/idps?type=OIDC&q=${encodeURIComponent(IDP_NAME)}`);
  const found = all.find(({ name }) => name === IDP_NAME);
  const moved = found?.protocol.endpoints.authorization.url !== body.protocol.endpoints.authorization.url;
  if (found !== undefined && moved) await api.put(`/idps/${found.id}`, body);
  const idp = found ?? (await api.post<IdentityProvider>('/idps', body));
  await ensureMappings(api, idp.id);
  return idp;
}

async function ensureMappings(api: ManagementApi, idpId: string): Promise<void> {
  const [listed] = await api.get<{ id: string }[]>(`/mappings?sourceId=${idpId}`);
  if (listed === undefined) throw new Error(`The identity provider ${idpId} has no mapping.`);
  const { properties } = await api.get<{ properties: object }>(`/mappings/${listed.id}`);
  if (!('idme_uuid' in properties)) await api.post(`/mappings/${listed.id}`, mappings);
}

async function ensureApplication(api: ManagementApi, sampleUrl: string, clientSecret: string): Promise<Application> {
  const body = sampleApplication(sampleUrl, clientSecret);
  const all = await api.get<Application[]>(`/apps?limit=200&q=${encodeURIComponent(APP_LABEL)}`);
  const found = all.find(({ label }) => label === APP_LABEL);
  const [redirectUri] = body.settings.oauthClient.redirect_uris;
  if (found?.settings.oauthClient.redirect_uris.includes(redirectUri as string)) return found;
  if (found !== undefined) return api.put<Application>(`/apps/${found.id}`, body);
  const made = await api.post<Application>('/apps?activate=true', body);
  const groups = await api.get<{ id: string; profile: { name: string } }[]>('/groups?q=Everyone');
  const everyone = groups.find(({ profile }) => profile.name === 'Everyone');
  if (everyone === undefined) throw new Error('The org has no group Everyone.');
  await api.put(`/apps/${made.id}/groups/${everyone.id}`, {});
  return made;
}

async function ensureRule(api: ManagementApi, idpId: string): Promise<void> {
  const [policy] = await api.get<Named[]>('/policies?type=IDP_DISCOVERY');
  if (policy === undefined) throw new Error('The org has no policy of type IDP_DISCOVERY.');
  const rules = await api.get<Named[]>(`/policies/${policy.id}/rules`);
  if (rules.some(({ name }) => name === RULE_NAME)) return;
  await api.post(`/policies/${policy.id}/rules`, routingRule(idpId));
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is unset.`);
  return value;
}

try {
  process.stdout.write(`${JSON.stringify(await seed(process.env))}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
