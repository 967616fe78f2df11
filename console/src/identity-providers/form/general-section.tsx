/** General Settings and the protocol's endpoints of an OpenID Connect provider. */
import { Checkbox, PasswordInput, Stack, TagsInput, TextInput } from '@mantine/core';
import { Choice } from '../../interface/form/choice.tsx';
import { Panel } from '../../interface/page.tsx';
import { labels } from '../../labels.ts';
import { texts } from '../texts.ts';
import { FieldNotes } from './field-notes.tsx';
import { NameFields } from './name-fields.tsx';
import type { SectionProps } from './provider-form.tsx';
import { AUTHENTICATION_TYPES } from './values.ts';

export function GeneralSection({ form, notes, hasSecret }: SectionProps & { hasSecret: boolean }) {
  const type = form.values.authenticationType;
  return (
    <Panel title={texts.sections.general}>
      <Stack gap="md" maw={720}>
        <NameFields protocol="OIDC" inputProps={form.getInputProps} />
        <div>
          <TagsInput
            label={labels.scopes}
            description={texts.help.scopes}
            withAsterisk
            splitChars={[',', ' ']}
            {...form.getInputProps('scopes')}
          />
          <FieldNotes notes={notes.scopes} />
        </div>
        <div>
          <TextInput label={labels.clientId} withAsterisk autoComplete="off" {...form.getInputProps('clientId')} />
          <FieldNotes notes={notes.clientId} />
        </div>
        <Choice
          label={labels.authenticationType}
          choices={AUTHENTICATION_TYPES}
          value={type}
          onChange={(value) => form.setFieldValue('authenticationType', value)}
          {...(type === 'PRIVATE_KEY' ? { description: texts.help.privateKey } : {})}
        />
        {type === 'CLIENT_SECRET' && (
          <div>
            <PasswordInput
              label={labels.clientSecret}
              description={hasSecret ? texts.help.clientSecretKept : texts.help.clientSecret}
              withAsterisk={!hasSecret}
              autoComplete="new-password"
              {...form.getInputProps('clientSecret')}
            />
            <FieldNotes notes={notes.clientSecret} />
          </div>
        )}
      </Stack>
    </Panel>
  );
}

export function ProtocolSection({ form, notes }: SectionProps) {
  return (
    <Panel title={texts.sections.protocol}>
      <Stack gap="md" maw={720}>
        <div>
          <TextInput
            label={labels.issuer}
            description={texts.help.issuer}
            withAsterisk
            inputMode="url"
            {...form.getInputProps('issuer')}
          />
          <FieldNotes notes={notes.issuer} />
        </div>
        <TextInput
          label={labels.authorizationEndpoint}
          withAsterisk
          inputMode="url"
          {...form.getInputProps('authorizationEndpoint')}
        />
        <TextInput label={labels.tokenEndpoint} withAsterisk inputMode="url" {...form.getInputProps('tokenEndpoint')} />
        <TextInput label={labels.jwksEndpoint} withAsterisk inputMode="url" {...form.getInputProps('jwksEndpoint')} />
        <div>
          <TextInput
            label={labels.userInfoEndpoint}
            description={texts.help.userInfo}
            inputMode="url"
            {...form.getInputProps('userInfoEndpoint')}
          />
          <FieldNotes notes={notes.userInfoEndpoint} />
        </div>
        <div>
          <Checkbox
            label={labels.requirePkce}
            description={texts.help.pkce}
            {...form.getInputProps('requirePkce', { type: 'checkbox' })}
          />
          <FieldNotes notes={notes.requirePkce} />
        </div>
      </Stack>
    </Panel>
  );
}
