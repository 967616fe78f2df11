/**
 * Every error that the management API can answer, as data (contract §1.3). It is not the wording of OAuth or of pages.
 * A service throws one of these; `server.ts` is the only place that turns it into a response.
 */
export interface ErrorCause {
  errorSummary: string;
  reason?: string;
  location?: string;
  locationType?: string;
  domain?: string;
}

export class ApiError extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly causes: ErrorCause[];
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    errorCode: string,
    summary: string,
    causes: (string | ErrorCause)[] = [],
    headers: Record<string, string> = {},
  ) {
    super(summary);
    this.status = status;
    this.errorCode = errorCode;
    this.causes = causes.map((cause) => (typeof cause === 'string' ? { errorSummary: cause } : cause));
    this.headers = headers;
  }
}

const DUPLICATE = 'An object with this field already exists in the current organization';

/** The constructors, one per code. `object` and `field` are the names that the client sent. */
export const apiErrors = {
  validation: (object: string, ...causes: string[]) =>
    new ApiError(400, 'E0000001', `Api validation failed: ${object}`, causes),
  /** A profile that does not fit its schema; `object` is named where attributes are unknown. */
  invalidProfile(object: string, problems: readonly { attribute: string; rule: string; message: string }[]) {
    const unknown = problems.some(({ rule }) => rule === 'unknown');
    const named = unknown ? object : (problems[0]?.attribute ?? object);
    return apiErrors.validation(named, ...problems.map(({ message }) => message));
  },
  duplicate: (field: string) =>
    new ApiError(400, 'E0000001', `Api validation failed: ${field}`, [`${field}: ${DUPLICATE}`]),
  malformed: (cause?: string) =>
    new ApiError(400, 'E0000003', 'The request body was not well-formed.', cause === undefined ? [] : [cause]),
  authenticationFailed: () => new ApiError(401, 'E0000004', 'Authentication failed'),
  invalidSession: () => new ApiError(403, 'E0000005', 'Invalid session'),
  forbidden: (cause?: string) =>
    new ApiError(
      403,
      'E0000006',
      'You do not have permission to perform the requested action',
      cause === undefined ? [] : [cause],
    ),
  /** RFC 6750 §3.1. */
  insufficientScope: (scope: string) =>
    new ApiError(
      403,
      'E0000006',
      'You do not have permission to perform the requested action',
      [`The access token does not have the scope ${scope}.`],
      { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    ),
  roleAssigned: () => new ApiError(409, 'E0000090', 'Duplicate role assignment: the user has this role already.'),
  notFound: (id: string, type: string) =>
    new ApiError(404, 'E0000007', `Not found: Resource not found: ${id.slice(0, 200)} (${type})`),
  pathNotFound: () => new ApiError(404, 'E0000008', 'The requested path was not found'),
  internal: () => new ApiError(500, 'E0000009', 'Internal Server Error'),
  /** Nothing was changed: a lock or the database's time was not to be had. */
  busy: () =>
    new ApiError(
      503,
      'E0000010',
      'The service is busy with other changes.',
      ['Nothing was changed. Repeat the request in a few seconds.'],
      { 'Retry-After': '5' },
    ),
  unknownMediaType: () =>
    new ApiError(400, 'E0000018', 'Bad request.  Accept and/or Content-Type headers are likely not set.'),
  encodedBody: () =>
    new ApiError(415, 'E0000018', 'Bad request.  Accept and/or Content-Type headers are likely not set.', [
      'Content-Encoding: The body must be sent as it is, not compressed.',
    ]),
  invalidToken: () => new ApiError(401, 'E0000011', 'Invalid token provided'),
  alreadyActive: () => new ApiError(403, 'E0000016', 'Activation failed because the user is already active'),
  methodNotAllowed: () => new ApiError(405, 'E0000022', 'The endpoint does not support the provided HTTP method'),
  masteredElsewhere: (attributes: readonly string[]) =>
    new ApiError(
      403,
      'E0000023',
      'Operation failed because user profile is mastered under another system',
      attributes.map((name) => `${name}: this attribute takes its value from another profile source`),
    ),
  invalidSearch: (cause?: string) =>
    new ApiError(400, 'E0000031', 'Invalid search criteria.', cause === undefined ? [] : [cause]),
  /** A credential in the body is not the user's. */
  wrongCredentials: (cause: string) => new ApiError(403, 'E0000014', 'Update of credentials failed', [cause]),
  notLocked: () => new ApiError(403, 'E0000032', 'Unlock is not allowed for this user.'),
  wrongStatus: () => new ApiError(403, 'E0000038', "This operation is not allowed in the user's current status."),
  rateLimited: (retryAfterSeconds: number) =>
    new ApiError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.', [], {
      'Retry-After': String(retryAfterSeconds),
    }),
  invalidFilter: (cause?: string) =>
    new ApiError(400, 'E0000053', 'Invalid SCIM filter.', cause === undefined ? [] : [cause]),
  deleteActiveApplication: () => new ApiError(403, 'E0000056', 'Delete application forbidden.'),
  pushed: (attribute: string) =>
    new ApiError(
      403,
      'E0000075',
      `Cannot modify the ${attribute} attribute because it has a field mapping and profile push is enabled.`,
    ),
  alreadyAssigned: () => new ApiError(409, 'E0000062', 'The specified user is already assigned to the application.'),
  versionConflict: () =>
    new ApiError(412, 'E0000001', 'Api validation failed: If-Match', [
      'If-Match: The object was changed by somebody else since it was read. Read it again and repeat the change.',
    ]),
  payloadTooLarge: (limit: number) =>
    new ApiError(413, 'E0000001', 'Api validation failed: body', [`body: The request is larger than ${limit} bytes.`]),
} as const;
