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

async function ensureIdentityProvider(api: ManagementApi, client: IdmeClient): Promise<Named> {
  const body = identityProvider(client);
  const found = (await api.get<Named[]>(`/idps?type=OIDC&q=${encodeURIComponent(IDP_NAME)}`)).find(
    ({ name }) => name === IDP_NAME,
  );
  if (found !== undefined) return api.put<Named>(`/idps/${found.id}`, body);
  const made = await api.post<Named>('/idps', body);
  const [mapping] = await api.get<{ id: string }[]>(`/mappings?sourceId=${made.id}`);
  if (mapping === undefined) throw new Error(`The identity provider ${made.id} has no mapping.`);
  await api.post(`/mappings/${mapping.id}`, mappings);
  return made;
}

async function ensureApplication(api: ManagementApi, sampleUrl: string, clientSecret: string): Promise<Application> {
  const body = sampleApplication(sampleUrl, clientSecret);
  const applications = await api.get<Application[]>(`/apps?limit=200&q=${encodeURIComponent(APP_LABEL)}`);
  const found = applications.find(({ label }) => label === APP_LABEL);
  const application =
    found === undefined
      ? await api.post<Application>('/apps?activate=true', body)
      : await api.put<Application>(`/apps/${found.id}`, body);
  const groups = await api.get<{ id: string; profile: { name: string } }[]>('/groups?q=Everyone');
  const everyone = groups.find(({ profile }) => profile.name === 'Everyone');
  if (everyone === undefined) throw new Error('The org has no group Everyone.');
  await api.put(`/apps/${application.id}/groups/${everyone.id}`, {});
  return application;
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
