/** Requests and answers of every operation, as they were recorded from a hub (scripts/api-examples.mjs). Read when somebody asks for the document. */
import { readFileSync } from 'node:fs';

export interface Example {
  /** The query string as it was sent, without the question mark. */
  query?: string;
  request?: unknown;
  status: number;
  /** Absent where the answer has no body. */
  response?: unknown;
  /** Of the answer, where it is not JSON. */
  contentType?: string;
}

export const EXAMPLES_FILE = new URL('./examples.json', import.meta.url);

let kept: Record<string, Example> | undefined;

/** By method and path, for example `GET /api/v1/users/{userId}`. */
export function examples(): Readonly<Record<string, Example>> {
  kept ??= JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Record<string, Example>;
  return kept;
}
