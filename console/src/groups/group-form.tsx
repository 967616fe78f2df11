/** Name and description of a group, in a dialog. */
import { Modal, Stack, Textarea, TextInput } from '@mantine/core';
import type { Group } from '../contract.ts';
import { changesOf } from '../interface/form/changes.ts';
import { check, missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { labels } from '../labels.ts';
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
      <GroupForm {...props} />
    </Modal>
  );
}

type GroupValues = { name: string; description: string };

function GroupForm({ existing, onClose }: GroupDialogProps) {
  const add = useAddGroup();
  const save = useSaveGroup(existing?.id ?? '');
  const initial = { name: existing?.profile.name ?? '', description: existing?.profile.description ?? '' };
  const screen = useScreenForm<GroupValues>({
    draft: `group.${existing?.id ?? 'new'}`,
    initial,
    validate: (values) => check(['name', missing(values.name, texts.name)]),
  });
  const { form } = screen;
  const submit = (values: GroupValues) => {
    const profile = { ...existing?.profile, name: values.name.trim(), description: values.description.trim() };
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
            changes: changesOf(initial, form.values, { labels: { name: texts.name, description: texts.description } }),
          })}
    >
      <Stack gap="md">
        <TextInput label={texts.name} withAsterisk data-autofocus {...form.getInputProps('name')} />
        <Textarea label={texts.description} autosize minRows={2} {...form.getInputProps('description')} />
      </Stack>
    </FormFrame>
  );
}
