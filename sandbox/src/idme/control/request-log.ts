/** Parameters whose values never stand in the log. */
const SECRET = new Set([
  'client_secret',
  'client_assertion',
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'password',
  'SAMLResponse',
]);
const KEPT = 1_000;

/** A request that the sandbox received at its wire endpoints. */
export interface LoggedRequest {
  at: string;
  method: string;
  path: string;
  /** Query and form parameters; a secret's value is "(hidden)". */
  parameters: Record<string, string>;
  /** The scheme of the Authorization header: "Basic", "Bearer". */
  authorization: string | null;
  /** null until it is answered. */
  status: number | null;
}

export interface RequestLog {
  /** The returned entry may still be completed: parameters of the body, status. */
  add(method: string, url: string, authorization: string | undefined): LoggedRequest;
  list(): LoggedRequest[];
  clear(): void;
}

export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = [];
  return {
    add(method, url, authorization) {
      const { pathname, searchParams } = new URL(url, 'http://sandbox');
      const entry: LoggedRequest = {
        at: new Date().toISOString(),
        method,
        path: pathname,
        parameters: withoutSecrets(searchParams),
        authorization: authorization?.split(' ')[0] ?? null,
        status: null,
      };
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
      return entry;
    },
    list: () => [...entries],
    clear: () => {
      entries.length = 0;
    },
  };
}

export function withoutSecrets(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...parameters].map(([name, value]) => [name, SECRET.has(name) ? '(hidden)' : value]));
}
