/** The form of an OpenID Connect provider, for adding one and for configuring it later. */
import { Stack } from '@mantine/core';
import type { OidcInput, OidcPreset } from '../../contract.ts';
import { changesOf } from '../../interface/form/changes.ts';
import { FormFrame } from '../../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../../interface/form/screen-form.ts';
import { labels } from '../../labels.ts';
import { texts as shared } from '../../texts/index.ts';
import { AuthenticationSection, JitSection } from './account-sections.tsx';
import { AdvancedSection } from './advanced-section.tsx';
import { GeneralSection, ProtocolSection } from './general-section.tsx';
import { type Notes, useNotes } from './notes.ts';
import { type ProviderValues, validate, WIRE_NAMES, WORDS } from './values.ts';
import { fromWire, type Source, toWire } from './wire.ts';

export interface SectionProps {
  form: ScreenForm<ProviderValues>['form'];
  notes: Notes;
}

interface ProviderFormProps {
  /** Where the fields begin: a provider, or the body of a preset. */
  source: Source;
  preset: OidcPreset | undefined;
  pending: boolean;
  error: unknown;
  onSubmit: (input: OidcInput, screen: ScreenForm<ProviderValues>) => void;
  onCancel?: () => void;
}

export function ProviderForm({ source, preset, pending, error, onSubmit, onCancel }: ProviderFormProps) {
  const saved = 'id' in source;
  const hasSecret = Boolean(source.protocol.credentials.client.client_secret);
  const screen = useScreenForm<ProviderValues>({
    draft: saved
      ? `identity-provider.${source.id}`
      : `identity-provider.new.${source.preset}.${source.protocol.issuer.url}`,
    initial: fromWire(source),
    validate: (values) => validate(values, hasSecret),
    secrets: ['clientSecret'],
    wireNames: WIRE_NAMES,
  });
  const { form } = screen;
  const section: SectionProps = { form, notes: useNotes(preset, toWire(form.values, source)) };
  return (
    <FormFrame
      screen={screen}
      submit={saved ? shared.actions.save : labels.finish}
      pending={pending}
      error={error}
      onSubmit={(values) => onSubmit(toWire(values, source), screen)}
      {...(saved ? { changes: changesOf(fromWire(source), form.values, WORDS) } : {})}
      {...(onCancel === undefined ? {} : { onCancel })}
    >
      <Stack gap={0}>
        <GeneralSection {...section} hasSecret={hasSecret} />
        <ProtocolSection {...section} />
        <AuthenticationSection {...section} />
        <JitSection {...section} />
        <AdvancedSection {...section} />
      </Stack>
    </FormFrame>
  );
}
