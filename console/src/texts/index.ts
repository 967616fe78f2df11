/** The catalogue in use. One file a language; English is the first. */
import { en, type Texts } from './en.ts';

export const texts: Texts = en;
