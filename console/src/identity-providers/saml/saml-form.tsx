/** The form of a SAML provider, for adding one and for configuring it later. */
import { Stack } from '@mantine/core';
import { useState } from 'react';
import type { SamlInput, SamlPreset } from '../../contract.ts';
import { changesOf } from '../../interface/form/changes.ts';
import { FormFrame } from '../../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../../interface/form/screen-form.ts';
import { labels } from '../../labels.ts';
import { texts as shared } from '../../texts/index.ts';
import { AuthenticationSection, JitSection } from '../form/account-sections.tsx';
import { useFieldNotes } from '../form/notes.ts';
import type { SectionProps } from '../form/provider-form.tsx';
import { storeCertificates } from './api.ts';
import { MetadataImport } from './metadata-import.tsx';
import { SamlGeneralSection, SamlProtocolSection } from './protocol-section.tsx';
import {
  type FormCertificate,
  fromMetadata,
  fromWire,
  type SamlValues,
  type Source,
  toWire,
  validate,
  WIRE_NAMES,
} from './values.ts';
import { shown, WORDS } from './words.ts';

interface SamlFormProps {
  /** Where the fields begin: a provider, or the body of a preset. */
  source: Source;
  certificates: FormCertificate[];
  preset: SamlPreset | undefined;
  pending: boolean;
  error: unknown;
  onSubmit: (input: SamlInput, screen: ScreenForm<SamlValues>) => void;
  onCancel?: () => void;
}

export function SamlForm({ source, certificates, preset, pending, error, onSubmit, onCancel }: SamlFormProps) {
  const saved = 'id' in source;
  const [storing, setStoring] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const screen = useScreenForm<SamlValues>({
    draft: saved
      ? `identity-provider.${source.id}`
      : `identity-provider.new.${source.preset}.${source.protocol.endpoints.sso.url}`,
    initial: fromWire(source, certificates),
    validate,
    wireNames: WIRE_NAMES,
  });
  const { form } = screen;
  const kids = form.values.certificates.map(({ kid }) => kid ?? 'new');
  const notes = useFieldNotes(preset?.help ?? {}, toWire(form.values, source, kids), WIRE_NAMES);
  // The sections of accounts read and write only fields that this form has under the same names.
  const account = { form, notes } as unknown as SectionProps;
  const submit = async (values: SamlValues) => {
    setStoring(true);
    setRefusal(null);
    try {
      onSubmit(toWire(values, source, await storeCertificates(values.certificates)), screen);
    } catch (failure) {
      setRefusal(failure);
    } finally {
      setStoring(false);
    }
  };
  return (
    <FormFrame
      screen={screen}
      submit={saved ? shared.actions.save : labels.finish}
      pending={pending || storing}
      error={refusal ?? error}
      onSubmit={(values) => void submit(values)}
      {...(saved ? { changes: changesOf(shown(fromWire(source, certificates)), shown(form.values), WORDS) } : {})}
      {...(onCancel === undefined ? {} : { onCancel })}
    >
      <Stack gap={0}>
        {!saved && (
          <MetadataImport onRead={(metadata, url) => form.setValues(fromMetadata(form.values, metadata, url))} />
        )}
        <SamlGeneralSection form={form} notes={notes} />
        <AuthenticationSection {...account} saml />
        <JitSection {...account} />
        <SamlProtocolSection form={form} notes={notes} />
      </Stack>
    </FormFrame>
  );
}
