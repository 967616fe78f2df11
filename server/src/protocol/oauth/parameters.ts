/** Parameters of an OAuth request (RFC 6749 §3.1): each at most once, an empty one counts as omitted. */
export interface Parameters {
  /** The value; undefined when omitted or empty. Of a repeated one the first, which `repeated` then names. */
  get(name: string): string | undefined;
  /** The value, where the parameter was sent exactly once. */
  single(name: string): string | undefined;
  /** The name of a parameter that was sent more than once, or null. */
  repeated(): string | null;
}

export function parametersOf(sent: URLSearchParams): Parameters {
  return {
    get: (name) => sent.get(name) || undefined,
    single: (name) => (sent.getAll(name).length === 1 ? sent.get(name) || undefined : undefined),
    repeated() {
      const seen = new Set<string>();
      for (const name of sent.keys()) {
        if (seen.has(name)) return name.slice(0, 50).replace(/[^\w.-]/g, '?');
        seen.add(name);
      }
      return null;
    },
  };
}

/** Words separated by spaces, each once, in their order. */
export function wordsOf(text: string | undefined): string[] {
  return [...new Set((text ?? '').split(' ').filter((word) => word !== ''))];
}
