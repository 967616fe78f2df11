/** What the provider sent through the browser: its errors become reasons, its code is taken (contract §13, rows 19-22). */
import { ok, type Result } from '../../shared/result.ts';
import type { Refusal } from '../connector.ts';
import { quote, refuse } from './refusals.ts';
import type { OidcSettings } from './settings.ts';

const MAX_CODE = 4096;
const ONCE = ['code', 'state', 'iss', 'error', 'error_description'];

/** The authorization code. */
export function readAuthorizationResponse(
  params: URLSearchParams,
  settings: OidcSettings,
  redirectUri: string,
): Result<string, Refusal> {
  const repeated = ONCE.find((name) => params.getAll(name).length > 1);
  if (repeated !== undefined)
    return refuse('callback_parameter_repeated', `The answer has the parameter "${repeated}" more than once.`);
  const foreign = checkIssuer(params.get('iss'), settings);
  if (foreign !== null) return foreign;
  const error = params.get('error');
  if (error !== null) return upstreamError(error, params.get('error_description'), settings, redirectUri);
  const code = params.get('code');
  if (code === null || code === '') {
    return refuse('callback_code_missing', 'The provider sent the person back with neither a code nor an error.');
  }
  if (code.length > MAX_CODE)
    return refuse('callback_code_malformed', `The code has ${code.length} characters; the limit is ${MAX_CODE}.`);
  return ok(code);
}

/** RFC 9207: against mix-up, the answer names who gives it. Compared byte for byte. */
function checkIssuer(iss: string | null, settings: OidcSettings) {
  if (iss === settings.issuer) return null;
  if (iss !== null) {
    return refuse(
      'callback_issuer_mismatch',
      `The answer names the issuer ${quote(iss)}; expected "${settings.issuer}".`,
    );
  }
  if (!settings.requireIssParameter) return null;
  return refuse(
    'callback_issuer_missing',
    `The answer has no "iss" parameter, which this identity provider requires; expected "${settings.issuer}".`,
    'Switch "requireIssParameter" off if the provider does not send it.',
  );
}

interface UpstreamFacts {
  settings: OidcSettings;
  redirectUri: string;
  /** The provider's own words, quoted, or nothing. */
  says: string;
}

type UpstreamReading = (facts: UpstreamFacts) => { ok: false; error: Refusal };

const canceled: UpstreamReading = ({ says }) =>
  refuse('user_canceled_request', `The person cancelled at the provider.${says}`);
const unavailable: UpstreamReading = ({ says }) =>
  refuse('provider_unavailable', `The provider is temporarily unavailable.${says}`, 'Try again in a few minutes.');
const needsInteraction: UpstreamReading = ({ says }) =>
  refuse('provider_needs_interaction', `The provider could not answer without asking the person.${says}`);
const clientRefused: UpstreamReading = ({ settings, says }) =>
  refuse(
    'provider_client_refused',
    `The provider does not accept the client id ${quote(settings.clientId)} for this request.${says}`,
    'Compare the client id with the one that the provider gave you, and ask whether the client is active.',
  );
const redirectRefused: UpstreamReading = ({ redirectUri, says }) =>
  refuse(
    'provider_redirect_uri_refused',
    `The provider does not accept the redirect URI "${redirectUri}".${says}`,
    'Register exactly this redirect URI at the provider.',
  );
const scopeRefused: UpstreamReading = ({ settings, says }) =>
  refuse(
    'provider_scope_refused',
    `The provider refused the scopes; sent: "${settings.scopes.join(' ')}".${says}`,
    settings.hints.scopes ?? 'Use only scopes that the provider has enabled for this client.',
  );

/** What providers send in `error`; both spellings of "unavailable" are in use. */
const UPSTREAM: Readonly<Record<string, UpstreamReading>> = {
  access_denied: canceled,
  temporarily_unavailable: unavailable,
  temporary_unavailable: unavailable,
  server_error: unavailable,
  login_required: needsInteraction,
  interaction_required: needsInteraction,
  consent_required: needsInteraction,
  account_selection_required: needsInteraction,
  invalid_scope: scopeRefused,
  invalid_client: clientRefused,
  unauthorized_client: clientRefused,
  invalid_redirect_uri: redirectRefused,
  invalid_request: ({ says }) => refuse('provider_request_refused', `The provider calls the request invalid.${says}`),
  unsupported_response_type: ({ says }) =>
    refuse(
      'provider_request_refused',
      `The provider does not offer the authorization code flow to this client.${says}`,
    ),
};

function upstreamError(error: string, description: string | null, settings: OidcSettings, redirectUri: string) {
  const says = description === null || description === '' ? '' : ` It says: ${quote(description)}.`;
  if (Object.hasOwn(UPSTREAM, error)) return UPSTREAM[error]!({ settings, redirectUri, says });
  return refuse(
    'provider_error',
    `The provider answered with the error ${quote(error)}.${says}`,
    'Look the code up in the documentation of the provider.',
  );
}
