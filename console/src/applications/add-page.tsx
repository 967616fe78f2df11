/** Create App Integration: the kind of application, its addresses, and who may use it. */
import { Group, MultiSelect, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { tellRefusal } from '../api/notices.tsx';
import type { ApplicationType } from '../contract.ts';
import { useGroupChoices } from '../groups/api.ts';
import { Choice } from '../interface/form/choice.tsx';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { PageHeader, Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import classes from './add-page.module.css';
import { useCreateApplication } from './api.ts';
import { CredentialFields, GeneralFields, LoginFields } from './form/fields.tsx';
import { type ApplicationValues, emptyOf, toWire, validate, WIRE_NAMES } from './form/values.ts';
import { texts } from './texts.ts';

type Access = 'EVERYONE' | 'GROUPS' | 'SKIP';

export function AddApplicationPage() {
  const navigate = useNavigate();
  const create = useCreateApplication();
  const groups = useGroupChoices();
  const [access, setAccess] = useState<Access>('EVERYONE');
  const [chosen, setChosen] = useState<string[]>([]);
  const [choiceError, setChoiceError] = useState<string | null>(null);
  const screen = useScreenForm<ApplicationValues>({
    draft: 'application.new',
    initial: emptyOf('web'),
    validate,
    wireNames: WIRE_NAMES,
  });
  const { form } = screen;
  const everyone = (groups.data ?? []).filter((group) => group.type === 'BUILT_IN').map((group) => group.id);
  const service = form.values.type === 'service';
  const groupIds = service ? [] : { EVERYONE: everyone, GROUPS: chosen, SKIP: [] }[access];
  return (
    <>
      <PageHeader
        title={texts.add.title}
        sentence={texts.add.sentence}
        back={{ to: '/applications', label: texts.back }}
      />
      <FormFrame
        screen={screen}
        submit={labels.createAppIntegration}
        pending={create.isPending || groups.isPending}
        error={create.error ?? groups.error}
        onCancel={() => void navigate({ to: '/applications' })}
        onSubmit={(values) => {
          if (!service && access === 'GROUPS' && chosen.length === 0) return setChoiceError(texts.assign.groupsMissing);
          create.mutate(
            { input: toWire(values), groupIds },
            {
              onSuccess: ({ application, failed }) => {
                screen.saved();
                if (failed !== null) tellRefusal('assign-new-application', failed, texts.notAssigned);
                void navigate({ to: '/applications/$id', params: { id: application.id } });
              },
              onError: screen.refused,
            },
          );
        }}
      >
        <div>
          <TypeChoice
            value={form.values.type}
            onChange={(type) =>
              form.setValues({
                ...emptyOf(type),
                label: form.values.label,
                redirectUris: form.values.redirectUris,
                logoutUris: form.values.logoutUris,
              })
            }
          />
          <GeneralFields form={form} />
          <LoginFields form={form} />
          <CredentialFields form={form} />
          {!service && (
            <Panel title={texts.sections.assignments}>
              <Stack gap="md" maw={720}>
                <Choice
                  label={texts.assign.label}
                  choices={{ EVERYONE: texts.assign.EVERYONE, GROUPS: texts.assign.GROUPS, SKIP: texts.assign.SKIP }}
                  value={access}
                  onChange={setAccess}
                />
                {access === 'GROUPS' && (
                  <MultiSelect
                    label={texts.assign.groups}
                    withAsterisk
                    searchable
                    data={(groups.data ?? []).map((group) => ({ value: group.id, label: group.profile.name }))}
                    value={chosen}
                    error={choiceError}
                    onChange={(value) => {
                      setChosen(value);
                      setChoiceError(null);
                    }}
                  />
                )}
              </Stack>
            </Panel>
          )}
        </div>
      </FormFrame>
    </>
  );
}

function TypeChoice({ value, onChange }: { value: ApplicationType; onChange: (value: ApplicationType) => void }) {
  return (
    <Panel title={texts.sections.type}>
      <Radio.Group
        aria-label={texts.sections.type}
        value={value}
        onChange={(next) => onChange(next as ApplicationType)}
      >
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
          {(Object.keys(texts.types) as ApplicationType[]).map((type) => (
            <Radio.Card key={type} value={type} p="md" className={classes.type}>
              <Group wrap="nowrap" align="flex-start" gap="sm">
                <Radio.Indicator />
                <div>
                  <Text fw={600}>{texts.types[type]}</Text>
                  <Text size="sm" c="dimmed">
                    {texts.typeHelp[type]}
                  </Text>
                </div>
              </Group>
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
    </Panel>
  );
}
