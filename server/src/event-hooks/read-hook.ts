/** From what a client sent to the hook that is stored; what does not fit is refused by its field (contract §9). */
import { EVENT_TYPES, type EventType } from '../system-log/index.ts';
import { filterProblems } from './filter.ts';
import { headerProblem } from './headers.ts';
import type { EventHookBody, SentHeader } from './schema.ts';
import type { EventHook } from './store.ts';

export interface ReadHook
  extends Pick<EventHook, 'name' | 'description' | 'events' | 'filter' | 'uri' | 'headers' | 'authKey'> {
  /** As it was sent; null: the stored one stays, where there is one. */
  authSecret: string | null;
}

/** Why an address cannot be called, as a sentence; null when it can. */
export type AddressProblem = (uri: string) => string | null;

const DEFAULT_AUTH_HEADER = 'Authorization';

/** Problems are `field: sentence`. */
export function readHook(body: EventHookBody, addressProblem: AddressProblem): ReadHook | { problems: string[] } {
  const problems: string[] = [];
  const { type, version, config } = body.channel;
  if (type !== 'HTTP') problems.push(`channel.type: "${type}" is not known; use HTTP`);
  if (version != null && version !== '1.0.0') problems.push(`channel.version: "${version}" is not known; use 1.0.0`);
  if (config.method != null && config.method !== 'POST')
    problems.push(`channel.config.method: events are sent by POST, not by ${config.method}`);
  const address = addressProblem(config.uri);
  if (address !== null) problems.push(`channel.config.uri: ${address}`);
  const auth = readAuth(config.authScheme, problems);
  const headers = readHeaders(config.headers ?? [], auth.authKey, problems);
  const events = readEvents(body.events, problems);
  const filter = readFilter(body.events, problems);
  if (problems.length > 0) return { problems };
  const { uri } = config;
  return { name: body.name.trim(), description: body.description ?? null, events, filter, uri, headers, ...auth };
}

function readAuth(sent: EventHookBody['channel']['config']['authScheme'], problems: string[]) {
  if (sent == null) return { authKey: null, authSecret: null };
  const key = sent.key == null || sent.key === '' ? DEFAULT_AUTH_HEADER : sent.key;
  if (sent.type != null && sent.type !== 'HEADER')
    problems.push(`channel.config.authScheme.type: "${sent.type}" is not known; use HEADER`);
  const problem = headerProblem(key, sent.value ?? '');
  if (problem !== null) problems.push(`channel.config.authScheme: ${problem}`);
  return { authKey: key, authSecret: sent.value == null || sent.value === '' ? null : sent.value };
}

function readHeaders(sent: readonly SentHeader[], authKey: string | null, problems: string[]): SentHeader[] {
  const seen = new Set(authKey === null ? [] : [authKey.toLowerCase()]);
  return sent.map(({ key, value }) => {
    const problem = headerProblem(key, value);
    if (problem !== null) problems.push(`channel.config.headers: ${problem}`);
    else if (seen.has(key.toLowerCase())) problems.push(`channel.config.headers: "${key}" is there twice`);
    seen.add(key.toLowerCase());
    return { key, value };
  });
}

const TYPES: Readonly<Record<string, EventType>> = EVENT_TYPES;

function readEvents({ type, items }: EventHookBody['events'], problems: string[]): string[] {
  if (type !== 'EVENT_TYPE') problems.push(`events.type: "${type}" is not known; use EVENT_TYPE`);
  for (const item of items) {
    const known = Object.hasOwn(TYPES, item) ? TYPES[item] : undefined;
    if (known === undefined) problems.push(`events.items: there is no event type "${item.slice(0, 100)}"`);
    else if (!known.hook) problems.push(`events.items: "${item}" is recorded, but no hook can subscribe to it`);
  }
  return [...new Set(items)];
}

function readFilter({ filter, items }: EventHookBody['events'], problems: string[]): EventHook['filter'] {
  if (filter == null) return null;
  if (filter.type !== 'EXPRESSION_LANGUAGE')
    problems.push(`events.filter.type: "${filter.type}" is not known; use EXPRESSION_LANGUAGE`);
  const read = filter.eventFilterMap.map(({ event, condition }) => ({ event, expression: condition.expression }));
  problems.push(...filterProblems(read, items).map((problem) => `events.filter: ${problem}`));
  return read.length === 0 ? null : read;
}
