/** The hub's management API as the seed needs it: JSON over HTTP with an API token. */
export interface ManagementApi {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
}

interface ErrorBody {
  errorCode?: string;
  errorSummary?: string;
  errorCauses?: { errorSummary?: string }[];
}

/** `url` is the hub's public base URL. Each call throws an Error with the hub's own words when it is refused. */
export function createManagementApi(url: string, token: string): ManagementApi {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `SSWS ${token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${reasonOf(text)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
  };
}

function reasonOf(text: string): string {
  try {
    const { errorCode, errorSummary, errorCauses } = JSON.parse(text) as ErrorBody;
    const causes = (errorCauses ?? []).map((cause) => cause.errorSummary).filter((cause) => cause !== undefined);
    return [errorCode, errorSummary, ...causes].filter((part) => part !== undefined).join(' · ');
  } catch {
    return text.slice(0, 200);
  }
}
