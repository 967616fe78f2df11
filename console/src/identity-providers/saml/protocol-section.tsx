/** General Settings and SAML Protocol Settings. */
import { Checkbox, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Choice } from '../../interface/form/choice.tsx';
import { FieldNote } from '../../interface/form/field-note.tsx';
import type { ScreenForm } from '../../interface/form/screen-form.ts';
import { Panel } from '../../interface/page.tsx';
import { labels } from '../../labels.ts';
import { FieldNotes } from '../form/field-notes.tsx';
import { NameFields } from '../form/name-fields.tsx';
import type { Note } from '../form/notes.ts';
import { texts } from '../texts.ts';
import { CertificatesField } from './certificates-field.tsx';
import classes from './protocol-section.module.css';
import { NAME_FORMATS, type SamlValues } from './values.ts';

export interface SamlSectionProps {
  form: ScreenForm<SamlValues>['form'];
  notes: Partial<Record<keyof SamlValues, Note[]>>;
}

const { saml } = texts;

export function SamlGeneralSection({ form }: SamlSectionProps) {
  return (
    <Panel title={texts.sections.general}>
      <Stack gap="md" maw={720}>
        <NameFields protocol="SAML" inputProps={form.getInputProps} />
      </Stack>
    </Panel>
  );
}

export function SamlProtocolSection({ form, notes }: SamlSectionProps) {
  // Nobody can choose it any more; a provider that was stored with it shows it.
  const [sha1] = useState(form.values.algorithm === 'SHA-1');
  const url = (name: 'ssoUrl' | 'destination', label: string, description: string) => (
    <div>
      <TextInput
        label={label}
        description={description}
        withAsterisk={name === 'ssoUrl'}
        inputMode="url"
        {...form.getInputProps(name)}
      />
      <FieldNotes notes={notes[name]} />
    </div>
  );
  return (
    <Panel title={saml.protocol}>
      <Stack gap="md" maw={720}>
        <div>
          <TextInput
            label={labels.idpIssuer}
            description={saml.help.issuer}
            withAsterisk
            {...form.getInputProps('issuer')}
          />
          <FieldNotes notes={notes.issuer} />
        </div>
        {url('ssoUrl', labels.idpSsoUrl, saml.help.ssoUrl)}
        <div>
          <CertificatesField
            value={form.values.certificates}
            onChange={(value) => form.setFieldValue('certificates', value)}
            error={form.errors.certificates}
          />
          <FieldNotes notes={notes.certificates} />
        </div>
        <Choice
          label={labels.requestBinding}
          choices={{ 'HTTP-POST': labels.httpPost, 'HTTP-REDIRECT': labels.httpRedirect }}
          value={form.values.binding}
          onChange={(value) => form.setFieldValue('binding', value)}
        />
        <Flag
          form={form}
          notes={notes}
          name="signRequests"
          label={labels.signRequests}
          description={saml.help.signRequests}
        />
        <div>
          <Select
            label={labels.signatureAlgorithm}
            description={saml.help.algorithm}
            data={sha1 ? ['SHA-256', 'SHA-1'] : ['SHA-256']}
            allowDeselect={false}
            {...form.getInputProps('algorithm')}
          />
          {form.values.algorithm === 'SHA-1' && <FieldNote text={saml.help.sha1} warning />}
          <FieldNotes notes={notes.algorithm} />
        </div>
        <Choice
          label={saml.responseScope}
          description={saml.help.scope}
          choices={saml.scopes}
          value={form.values.responseScope}
          onChange={(value) => form.setFieldValue('responseScope', value)}
        />
        {url('destination', labels.destination, saml.help.destination)}
        <Choice
          label={saml.acsType}
          choices={saml.acsTypes}
          value={form.values.acsType}
          onChange={(value) => form.setFieldValue('acsType', value)}
        />
        <Select
          label={saml.nameFormat}
          description={<span className={classes.urn}>{form.values.nameFormat}</span>}
          data={NAME_FORMATS.map((value, at) => ({ value, label: saml.nameFormats[at]! }))}
          allowDeselect={false}
          {...form.getInputProps('nameFormat')}
        />
        <Flag form={form} notes={notes} name="honorPersistentNameId" label={saml.help.persistent} />
        <Flag form={form} notes={notes} name="allowUnsolicited" label={saml.help.allowUnsolicited} />
        <Flag form={form} notes={notes} name="requireEncryptedAssertion" label={saml.help.requireEncrypted} />
        <Flag form={form} notes={notes} name="allowCbc" label={saml.help.allowCbc} />
        <TagsInput label={saml.contexts} description={saml.help.contexts} {...form.getInputProps('contexts')} />
        <div>
          <TextInput
            label={saml.metadataUrl}
            description={saml.help.metadataUrl}
            inputMode="url"
            {...form.getInputProps('metadataUrl')}
          />
          <FieldNotes notes={notes.metadataUrl} />
        </div>
      </Stack>
    </Panel>
  );
}

type FlagName =
  | 'signRequests'
  | 'honorPersistentNameId'
  | 'allowUnsolicited'
  | 'requireEncryptedAssertion'
  | 'allowCbc';

function Flag({
  form,
  notes,
  name,
  ...words
}: SamlSectionProps & { name: FlagName; label: string; description?: string }) {
  return (
    <div>
      <Checkbox {...words} {...form.getInputProps(name, { type: 'checkbox' })} />
      <FieldNotes notes={notes[name]} />
    </div>
  );
}
