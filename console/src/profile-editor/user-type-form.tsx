/** A user type's names, in a dialog. */
import { Modal, Stack, Textarea, TextInput } from '@mantine/core';
import type { UserType } from '../contract.ts';
import { check, missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { texts as shared } from '../texts/index.ts';
import { useSaveUserType } from './api.ts';
import { texts } from './texts.ts';

interface UserTypeDialogProps {
  /** The one to change; null for a new one. */
  existing: UserType | null;
  opened: boolean;
  onClose: (saved: UserType | null) => void;
}

const words = texts.userType;

export function UserTypeDialog(props: UserTypeDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={() => props.onClose(null)}
      title={props.existing === null ? words.create : words.edit}
      closeButtonProps={{ 'aria-label': shared.actions.close }}
    >
      <UserTypeForm {...props} />
    </Modal>
  );
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

function UserTypeForm({ existing, onClose }: UserTypeDialogProps) {
  const save = useSaveUserType(existing?.id ?? null);
  const screen = useScreenForm({
    draft: `user-type.${existing?.id ?? 'new'}`,
    initial: {
      displayName: existing?.displayName ?? '',
      name: existing?.name ?? '',
      description: existing?.description ?? '',
    },
    validate: (values) =>
      check(
        ['displayName', missing(values.displayName, words.displayName)],
        ['name', missing(values.name, words.name)],
        ['name', NAME.test(values.name) ? null : words.nameWrong],
      ),
  });
  const { form } = screen;
  return (
    <FormFrame
      screen={screen}
      submit={existing === null ? words.create : shared.actions.save}
      pending={save.isPending}
      error={save.error}
      onCancel={() => onClose(null)}
      onSubmit={(values) =>
        save.mutate(values, {
          onSuccess: (type) => {
            screen.saved();
            onClose(type);
          },
          onError: screen.refused,
        })
      }
    >
      <Stack gap="md">
        <TextInput label={words.displayName} withAsterisk data-autofocus {...form.getInputProps('displayName')} />
        <TextInput
          label={words.name}
          description={words.nameHelp}
          withAsterisk
          disabled={existing !== null}
          classNames={{ input: 'code' }}
          {...form.getInputProps('name')}
        />
        <Textarea label={words.description} autosize minRows={2} {...form.getInputProps('description')} />
      </Stack>
    </FormFrame>
  );
}
