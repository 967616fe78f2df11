/** The profile of a group in a dialog: name, description and custom attributes. */
import { Modal, Stack, Textarea, TextInput } from '@mantine/core';
import type { Group, Profile, ProfileSchema } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { changesOf } from '../interface/form/changes.ts';
import { check, missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { labels } from '../labels.ts';
import { AttributeField, emptyOf } from '../people/attribute-field.tsx';
import { GROUP_PROFILE, useProfileSchema } from '../profile-editor/api.ts';
import { texts as shared } from '../texts/index.ts';
import { useAddGroup, useSaveGroup } from './api.ts';
import { texts } from './texts.ts';

interface GroupDialogProps {
  existing?: Group;
  opened: boolean;
  onClose: (saved: Group | null) => void;
}

export function GroupDialog(props: GroupDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={() => props.onClose(null)}
      title={props.existing === undefined ? labels.addGroup : texts.edit}
      closeButtonProps={{ 'aria-label': shared.actions.close }}
    >
      <WithSchema {...props} />
    </Modal>
  );
}

type Custom = ProfileSchema['definitions']['custom'];

function WithSchema(props: GroupDialogProps) {
  const schema = useProfileSchema(GROUP_PROFILE);
  if (schema.isError) return <ErrorNotice error={schema.error} onRetry={() => void schema.refetch()} />;
  return schema.data === undefined ? null : <GroupForm {...props} attributes={schema.data.value.definitions.custom} />;
}

type GroupValues = { name: string; description: string; custom: Profile };

function GroupForm({ existing, onClose, attributes }: GroupDialogProps & { attributes: Custom }) {
  const add = useAddGroup();
  const save = useSaveGroup(existing?.id ?? '');
  const custom = Object.entries(attributes.properties);
  const required = new Set(attributes.required ?? []);
  const initial: GroupValues = {
    name: existing?.profile.name ?? '',
    description: existing?.profile.description ?? '',
    custom: Object.fromEntries(custom.map(([name, property]) => [name, existing?.profile[name] ?? emptyOf(property)])),
  };
  const screen = useScreenForm<GroupValues>({
    draft: `group.${existing?.id ?? 'new'}`,
    initial,
    validate: (values) =>
      check(
        ['name', missing(values.name, texts.name)],
        ...custom
          .filter(([name]) => required.has(name))
          .map(([name, property]): [string, string | null] => [
            `custom.${name}`,
            missing(String(values.custom[name] ?? ''), property.title ?? name),
          ]),
      ),
    wireNames: Object.fromEntries(custom.map(([name]) => [name, `custom.${name}` as 'custom'])),
  });
  const { form } = screen;
  const submit = (values: GroupValues) => {
    const filled = Object.entries(values.custom).filter(([, value]) => value !== '');
    const profile = {
      ...Object.fromEntries(filled),
      ...{ name: values.name.trim(), description: values.description.trim() },
    } as Group['profile'];
    const then = { onError: screen.refused };
    if (existing === undefined) {
      add.mutate(profile, { ...then, onSuccess: (group) => done(group) });
    } else {
      save.mutate(profile, { ...then, onSuccess: ({ body }) => done(body) });
    }
  };
  const done = (group: Group) => {
    screen.saved();
    onClose(group);
  };
  return (
    <FormFrame
      screen={screen}
      submit={existing === undefined ? labels.addGroup : shared.actions.save}
      pending={add.isPending || save.isPending}
      error={add.error ?? save.error}
      onSubmit={submit}
      onCancel={() => onClose(null)}
      {...(existing === undefined
        ? {}
        : {
            changes: changesOf(initial, form.values, {
              labels: { name: texts.name, description: texts.description, custom: texts.custom },
            }),
          })}
    >
      <Stack gap="md">
        <TextInput label={texts.name} withAsterisk data-autofocus {...form.getInputProps('name')} />
        <Textarea label={texts.description} autosize minRows={2} {...form.getInputProps('description')} />
        {custom.map(([name, property]) => (
          <AttributeField
            key={name}
            name={`custom.${name}`}
            property={property}
            required={required.has(name)}
            form={{ getInputProps: (path, options) => form.getInputProps(path as 'custom', options) }}
          />
        ))}
      </Stack>
    </FormFrame>
  );
}
