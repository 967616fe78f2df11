/**
 * The process's own log: one JSON line per event on standard output. It is not the System Log (system-log/), which is data.
 * Fields are an allow-list by shape: whatever looks like a secret is replaced, whatever is long is cut (security.md §4.9).
 */
export interface Logger {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

const SECRET_NAMES = /password|secret|token|authorization|cookie|assertion|code$|credential|private/i;
const SECRET_SHAPES =
  /eyJ[\w-]{8,}\.[\w-]+\.?[\w-]*|-----BEGIN [^-]+-----[\s\S]*|\bhub_\w+|[A-Za-z0-9+/_-]{60,}={0,2}/g;
const SHORTEST_OPAQUE = 60;
const MAX_LENGTH = 256;

/** What most values are: too short for the last of the shapes, and without the beginning of any other. */
const isPlain = (text: string) =>
  text.length < SHORTEST_OPAQUE && !text.includes('eyJ') && !text.includes('hub_') && !text.includes('-----BEGIN ');

/** A value fit for a log or a trace: secrets by name or by shape replaced, control characters escaped, strings cut. */
export function redact(value: unknown, name = ''): unknown {
  if (SECRET_NAMES.test(name) && (typeof value === 'string' || typeof value === 'object') && value !== null)
    return '[redacted]';
  if (typeof value === 'string') {
    if (isPlain(value)) return value;
    const clean = value.replace(SECRET_SHAPES, '[redacted]');
    return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
  }
  if (value instanceof Error) return redact(`${value.name}: ${value.message}`);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key)]));
  }
  return value;
}

export function createLogger(write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)): Logger {
  const line =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      write(JSON.stringify({ at: new Date().toISOString(), level, event, ...(redact(fields) as object) }));
  return { info: line('info'), warn: line('warn'), error: line('error') };
}

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };
