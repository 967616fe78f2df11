/** What a form would change, in words: one line per field that differs from what the server has. */
import { texts } from '../../texts/index.ts';
import type { FormValues } from './screen-form.ts';

export interface Change {
  field: string;
  label: string;
  before: string;
  after: string;
}

/** How a form's fields are called, and what the values of its choices mean. */
export interface FieldWords<V extends FormValues> {
  labels: Partial<Record<keyof V & string, string>>;
  choices?: Partial<Record<keyof V & string, Record<string, string>>>;
  secrets?: (keyof V & string)[];
}

export function changesOf<V extends FormValues>(before: V, after: V, words: FieldWords<V>): Change[] {
  const fields = Object.keys(words.labels) as (keyof V & string)[];
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({
      field,
      label: words.labels[field] ?? field,
      before: inWords(before[field], field, words),
      after: inWords(after[field], field, words),
    }));
}

function inWords<V extends FormValues>(value: unknown, field: keyof V & string, words: FieldWords<V>): string {
  if (value === null || value === undefined || value === '') return texts.form.empty;
  if (words.secrets?.includes(field)) return texts.form.secret;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? texts.form.empty : value.map((item) => plain(item)).join(', ');
  return words.choices?.[field]?.[String(value)] ?? plain(value);
}

function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
