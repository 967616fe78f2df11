/** The form of an application to and from the wire. What it does not show is taken over. */
import type { Application, ApplicationInput, ApplicationType, ClientAuthentication } from '../../contract.ts';
import type { FieldWords } from '../../interface/form/changes.ts';
import { check, filled, missing } from '../../interface/form/checks.ts';
import { labels } from '../../labels.ts';
import { texts } from '../texts.ts';

export type ApplicationValues = {
  label: string;
  type: ApplicationType;
  grants: string[];
  redirectUris: string[];
  logoutUris: string[];
  initiateLogin: string;
  authentication: ClientAuthentication;
  keys: string;
  pkce: boolean;
  secretShownAgain: boolean;
};

const FIRST_AUTHENTICATION: Record<ApplicationType, ClientAuthentication> = {
  web: 'client_secret_basic',
  browser: 'none',
  native: 'none',
  service: 'private_key_jwt',
};

export function emptyOf(type: ApplicationType): ApplicationValues {
  return {
    label: '',
    type,
    grants: [type === 'service' ? 'client_credentials' : 'authorization_code'],
    redirectUris: [],
    logoutUris: [],
    initiateLogin: '',
    authentication: FIRST_AUTHENTICATION[type],
    keys: '',
    pkce: type === 'browser' || type === 'native',
    secretShownAgain: false,
  };
}

export const WORDS: FieldWords<ApplicationValues> = {
  labels: {
    label: labels.applicationLabel,
    grants: texts.grantTypes,
    redirectUris: texts.redirectUris,
    logoutUris: texts.logoutUris,
    initiateLogin: texts.initiateLogin,
    authentication: texts.authentication,
    keys: texts.keys,
    pkce: texts.pkce,
    secretShownAgain: texts.secret.shownAgain,
  },
  choices: { authentication: texts.authentications },
};

export const WIRE_NAMES: Record<string, keyof ApplicationValues> = {
  redirect_uris: 'redirectUris',
  post_logout_redirect_uris: 'logoutUris',
  initiate_login_uri: 'initiateLogin',
  grant_types: 'grants',
  response_types: 'grants',
  token_endpoint_auth_method: 'authentication',
  pkce_required: 'pkce',
  jwks: 'keys',
};

/** Ways in which a type of application can prove who it is; the present one stays among them. */
export function authenticationsOf(type: ApplicationType, present: ClientAuthentication): ClientAuthentication[] {
  if (type === 'service') return [...new Set<ClientAuthentication>(['private_key_jwt', present])];
  return type === 'browser' ? ['none'] : ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'];
}

export function validate(values: ApplicationValues) {
  const service = values.type === 'service';
  const grants = service || values.grants.includes('authorization_code') || values.grants.includes('implicit');
  return check(
    ['label', missing(values.label, labels.applicationLabel)],
    ['grants', grants ? null : texts.grantMissing],
    ['redirectUris', !service && filled(values.redirectUris).length === 0 ? texts.redirectMissing : null],
    ['keys', values.authentication === 'private_key_jwt' && keysOf(values.keys) === null ? texts.keysWrong : null],
  );
}

function keysOf(text: string): { keys: unknown[] } | null {
  try {
    const value = JSON.parse(text) as { keys?: unknown } | null;
    return Array.isArray(value?.keys) ? { keys: value.keys } : null;
  } catch {
    return null;
  }
}

export function fromWire({ label, credentials, settings }: Application): ApplicationValues {
  const client = settings.oauthClient;
  return {
    label,
    type: client.application_type,
    grants: client.grant_types,
    redirectUris: client.redirect_uris,
    logoutUris: client.post_logout_redirect_uris ?? [],
    initiateLogin: client.initiate_login_uri ?? '',
    authentication: credentials.oauthClient.token_endpoint_auth_method,
    keys: client.jwks ? JSON.stringify(client.jwks, null, 2) : '',
    pkce: credentials.oauthClient.pkce_required ?? false,
    secretShownAgain: client.client_secret_shown_again ?? false,
  };
}

export function toWire(values: ApplicationValues, existing?: Application): ApplicationInput {
  return {
    name: 'oidc_client',
    label: values.label.trim(),
    signOnMode: 'OPENID_CONNECT',
    ...(existing?.visibility === undefined ? {} : { visibility: existing.visibility }),
    credentials: {
      ...existing?.credentials,
      oauthClient: {
        ...existing?.credentials.oauthClient,
        token_endpoint_auth_method: values.authentication,
        pkce_required: values.pkce,
      },
    },
    settings: {
      ...existing?.settings,
      oauthClient: {
        ...existing?.settings.oauthClient,
        application_type: values.type,
        grant_types: values.grants,
        response_types: values.type === 'service' ? ['token'] : responsesOf(values.grants),
        redirect_uris: filled(values.redirectUris),
        post_logout_redirect_uris: filled(values.logoutUris),
        initiate_login_uri: values.initiateLogin.trim() === '' ? null : values.initiateLogin.trim(),
        jwks: values.authentication === 'private_key_jwt' ? keysOf(values.keys) : null,
        client_secret_shown_again: values.secretShownAgain,
      },
    },
  };
}

function responsesOf(grants: string[]): string[] {
  return [
    ...(grants.includes('authorization_code') ? ['code'] : []),
    ...(grants.includes('implicit') ? ['id_token'] : []),
  ];
}
