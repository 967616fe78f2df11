/** The rows of a mapping as a form. They are saved together, after one question. */
import { Group, Select, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { Versioned } from '../../api/hooks.ts';
import type { IdentityProvider, ProfileMapping, ProfileSchema } from '../../contract.ts';
import { confirm } from '../../interface/confirm.tsx';
import type { Change } from '../../interface/form/changes.ts';
import { FormFrame } from '../../interface/form/form-frame.tsx';
import { useScreenForm } from '../../interface/form/screen-form.ts';
import { Panel } from '../../interface/page.tsx';
import { LatestJob } from '../../jobs/job-progress.tsx';
import { labels } from '../../labels.ts';
import { USER_PROFILE, useProfileSchema } from '../../profile-editor/api.ts';
import { texts as shared } from '../../texts/index.ts';
import { useApplyMapping, useSaveMapping } from '../api.ts';
import { texts } from '../texts.ts';
import { MappingPreview } from './mapping-preview.tsx';
import { MappingRows } from './mapping-rows.tsx';
import { differences, type MappingRow, rowsOf } from './rows.ts';

interface MappingFormProps {
  provider: IdentityProvider;
  read: Versioned<ProfileMapping>;
}

export function MappingForm({ provider, read }: MappingFormProps) {
  const save = useSaveMapping(read.value.id);
  const apply = useApplyMapping(read.value.id);
  const { profileMaster } = provider.policy.provisioning;
  const before = useMemo(() => rowsOf(read), [read]);
  const targets = attributesOf(useProfileSchema(USER_PROFILE).data?.value);
  const sources = attributesOf(useProfileSchema(provider.id).data?.value).map((name) => `appuser.${name}`);
  const screen = useScreenForm<{ rows: MappingRow[] }>({
    draft: `mapping.${read.value.id}`,
    initial: { rows: before },
    validate: ({ rows }) =>
      Object.fromEntries(
        rows.flatMap((row, index) =>
          row.expression.trim() === '' ? [[`rows.${index}.expression`, texts.mappings.missing]] : [],
        ),
      ),
  });
  const { rows } = screen.form.values;
  const push = profileMaster ? 'PUSH' : 'DONT_PUSH';
  const free = targets.filter((target) => !rows.some((row) => row.target === target));
  return (
    <FormFrame
      screen={screen}
      changes={changesBetween(before, rows)}
      submit={labels.saveMappings}
      pending={save.isPending}
      error={save.error}
      onSubmit={(values) =>
        confirm({
          title: texts.mappings.ask,
          sentence: profileMaster ? texts.mappings.consequence : texts.mappings.consequenceNoSource,
          action: labels.applyUpdatesNow,
          danger: false,
          onConfirm: () =>
            save.mutate(
              { value: { properties: differences(before, values.rows) }, etag: read.etag },
              {
                onSuccess: () => {
                  screen.saved();
                  if (profileMaster) apply.mutate();
                },
              },
            ),
        })
      }
    >
      <LatestJob kind="mappings.reapply" subjectId={read.value.id} />
      <Panel
        title={texts.detail.tabs.mappings}
        sentence={texts.mappings.sentence(provider.displayName || provider.name)}
      >
        <MappingRows form={screen.form} sources={sources} />
        <Group align="flex-end" mt="md">
          <Select
            label={texts.mappings.addTarget}
            placeholder={texts.mappings.target}
            w={{ base: '100%', sm: 320 }}
            searchable
            value={null}
            data={free}
            onChange={(target) => {
              if (target !== null) screen.form.insertListItem('rows', { target, expression: '', pushStatus: push });
            }}
          />
        </Group>
        {!['login', 'email'].every((name) => rows.some((row) => row.target === name)) && (
          <Text c="var(--warn)" size="sm" mt="sm">
            {texts.mappings.loginRequired}
          </Text>
        )}
      </Panel>
      <MappingPreview mappingId={read.value.id} draft={differences(before, rows)} />
    </FormFrame>
  );
}

function attributesOf(schema: ProfileSchema | undefined): string[] {
  if (schema === undefined) return [];
  return [...Object.keys(schema.definitions.base.properties), ...Object.keys(schema.definitions.custom.properties)];
}

function changesBetween(before: MappingRow[], after: MappingRow[]): Change[] {
  const words = (row: MappingRow | undefined) =>
    row === undefined
      ? shared.form.empty
      : `${row.expression || shared.form.empty} · ${texts.mappings.pushChoices[row.pushStatus]}`;
  return Object.keys(differences(before, after)).map((target) => ({
    field: target,
    label: target,
    before: words(before.find((row) => row.target === target)),
    after: words(after.find((row) => row.target === target)),
  }));
}
