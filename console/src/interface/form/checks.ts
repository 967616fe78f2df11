/** The few checks that need no server: what is missing, what is no address. */
import type { FormErrors } from '@mantine/form';
import { texts } from '../../texts/index.ts';

/** `field → sentence` of the first check of each field that fails. */
export function check(...found: [field: string, sentence: string | null][]): FormErrors {
  const errors: FormErrors = {};
  for (const [field, sentence] of found) {
    if (sentence !== null && errors[field] === undefined) errors[field] = sentence;
  }
  return errors;
}

export function missing(value: string, label: string): string | null {
  return value.trim() === '' ? texts.form.required(label) : null;
}

export function notAnAddress(value: string): string | null {
  if (value.trim() === '') return null;
  return /^https?:$/.test(URL.parse(value)?.protocol ?? '') ? null : texts.form.url;
}

/** Lines of a list field without the empty ones. */
export function filled(lines: string[]): string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
