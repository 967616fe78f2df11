/** Authentication Settings (who is who) and JIT Settings (who is created and updated). */
import { Checkbox, MultiSelect, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TrustEmail } from '../../contract.ts';
import { useGroupChoices } from '../../groups/api.ts';
import { Choice } from '../../interface/form/choice.tsx';
import { Panel } from '../../interface/page.tsx';
import { labels } from '../../labels.ts';
import { USER_PROFILE, useProfileSchema } from '../../profile-editor/api.ts';
import { texts } from '../texts.ts';
import { FieldNotes } from './field-notes.tsx';
import type { SectionProps } from './provider-form.tsx';
import { TrustDetails } from './trust-details.tsx';
import { WORDS } from './values.ts';

export function AuthenticationSection({ form, notes, saml = false }: SectionProps & { saml?: boolean }) {
  const [stored] = useState(form.values.trustEmail);
  const schema = useProfileSchema(USER_PROFILE);
  const groups = useGroupChoices();
  const definitions = schema.data?.value.definitions;
  const attributes = Object.entries({ ...definitions?.custom.properties, ...definitions?.base.properties })
    .filter(([, property]) => ['string', 'integer', 'number'].includes(property.type) && property.format === undefined)
    .map(([name]) => name);
  return (
    <Panel title={texts.sections.authentication}>
      <Stack gap="md" maw={720}>
        <TextInput
          label={labels.idpUsername}
          description={texts.help.idpUsername(saml ? 'attributes' : 'claims')}
          withAsterisk
          classNames={{ input: 'code' }}
          {...form.getInputProps('usernameTemplate')}
        />
        <TextInput
          label={labels.filter}
          description={texts.help.filter}
          placeholder="(\S+@example\.com)"
          classNames={{ input: 'code' }}
          {...form.getInputProps('filter')}
        />
        <Select
          label={labels.matchAgainst}
          data={Object.entries(WORDS.choices?.matchType ?? {}).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          {...form.getInputProps('matchType')}
        />
        {form.values.matchType === 'CUSTOM_ATTRIBUTE' && (
          <Select
            label={labels.matchAttribute}
            description={texts.help.matchAttribute}
            data={attributes}
            searchable
            withAsterisk
            {...form.getInputProps('matchAttribute')}
          />
        )}
        <Choice
          label={labels.accountLinkPolicy}
          description={texts.help.linkPolicy}
          choices={{ AUTO: labels.automatic, DISABLED: labels.disabled }}
          value={form.values.linkPolicy}
          onChange={(value) => form.setFieldValue('linkPolicy', value)}
        />
        {form.values.linkPolicy === 'AUTO' && (
          <>
            <MultiSelect
              label={labels.autoLinkRestrictions}
              description={texts.help.linkGroups}
              placeholder={form.values.linkGroups.length === 0 ? texts.none : ''}
              data={(groups.data ?? []).map((group) => ({ value: group.id, label: group.profile.name }))}
              searchable
              {...form.getInputProps('linkGroups')}
            />
            <div>
              <Checkbox
                label={texts.help.excludeAdmins}
                {...form.getInputProps('excludeAdmins', { type: 'checkbox' })}
              />
              <FieldNotes notes={notes.excludeAdmins} />
            </div>
          </>
        )}
        <Choice
          label={texts.trustEmail}
          description={texts.help.trustEmail}
          choices={saml ? samlTrust(stored) : texts.trustChoices}
          value={form.values.trustEmail}
          onChange={(value) => form.setFieldValue('trustEmail', value)}
        />
        <TrustDetails form={form} notes={notes} saml={saml} />
      </Stack>
    </Panel>
  );
}

/** SAML knows no word on whether an address is verified: what asks for one is there only where it was stored. */
function samlTrust(stored: TrustEmail): typeof texts.trustChoices {
  const { PROVIDER, DOMAINS } = texts.trustChoices;
  const choices: Partial<typeof texts.trustChoices> = { PROVIDER, DOMAINS, [stored]: texts.trustChoices[stored] };
  return choices as typeof texts.trustChoices;
}

export function JitSection({ form }: SectionProps) {
  const groups = useGroupChoices();
  return (
    <Panel title={texts.sections.jit}>
      <Stack gap="md" maw={720}>
        <Choice
          label={labels.noMatch}
          description={texts.help.noMatch}
          choices={{ AUTO: labels.createNewUser, DISABLED: labels.redirectToSignIn }}
          value={form.values.noMatch}
          onChange={(value) => form.setFieldValue('noMatch', value)}
        />
        <Checkbox.Group
          label={labels.profileSource}
          value={form.values.updateExisting ? ['on'] : []}
          onChange={(value) => form.setFieldValue('updateExisting', value.includes('on'))}
        >
          <Checkbox mt={4} value="on" label={labels.updateExistingUsers} />
        </Checkbox.Group>
        <MultiSelect
          label={texts.groupAssignments}
          description={texts.help.groups}
          placeholder={form.values.assignGroups.length === 0 ? texts.none : ''}
          data={(groups.data ?? [])
            .filter((group) => group.type === 'OKTA_GROUP')
            .map((group) => ({ value: group.id, label: group.profile.name }))}
          searchable
          {...form.getInputProps('assignGroups')}
        />
      </Stack>
    </Panel>
  );
}
