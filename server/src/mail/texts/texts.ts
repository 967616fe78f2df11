/** What a catalogue must say. `{org}`, `{name}`, `{login}` and `{url}` are filled in; everything else is plain text. */
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { nl } from './nl.ts';

export const TEMPLATES = ['activation', 'password_reset'] as const;
export type Template = (typeof TEMPLATES)[number];

export type Texts = Record<Template, { subject: string; body: string }>;

const CATALOGUES: Readonly<Record<string, Texts>> = { en, de, fr, nl };

/** The language of a BCP 47 tag or a locale (`de_DE`); English for one without a catalogue. */
export function languageOf(tag: string): string {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0]!;
  return Object.hasOwn(CATALOGUES, primary) ? primary : 'en';
}

/** Subject and text of a message. A line break in a value cannot begin a new line of the subject. */
export function written(
  template: Template,
  language: string,
  values: Readonly<Record<string, string>>,
): { subject: string; body: string } {
  const { subject, body } = CATALOGUES[language]![template];
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_place, name: string) => (values[name] ?? '').replace(/\s+/g, ' ').trim());
  return { subject: fill(subject), body: fill(body) };
}
