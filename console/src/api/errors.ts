/** A refusal of the hub, or of the network before it. */
import type { ErrorBody } from '../contract.ts';
import { texts } from '../texts/index.ts';

export class RequestError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly errorCode: string;
  readonly errorSummary: string;
  readonly errorCauses: string[];
  readonly requestId: string | null;

  constructor(
    status: number,
    errorCode: string,
    errorSummary: string,
    errorCauses: string[],
    requestId: string | null,
  ) {
    super(errorSummary);
    this.status = status;
    this.errorCode = errorCode;
    this.errorSummary = errorSummary;
    this.errorCauses = errorCauses;
    this.requestId = requestId;
  }
}

/** Reads the error that a response carries; a body that is not the contract's becomes a plain sentence. */
export async function errorOf(response: Response): Promise<RequestError> {
  const requestId = response.headers.get('x-okta-request-id');
  const body = (await response.json().catch(() => null)) as ErrorBody | null;
  if (body === null || typeof body.errorCode !== 'string') {
    return new RequestError(response.status, `HTTP ${response.status}`, texts.errors.unreadable, [], requestId);
  }
  const causes = (body.errorCauses ?? []).map((cause) => cause.errorSummary);
  return new RequestError(
    response.status,
    body.errorCode,
    body.errorSummary,
    causes,
    requestId ?? body.errorId ?? null,
  );
}

export function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError(0, 'NETWORK', texts.errors.network, [], null);
}

const FIELD = /^([\w.[\]]+): (.+)$/s;

/** `field → sentence` from causes of the form `field: sentence`. */
export function fieldErrors(error: RequestError): Record<string, string> {
  const found: Record<string, string> = {};
  for (const cause of error.errorCauses) {
    const match = FIELD.exec(cause);
    if (match?.[1] !== undefined && match[2] !== undefined) found[match[1]] = asSentence(match[2]);
  }
  return found;
}

/** What was refused, for people: the causes without the names of their fields, or the summary where it has none. */
export function sentencesOf(error: unknown): string[] {
  const { errorCauses, errorSummary } = asRequestError(error);
  const said = errorCauses.length > 0 ? errorCauses.map((cause) => FIELD.exec(cause)?.[2] ?? cause) : [errorSummary];
  return [...new Set(said.map(asSentence))];
}

/** The first of them: for a place that is the field. */
export function sentenceOf(error: unknown): string {
  return sentencesOf(error)[0] ?? '';
}

/** Begins with a capital, unless the first word is a name as it stands in code; ends with a full stop. */
function asSentence(text: string): string {
  const words = text.trim();
  const begun = /^[a-z]+[\s,]/.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  return /[.!?…:]$/.test(begun) ? begun : `${begun}.`;
}
