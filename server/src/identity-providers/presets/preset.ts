/** A preset: one kind of provider as data. The fields it fills, what the form says beside them, and what usually goes wrong. */
import type { OidcHints } from '../oidc/settings.ts';

export interface Preset {
  id: string;
  type: 'OIDC' | 'SAML2';
  /** In the list of types. */
  name: string;
  description: string;
  /** Where the provider runs; `{base}` in `body` stands for the chosen one's base URL. */
  environments: { id: string; name: string; baseUrl: string }[];
  /** Fields of `POST /api/v1/idps` that are filled in. */
  body: Record<string, unknown>;
  /** What the form says at a field, by the field's path. */
  help: Record<string, string>;
  links: { label: string; href: string }[];
  /** External names of base attributes of the provider's profile, where the provider's differ from the usual ones (rulings 57). */
  externalNames?: Record<string, string>;
  rules: LintRule[];
  hints: OidcHints;
}

export interface LintRule {
  code: string;
  severity: 'error' | 'warning' | 'info';
  /** Path of the field that it is about. */
  field: string;
  message: string;
  /** Whether the configuration has the fault. */
  applies(read: ConfigurationReader): boolean;
}

/** Reads a configuration in wire shape that need not be complete or correct. */
export interface ConfigurationReader {
  /** '' where there is no text. */
  text(path: string): string;
  texts(path: string): string[];
  is(path: string, value: unknown): boolean;
}

export interface LintFinding {
  code: string;
  severity: LintRule['severity'];
  field: string;
  message: string;
}
