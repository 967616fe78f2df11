/** `filter` and `q` of the System Log as SQL conditions (contract §10.2): a filter names attributes of the event as it is sent. */
import { apiErrors } from '../http/index.ts';
import { type Column, type Filter, type Parameters, parseFilter, toCondition } from '../protocol/scim/index.ts';

const MAX_KEYWORDS = 10;
const MAX_KEYWORD_LENGTH = 40;

const TEXT = ['eq', 'ne', 'co', 'sw', 'ew', 'pr', 'gt', 'ge', 'lt', 'le'] as const;
const SCALAR = ['eq', 'ne', 'pr', 'gt', 'ge', 'lt', 'le'] as const;
const ANY = ['eq', 'ne', 'co', 'sw', 'ew', 'pr'] as const;

/** Attributes with a column or a type of their own; everything else below the roots is text. */
const TYPED: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['eventType', { sql: 'event_type', type: 'exact', operators: TEXT }],
  ['uuid', { sql: 'id::text', type: 'text', operators: TEXT }],
  ['published', { sql: 'published', type: 'time', operators: SCALAR }],
  ['severity', { sql: 'severity', type: 'text', operators: TEXT }],
  ['outcome.result', { sql: 'outcome_result', type: 'text', operators: TEXT }],
  ['actor.id', { sql: 'actor_id', type: 'exact', operators: TEXT }],
  [
    'authenticationContext.authenticationStep',
    { sql: `(payload #>> '{authenticationContext,authenticationStep}')::numeric`, type: 'number', operators: SCALAR },
  ],
  [
    'securityContext.isProxy',
    { sql: `(payload #>> '{securityContext,isProxy}')::boolean`, type: 'boolean', operators: ['eq', 'ne', 'pr'] },
  ],
]);

/** The first words of every attribute of an event. */
const ROOTS: ReadonlySet<string> = new Set([
  ...['actor', 'client', 'device', 'authenticationContext', 'displayMessage', 'outcome', 'securityContext'],
  ...['debugContext', 'legacyEventType', 'transaction', 'version', 'request', 'target'],
]);
/** Lists in an event; a comparison holds when any element fits. */
const LISTS = ['target', 'request.ipChain'];
const DETAILS = 'debugContext.debugData.';
/** Words only: the path stands in the statement, values never do. */
const PATH = /^[A-Za-z]\w{0,63}(?:\.[A-Za-z]\w{0,63}){0,5}$/;

/** Throws E0000053 with the place or the name of what does not fit. */
export function filterCondition(text: string, parameters: Parameters): string {
  const parsed = parseFilter(text, { not: true });
  if (!parsed.ok) throw apiErrors.invalidFilter(`filter: ${parsed.error.message} at position ${parsed.error.position}`);
  if (holdsNul(parsed.value)) throw apiErrors.invalidFilter('filter: a text holds the character U+0000');
  const condition = toCondition(parsed.value, columnOf, parameters);
  if (!condition.ok) throw apiErrors.invalidFilter(`filter: ${condition.error.message}`);
  return condition.value;
}

/** The database knows no such character. */
function holdsNul(filter: Filter): boolean {
  if (filter.kind === 'compare') return typeof filter.value === 'string' && filter.value.includes('\0');
  return filter.kind === 'not' ? holdsNul(filter.term) : filter.terms.some(holdsNul);
}

function columnOf(attribute: string): Column | null {
  const typed = TYPED.get(attribute);
  if (typed !== undefined) return typed;
  const words = attribute.split('.');
  if (!PATH.test(attribute) || !ROOTS.has(words[0]!)) return null;
  const list = LISTS.find((name) => attribute.startsWith(`${name}.`));
  if (list === undefined) return textAt(words);
  const member = attribute.slice(list.length + 1).split('.');
  const path = `$.${list}[*]${member.map((word) => `."${word}"`).join('')}`;
  return { sql: `jsonb_path_query_array(payload, '${path}')`, type: 'set', operators: ANY };
}

/** A text; among what modules say of an event for machines also a list, of which any element may fit. */
function textAt(words: string[]): Column {
  const place = `'{${words.join(',')}}'`;
  const text = `payload #>> ${place}`;
  if (!words.join('.').startsWith(DETAILS)) return { sql: text, type: 'text', operators: TEXT };
  const value = `payload #> ${place}`;
  return {
    sql: `case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end`,
    type: 'set',
    operators: TEXT,
    present: `${text} <> '[]'`,
  };
}

/** What a keyword is looked for in: values that people read, not the names of attributes. */
const KEYWORDS = `lower(concat_ws(' ', event_type, id::text, ${[
  ...['displayMessage', 'actor,id', 'actor,alternateId', 'actor,displayName', 'outcome,result', 'outcome,reason'],
  ...['client,ipAddress', 'client,userAgent,rawUserAgent', 'transaction,id', 'authenticationContext,interface'],
]
  .map((path) => `payload #>> '{${path}}'`)
  .join(', ')},
  jsonb_path_query_array(payload, '$.target[*].*')::text, jsonb_path_query_array(payload, '$.debugContext.debugData.*')::text))`;

/** Every keyword has to be found. Throws E0000001. */
export function keywordConditions(q: string, parameters: Parameters): string[] {
  const words = q.split(/\s+/).filter((word) => word !== '');
  if (words.length > MAX_KEYWORDS || words.some((word) => word.length > MAX_KEYWORD_LENGTH || word.includes('\0'))) {
    throw apiErrors.validation('q', `q: at most ${MAX_KEYWORDS} words of ${MAX_KEYWORD_LENGTH} characters`);
  }
  return words.map((word) => {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    return `${KEYWORDS} like lower(${parameters.add(pattern)})`;
  });
}
