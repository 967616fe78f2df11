/** From what a client sent to the settings that are stored: defaults filled in, everything checked (contract §8.1). Pure. */
import { compileToSave } from '../../expressions/index.ts';
import { apiErrors } from '../../http/index.ts';
import { isObject } from '../../shared/json.ts';
import {
  APPLICATION_NAME,
  APPLICATION_TYPES,
  type ApplicationBody,
  type ApplicationConfig,
  type ApplicationType,
  AUTH_METHODS,
  type AuthMethod,
  GRANT_TYPES,
  type GrantType,
  ID_TOKEN_ALGORITHMS,
  INITIATED_LOGIN_MODES,
  ISSUER_MODES,
  type Jwk,
  RESPONSE_TYPES,
  type ResponseType,
  SIGN_ON_MODE,
} from '../schema.ts';
import { inconsistencies } from './consistency.ts';

const DEFAULT_AUTH: Readonly<Record<ApplicationType, AuthMethod>> = {
  web: 'client_secret_basic',
  browser: 'none',
  native: 'none',
  service: 'client_secret_basic',
};
/** What an application has that only acts by itself. */
const SERVICE = { grants: ['client_credentials'], responses: ['token'] } as const;
// biome-ignore lint/suspicious/noTemplateCurlyInString: the expression language writes its templates so
const DEFAULT_TEMPLATE = { template: '${source.login}', type: 'BUILT_IN' };
const TEMPLATE_TYPES = ['BUILT_IN', 'CUSTOM', 'NONE'] as const;

/**
 * The settings of a new application, or of one that is replaced: then `previous` supplies our own fields and the keys where the body
 * omits them (rulings 18). Throws E0000001 with one cause per mistake.
 */
export function readApplication(body: ApplicationBody, previous: ApplicationConfig | null): ApplicationConfig {
  const problems = [...unsupported(body)];
  if (problems.length > 0) throw refusal(problems);
  const config = toConfig(body, previous, problems);
  problems.push(...inconsistencies(config));
  if (problems.length > 0) throw refusal(problems);
  return config;
}

const refusal = (problems: string[]) => apiErrors.validation(problems[0]!.split(':')[0]!, ...problems);

/** What the contract knows and this hub does not do, each with what it does instead. */
function unsupported(body: ApplicationBody): string[] {
  const client = body.settings?.oauthClient;
  const problems: string[] = [];
  if (body.signOnMode !== SIGN_ON_MODE) problems.push(`signOnMode: only ${SIGN_ON_MODE} is supported`);
  if ((body.name ?? APPLICATION_NAME) !== APPLICATION_NAME)
    problems.push(`name: only ${APPLICATION_NAME} is supported`);
  if (client === undefined || client === null)
    return [...problems, 'settings.oauthClient: The field cannot be left blank'];
  if ((client.consent_method ?? 'TRUSTED') !== 'TRUSTED') problems.push('consent_method: only TRUSTED is supported');
  if ((client.wildcard_redirect ?? 'DISABLED') !== 'DISABLED')
    problems.push('wildcard_redirect: only DISABLED is supported; list every address in full');
  if (client.dpop_bound_access_tokens === true) problems.push('dpop_bound_access_tokens: only false is supported');
  if (textOr(client.jwks_uri) !== null)
    problems.push('jwks_uri: not supported; send the public keys themselves as jwks');
  return [...problems, ...unsupportedAround(body)];
}

/** The same of what stands beside the client's own settings. */
function unsupportedAround({ accessibility, visibility, settings }: ApplicationBody): string[] {
  const problems: string[] = [];
  if (accessibility?.selfService === true) problems.push('accessibility.selfService: only false is supported');
  if (Object.values(visibility?.appLinks ?? {}).includes(false))
    problems.push('visibility.appLinks: only true is supported; hide the application by visibility.hide');
  if ((settings?.notifications?.vpn?.network?.connection ?? 'DISABLED') !== 'DISABLED')
    problems.push('notifications.vpn: only the connection DISABLED is supported');
  if (settings?.manualProvisioning === true) problems.push('manualProvisioning: only false is supported');
  if (settings?.implicitAssignment === true)
    problems.push('implicitAssignment: only false is supported; assign the application to the group Everyone');
  return problems;
}

