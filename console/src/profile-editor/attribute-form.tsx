/** Adding an attribute to a profile, in a dialog. */
import { Checkbox, Group, Modal, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import type { AttributeType, SchemaProperty } from '../contract.ts';
import { check, missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { USER_PROFILE, useChangeAttributes } from './api.ts';
import { texts } from './texts.ts';

interface AttributeDialogProps {
  profileId: string;
  etag: string | null;
  /** Variable names that exist. */
  taken: string[];
  opened: boolean;
  onClose: () => void;
}

export function AttributeDialog(props: AttributeDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={texts.dialog}
      size="lg"
      closeButtonProps={{ 'aria-label': shared.actions.close }}
    >
      <AttributeForm {...props} />
    </Modal>
  );
}

type AttributeValues = {
  type: AttributeType;
  title: string;
  name: string;
  externalName: string;
  description: string;
  minLength: number | '';
  maxLength: number | '';
  required: boolean;
  unique: boolean;
};

const EMPTY: AttributeValues = {
  type: 'string',
  title: '',
  name: '',
  externalName: '',
  description: '',
  minLength: '',
  maxLength: '',
  required: false,
  unique: false,
};

const VARIABLE = /^[A-Za-z][A-Za-z0-9_]*$/;

function AttributeForm({ profileId, etag, taken, onClose }: AttributeDialogProps) {
  const save = useChangeAttributes(profileId);
  const ofUsers = profileId === USER_PROFILE;
  const screen = useScreenForm<AttributeValues>({
    draft: `attribute.${profileId}`,
    initial: EMPTY,
    validate: (values) =>
      check(
        ['title', missing(values.title, labels.attributeDisplayName)],
        ['name', missing(values.name, labels.variableName)],
        ['name', VARIABLE.test(values.name) ? null : texts.variableWrong],
        ['name', taken.includes(values.name) ? texts.variableTaken : null],
        ['externalName', ofUsers ? null : missing(values.externalName, labels.externalName)],
      ),
  });
  const { form } = screen;
  return (
    <FormFrame
      screen={screen}
      submit={labels.saveAttribute}
      pending={save.isPending}
      error={save.error}
      onCancel={onClose}
      onSubmit={(values) =>
        save.mutate(
          { properties: { [values.name]: toWire(values, ofUsers) }, etag },
          {
            onSuccess: () => {
              screen.saved();
              onClose();
            },
            onError: screen.refused,
          },
        )
      }
    >
      <Stack gap="md">
        <Select
          label={labels.dataType}
          data={Object.entries(texts.types).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          {...form.getInputProps('type')}
        />
        <TextInput label={labels.attributeDisplayName} withAsterisk {...form.getInputProps('title')} />
        <TextInput
          label={labels.variableName}
          description={texts.variableHelp}
          withAsterisk
          classNames={{ input: 'code' }}
          {...form.getInputProps('name')}
        />
        {!ofUsers && (
          <TextInput
            label={labels.externalName}
            description={texts.externalHelp}
            withAsterisk
            classNames={{ input: 'code' }}
            {...form.getInputProps('externalName')}
          />
        )}
        <Textarea label={labels.description} autosize minRows={2} {...form.getInputProps('description')} />
        {form.values.type === 'string' && (
          <Group grow>
            <NumberInput label={texts.minLength} min={0} allowDecimal={false} {...form.getInputProps('minLength')} />
            <NumberInput label={texts.maxLength} min={1} allowDecimal={false} {...form.getInputProps('maxLength')} />
          </Group>
        )}
        {ofUsers && (
          <>
            <Checkbox label={texts.required_} {...form.getInputProps('required', { type: 'checkbox' })} />
            {form.values.type !== 'boolean' && form.values.type !== 'array' && (
              <Checkbox label={texts.unique_} {...form.getInputProps('unique', { type: 'checkbox' })} />
            )}
          </>
        )}
      </Stack>
    </FormFrame>
  );
}

function toWire(values: AttributeValues, ofUsers: boolean): SchemaProperty {
  const text = values.type === 'string';
  return {
    title: values.title.trim(),
    type: values.type,
    ...(values.type === 'array' ? { items: { type: 'string' } } : {}),
    ...(values.description.trim() === '' ? {} : { description: values.description.trim() }),
    ...(ofUsers ? {} : { externalName: values.externalName.trim() }),
    ...(text && values.minLength !== '' ? { minLength: values.minLength } : {}),
    ...(text && values.maxLength !== '' ? { maxLength: values.maxLength } : {}),
    ...(values.required ? { required: true } : {}),
    ...(values.unique ? { unique: 'UNIQUE_VALIDATED' } : {}),
    scope: 'NONE',
  };
}
