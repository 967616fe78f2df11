/** What to say at single fields: the preset's help, and what the server's lint finds in the form as it stands. */
import { useDebouncedValue } from '@mantine/hooks';
import type { IdentityProviderInput, LintFinding, OidcInput, OidcPreset } from '../../contract.ts';
import { useLint } from '../api.ts';
import { type ProviderValues, WIRE_NAMES } from './values.ts';

export interface Note {
  text: string;
  warning: boolean;
}

export type Notes = Partial<Record<keyof ProviderValues, Note[]>>;

const PAUSE_MS = 300;

export function useNotes(preset: OidcPreset | undefined, configuration: OidcInput): Notes {
  const { client_secret: _unsent, ...client } = configuration.protocol.credentials.client;
  const shown = { ...configuration, protocol: { ...configuration.protocol, credentials: { client } } };
  return useFieldNotes(preset?.help ?? {}, shown, WIRE_NAMES);
}

/** The same for any kind of provider: `wireNames` leads from paths on the wire to fields of the form. */
export function useFieldNotes<Name extends string>(
  help: Record<string, string>,
  configuration: IdentityProviderInput,
  wireNames: Record<string, Name>,
): Partial<Record<Name, Note[]>> {
  const [settled] = useDebouncedValue(JSON.stringify(configuration), PAUSE_MS);
  const findings = useLint(JSON.parse(settled) as IdentityProviderInput).data ?? [];
  return merge(help, findings, wireNames);
}

/** A finding says more than the help at the same field, so that the help gives way to it. */
function merge<Name extends string>(
  help: Record<string, string>,
  findings: LintFinding[],
  wireNames: Record<string, Name>,
): Partial<Record<Name, Note[]>> {
  const notes: Partial<Record<Name, Note[]>> = {};
  for (const { field, message, severity } of findings) {
    const name = wireNames[field];
    if (name !== undefined) notes[name] = [...(notes[name] ?? []), { text: message, warning: severity !== 'info' }];
  }
  for (const [field, text] of Object.entries(help)) {
    const name = wireNames[field];
    if (name !== undefined && notes[name] === undefined) notes[name] = [{ text, warning: false }];
  }
  return notes;
}
