/** The form of an event hook to and from the wire. A filter is not shown as a field, and stays. */
import type { EventHook, EventHookInput } from '../contract.ts';
import type { FieldWords } from '../interface/form/changes.ts';
import { check, filled, missing, notAnAddress } from '../interface/form/checks.ts';
import { labels } from '../labels.ts';
import { texts } from './texts.ts';

export type HookValues = {
  name: string;
  uri: string;
  authKey: string;
  secret: string;
  /** `Name: value`, one a line. */
  headers: string;
  events: string[];
};

export const EMPTY: HookValues = { name: '', uri: '', authKey: 'Authorization', secret: '', headers: '', events: [] };

export const WORDS: FieldWords<HookValues> = {
  labels: {
    name: labels.name,
    uri: labels.endpointUrl,
    authKey: labels.authenticationField,
    secret: labels.authenticationSecret,
    headers: labels.customHeaderFields,
    events: labels.subscribeToEvents,
  },
  secrets: ['secret'],
};

const HEADER = /^([^\s:]+)\s*:\s*(.*)$/;
const linesOf = (text: string) => filled(text.split('\n'));

export function validate(values: HookValues) {
  const bad = linesOf(values.headers).find((line) => !HEADER.test(line));
  return check(
    ['name', missing(values.name, labels.name)],
    ['uri', missing(values.uri, labels.endpointUrl)],
    ['uri', notAnAddress(values.uri)],
    ['headers', bad === undefined ? null : texts.badHeader(bad)],
    ['events', values.events.length === 0 ? texts.chooseEvents : null],
  );
}

export function fromWire(hook: EventHook): HookValues {
  const { uri, authScheme, headers } = hook.channel.config;
  return {
    name: hook.name,
    uri,
    authKey: authScheme?.key ?? '',
    secret: '',
    headers: headers.map(({ key, value }) => `${key}: ${value}`).join('\n'),
    events: hook.events.items,
  };
}

export function toWire(values: HookValues, existing?: EventHook): EventHookInput {
  const key = values.authKey.trim();
  const headers = linesOf(values.headers).flatMap((line) => {
    const [, name, value] = HEADER.exec(line) ?? [];
    return name === undefined ? [] : [{ key: name, value: value ?? '' }];
  });
  const filters = (existing?.events.filter?.eventFilterMap ?? []).filter(({ event }) => values.events.includes(event));
  return {
    name: values.name.trim(),
    description: existing?.description ?? null,
    events: {
      type: 'EVENT_TYPE',
      items: values.events,
      filter: filters.length === 0 ? null : { type: 'EXPRESSION_LANGUAGE', eventFilterMap: filters },
    },
    channel: {
      type: 'HTTP',
      version: '1.0.0',
      config: {
        uri: values.uri.trim(),
        headers,
        authScheme:
          key === '' ? null : { type: 'HEADER', key, ...(values.secret === '' ? {} : { value: values.secret }) },
      },
    },
  };
}
