/** Creating a token: its name, then its value, once. */
import { Button, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import type { ApiToken } from '../contract.ts';
import { CopyField } from '../interface/copy-field.tsx';
import { Choice } from '../interface/form/choice.tsx';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../interface/form/screen-form.ts';
import { labels } from '../labels.ts';
import { useZoneChoices } from '../network-zones/api.ts';
import { texts as shared } from '../texts/index.ts';
import { useCreateToken, useSaveToken } from './api.ts';
import { texts } from './texts.ts';
import { EMPTY, fromWire, type TokenValues, toWire, validate, WIRE_NAMES } from './values.ts';

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

export function EditTokenDialog({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const save = useSaveToken(token.id);
  const screen = useScreenForm<TokenValues>({
    draft: `api-token.${token.id}`,
    initial: fromWire(token),
    validate,
    wireNames: WIRE_NAMES,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.editTitle(token.name)}
      closeButtonProps={{ 'aria-label': shared.actions.close }}
    >
      <FormFrame
        screen={screen}
        submit={shared.actions.save}
        pending={save.isPending}
        error={save.error}
        onCancel={onClose}
        onSubmit={(values) =>
          save.mutate(toWire(values, token), {
            onSuccess: () => {
              screen.saved();
              onClose();
            },
            onError: screen.refused,
          })
        }
      >
        <TokenFields form={screen.form} />
      </FormFrame>
    </Modal>
  );
}

function TokenForm({ create, onCancel }: { create: ReturnType<typeof useCreateToken>; onCancel: () => void }) {
  const screen = useScreenForm<TokenValues>({
    draft: 'api-token.new',
    initial: EMPTY,
    validate,
    wireNames: WIRE_NAMES,
  });
  return (
    <FormFrame
      screen={screen}
      submit={labels.createToken}
      pending={create.isPending}
      error={create.error}
      onCancel={onCancel}
      onSubmit={(values) => create.mutate(toWire(values), { onSuccess: screen.saved, onError: screen.refused })}
    >
      <TokenFields form={screen.form} />
    </FormFrame>
  );
}

function TokenFields({ form }: { form: ScreenForm<TokenValues>['form'] }) {
  const zones = useZoneChoices();
  return (
    <Stack gap="md">
      <TextInput
        label={texts.name}
        description={texts.nameHelp}
        withAsterisk
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Choice
        label={texts.where}
        choices={texts.places}
        value={form.values.where}
        onChange={(value) => form.setFieldValue('where', value)}
      />
      {form.values.where !== 'ANYWHERE' && (
        <MultiSelect
          label={texts.zones}
          withAsterisk
          searchable
          data={(zones.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('zones')}
        />
      )}
    </Stack>
  );
}
