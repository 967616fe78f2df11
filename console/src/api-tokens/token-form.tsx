/** Creating a token: its name, then its value, once. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { CopyField } from '../interface/copy-field.tsx';
import { check, missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useCreateToken } from './api.ts';
import { texts } from './texts.ts';

interface TokenDialogProps {
  opened: boolean;
  onClose: () => void;
}

export function TokenDialog({ opened, onClose }: TokenDialogProps) {
  const create = useCreateToken();
  const close = () => {
    create.reset();
    onClose();
  };
  const made = create.data;
  return (
    <Modal
      opened={opened}
      onClose={close}
      closeOnClickOutside={made === undefined}
      title={made === undefined ? texts.dialog : texts.made}
      closeButtonProps={{ 'aria-label': shared.actions.close }}
    >
      {made === undefined ? (
        <TokenForm create={create} onCancel={close} />
      ) : (
        <Stack gap="md">
          <Text>{texts.madeSentence}</Text>
          <CopyField label={texts.token} value={made.value} />
          <Group justify="flex-end">
            <Button onClick={close}>{texts.done}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function TokenForm({ create, onCancel }: { create: ReturnType<typeof useCreateToken>; onCancel: () => void }) {
  const screen = useScreenForm<{ name: string }>({
    draft: 'api-token.new',
    initial: { name: '' },
    validate: (values) => check(['name', missing(values.name, texts.name)]),
  });
  return (
    <FormFrame
      screen={screen}
      submit={labels.createToken}
      pending={create.isPending}
      error={create.error}
      onCancel={onCancel}
      onSubmit={(values) => create.mutate(values.name.trim(), { onSuccess: screen.saved, onError: screen.refused })}
    >
      <TextInput
        label={texts.name}
        description={texts.nameHelp}
        withAsterisk
        data-autofocus
        {...screen.form.getInputProps('name')}
      />
    </FormFrame>
  );
}