function toConfig(body: ApplicationBody, previous: ApplicationConfig | null, problems: string[]): ApplicationConfig {
  const client = body.settings!.oauthClient!;
  const credentials = body.credentials?.oauthClient;
  const before = previous?.oauthClient;
  const pick = picker(problems);
  const isService = client.application_type === 'service';
  const applicationType = pick.one('application_type', client.application_type, APPLICATION_TYPES, 'web');
  const authMethod = pick.one(
    'token_endpoint_auth_method',
    credentials?.token_endpoint_auth_method,
    AUTH_METHODS,
    previous?.authMethod ?? DEFAULT_AUTH[applicationType],
  );
  return {
    accessibility: {
      errorRedirectUrl: textOr(body.accessibility?.errorRedirectUrl),
      loginRedirectUrl: textOr(body.accessibility?.loginRedirectUrl),
    },
    visibility: {
      autoLaunch: body.visibility?.autoLaunch ?? false,
      autoSubmitToolbar: body.visibility?.autoSubmitToolbar ?? false,
      hide: { iOS: body.visibility?.hide?.iOS ?? false, web: body.visibility?.hide?.web ?? false },
    },
    userNameTemplate: readTemplate(body.credentials?.userNameTemplate, problems),
    authMethod,
    pkceRequired: credentials?.pkce_required ?? (authMethod === 'none' || (previous?.pkceRequired ?? false)),
    autoKeyRotation: credentials?.autoKeyRotation ?? true,
    oauthClient: {
      client_uri: textOr(client.client_uri),
      logo_uri: textOr(client.logo_uri),
      redirect_uris: [...new Set(client.redirect_uris ?? [])],
      post_logout_redirect_uris: [...new Set(client.post_logout_redirect_uris ?? [])],
      response_types: pick.some<ResponseType>(
        'response_types',
        client.response_types,
        RESPONSE_TYPES,
        isService ? SERVICE.responses : ['code'],
      ),
      grant_types: pick.some<GrantType>(
        'grant_types',
        client.grant_types,
        GRANT_TYPES,
        isService ? SERVICE.grants : ['authorization_code'],
      ),
      initiate_login_uri: textOr(client.initiate_login_uri),
      application_type: applicationType,
      consent_method: 'TRUSTED',
      issuer_mode: pick.one('issuer_mode', client.issuer_mode, ISSUER_MODES, 'ORG_URL'),
      idp_initiated_login: {
        mode: pick.one('idp_initiated_login.mode', client.idp_initiated_login?.mode, INITIATED_LOGIN_MODES, 'DISABLED'),
        default_scope: textsOr(client.idp_initiated_login?.default_scope),
      },
      jwks: client.jwks === undefined ? (before?.jwks ?? null) : readKeys(client.jwks, problems),
      id_token_signed_response_alg: pick.one(
        'id_token_signed_response_alg',
        client.id_token_signed_response_alg,
        ID_TOKEN_ALGORITHMS,
        before?.id_token_signed_response_alg ?? 'RS256',
      ),
      claims: client.claims ?? before?.claims ?? [],
      client_secret_shown_again: client.client_secret_shown_again ?? before?.client_secret_shown_again ?? false,
    },
    notes: {
      admin: textOr(body.settings?.notes === undefined ? previous?.notes.admin : body.settings.notes?.admin),
      enduser: textOr(body.settings?.notes === undefined ? previous?.notes.enduser : body.settings.notes?.enduser),
    },
    secretCreated: previous?.secretCreated ?? null,
  };
}

const textOr = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
const textsOr = (value: unknown) => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** Values of closed sets; a stranger becomes a problem that names the set. */
function picker(problems: string[]) {
  const refuse = (field: string, allowed: readonly string[]) =>
    problems.push(`${field}: expected one of ${allowed.join(', ')}`);
  return {
    one<T extends string>(field: string, value: string | null | undefined, allowed: readonly T[], fallback: T): T {
      if (value === undefined || value === null || value === '') return fallback;
      const found = allowed.find((item) => item === value);
      if (found === undefined) refuse(field, allowed);
      return found ?? fallback;
    },
    some<T extends string>(
      field: string,
      values: string[] | null | undefined,
      allowed: readonly T[],
      fallback: readonly T[],
    ): T[] {
      if (values === undefined || values === null || values.length === 0) return [...fallback];
      if (values.some((value) => !allowed.includes(value as T))) refuse(field, allowed);
      return [...new Set(values)].filter((value): value is T => allowed.includes(value as T));
    },
  };
}

function readTemplate(
  sent: { template?: string | null; type?: string | null } | null | undefined,
  problems: string[],
): ApplicationConfig['userNameTemplate'] {
  const template = textOr(sent?.template) ?? DEFAULT_TEMPLATE.template;
  const type = textOr(sent?.type) ?? DEFAULT_TEMPLATE.type;
  if (!TEMPLATE_TYPES.some((item) => item === type))
    problems.push(`userNameTemplate.type: expected one of ${TEMPLATE_TYPES.join(', ')}`);
  if (sent?.template === '') problems.push('userNameTemplate.template: The field cannot be left blank');
  const compiled = compileToSave(template, 'userToApp');
  if (!compiled.ok)
    problems.push(
      ...compiled.error.map(({ message, at, hint = '' }) =>
        `userNameTemplate.template: ${message} (line ${at.line}, column ${at.column}) ${hint}`.trimEnd(),
      ),
    );
  return { template, type };
}

function readKeys(jwks: { keys?: unknown } | null, problems: string[]): { keys: Jwk[] } | null {
  if (jwks === null) return null;
  if (!Array.isArray(jwks.keys) || !jwks.keys.every(isObject)) {
    problems.push('jwks: expected an object with the list "keys"');
    return null;
  }
  return jwks.keys.length === 0 ? null : { keys: jwks.keys as Jwk[] };
}
