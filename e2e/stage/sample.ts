/** The sample application as the hub knows it. */
import { randomBytes } from 'node:crypto';
import type { Management } from './management.ts';

export interface SampleApplication {
  url: string;
  label: string;
  id: string;
  clientId: string;
  clientSecret: string;
}

interface Application {
  id: string;
  credentials: { oauthClient: { client_id: string } };
}

/** A code client, assigned to everyone, whose inspector may also receive ID tokens. */
export async function createSampleApplication(api: Management, url: string): Promise<SampleApplication> {
  const label = 'Sample application';
  const clientSecret = randomBytes(24).toString('hex');
  const application = await api.post<Application>('/apps?activate=true', {
    name: 'oidc_client',
    label,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic', client_secret: clientSecret } },
    settings: {
      oauthClient: {
        application_type: 'web',
        grant_types: ['authorization_code', 'refresh_token', 'implicit'],
        response_types: ['code', 'id_token'],
        redirect_uris: [`${url}/callback`, `${url}/inspector`],
        post_logout_redirect_uris: [url],
        initiate_login_uri: `${url}/login`,
        consent_method: 'TRUSTED',
      },
    },
  });
  const groups = await api.get<{ id: string; profile: { name: string } }[]>('/groups?q=Everyone');
  const everyone = groups.find(({ profile }) => profile.name === 'Everyone');
  await api.put(`/apps/${application.id}/groups/${everyone?.id}`, {});
  return { url, label, id: application.id, clientId: application.credentials.oauthClient.client_id, clientSecret };
}
