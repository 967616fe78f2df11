/** The fields of an application that adding and changing share. */
import { Checkbox, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { ListField } from '../../interface/form/list-field.tsx';
import type { ScreenForm } from '../../interface/form/screen-form.ts';
import { Panel } from '../../interface/page.tsx';
import { labels } from '../../labels.ts';
import { texts } from '../texts.ts';
import { type ApplicationValues, authenticationsOf } from './values.ts';

type Form = ScreenForm<ApplicationValues>['form'];

export function GeneralFields({ form }: { form: Form }) {
  const { type } = form.values;
  return (
    <Panel title={texts.sections.general}>
      <Stack gap="md" maw={720}>
        <TextInput label={labels.applicationLabel} withAsterisk {...form.getInputProps('label')} />
        {type !== 'service' && (
          <Checkbox.Group label={texts.grantTypes} description={texts.grantHelp} {...form.getInputProps('grants')}>
            <Stack gap={6} mt={4}>
              {Object.entries(texts.grants)
                .filter(([value]) => type === 'web' || value !== 'client_credentials')
                .map(([value, label]) => (
                  <Checkbox key={value} value={value} label={label} />
                ))}
            </Stack>
          </Checkbox.Group>
        )}
      </Stack>
    </Panel>
  );
}

export function LoginFields({ form }: { form: Form }) {
  if (form.values.type === 'service') return null;
  return (
    <Panel title={texts.sections.login}>
      <Stack gap="md" maw={720}>
        <ListField
          label={texts.redirectUris}
          description={texts.redirectHelp}
          placeholder="https://app.example.com/callback"
          value={form.values.redirectUris}
          onChange={(value) => form.setFieldValue('redirectUris', value)}
          error={form.errors.redirectUris}
        />
        <ListField
          label={texts.logoutUris}
          placeholder="https://app.example.com"
          value={form.values.logoutUris}
          onChange={(value) => form.setFieldValue('logoutUris', value)}
          error={form.errors.logoutUris}
        />
        <TextInput
          label={texts.initiateLogin}
          description={texts.initiateHelp}
          inputMode="url"
          {...form.getInputProps('initiateLogin')}
        />
      </Stack>
    </Panel>
  );
}

export function CredentialFields({ form }: { form: Form }) {
  const { authentication, type } = form.values;
  return (
    <Panel title={texts.sections.client}>
      <Stack gap="md" maw={720}>
        <Radio.Group
          label={texts.authentication}
          {...form.getInputProps('authentication')}
          onChange={(value) => {
            form.setFieldValue('authentication', value as ApplicationValues['authentication']);
            if (value === 'none') form.setFieldValue('pkce', true);
          }}
        >
          <Stack gap={6} mt={4}>
            {authenticationsOf(type, authentication).map((value) => (
              <Radio key={value} value={value} label={texts.authentications[value]} />
            ))}
          </Stack>
        </Radio.Group>
        {authentication === 'private_key_jwt' && (
          <Textarea
            label={texts.keys}
            description={texts.keysHelp}
            withAsterisk
            autosize
            minRows={4}
            maxRows={14}
            classNames={{ input: 'code' }}
            {...form.getInputProps('keys')}
          />
        )}
        <Group gap="xl">
          {authentication !== 'none' && type !== 'service' && (
            <Checkbox label={texts.pkce} {...form.getInputProps('pkce', { type: 'checkbox' })} />
          )}
          {authentication.startsWith('client_secret') && (
            <Checkbox
              label={texts.secret.shownAgain}
              {...form.getInputProps('secretShownAgain', { type: 'checkbox' })}
            />
          )}
        </Group>
      </Stack>
    </Panel>
  );
}
