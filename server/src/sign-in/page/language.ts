/** Which language a page is in: what the application asked for (`ui_locales`), else what the browser prefers, else English. */
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import { fr } from './texts/fr.ts';
import { nl } from './texts/nl.ts';
import type { Texts } from './texts/texts.ts';

const CATALOGUES = { en, nl, fr, de } satisfies Record<string, Texts>;

export type Language = keyof typeof CATALOGUES;

export const LANGUAGES = Object.keys(CATALOGUES) as Language[];

export const textsIn = (language: Language): Texts => CATALOGUES[language];

const MAX_HEADER = 500;

/** `uiLocales`: BCP 47 tags separated by blanks (OpenID Connect Core §3.1.2.1); `acceptLanguage`: RFC 9110 §12.5.4. */
export function languageOf(acceptLanguage: string | undefined, uiLocales: string | undefined): Language {
  const asked = (uiLocales ?? '').slice(0, MAX_HEADER).split(/\s+/);
  return [...asked, ...preferred(acceptLanguage ?? '')].map(spoken).find((language) => language !== null) ?? 'en';
}

function preferred(header: string): string[] {
  return header
    .slice(0, MAX_HEADER)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const weight = parameters
        .map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(parameter)?.[1])
        .find((q) => q !== undefined);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

function spoken(tag: string): Language | null {
  const primary = tag.trim().toLowerCase().split('-')[0]!;
  return LANGUAGES.find((language) => language === primary) ?? null;
}
