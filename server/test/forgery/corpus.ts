/** Every forged document, built once per process from the descriptions in security.md S1-S20. */
import type { Forgery } from './documents.ts';
import { keys } from './keys.ts';
import { semantics } from './semantics.ts';
import { values } from './values.ts';
import { wrapping } from './wrapping.ts';

export const corpus: readonly Forgery[] = [...wrapping, ...values, ...keys, ...semantics];
