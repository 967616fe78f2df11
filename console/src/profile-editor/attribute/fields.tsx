/** The fields of the attribute form, by what they are about. */
import { Checkbox, Fieldset, Group, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { Choice } from '../../interface/form/choice.tsx';
import type { ScreenForm } from '../../interface/form/screen-form.ts';
import { labels } from '../../labels.ts';
import { texts } from '../texts.ts';
import { ChoicesField } from './choices-field.tsx';
import { SourcePriority } from './source-priority.tsx';
import type { AttributeValues, Permission, Whose } from './values.ts';

interface FieldsProps {
  form: ScreenForm<AttributeValues>['form'];
  whose: Whose;
  /** Type and name of an attribute stay what they are. */
  existing: boolean;
}

const textOf = (error: unknown) => (typeof error === 'string' ? { error } : {});

export function NameFields({ form, whose, existing }: FieldsProps) {
  return (
    <>
      <Select
        label={labels.dataType}
        data={Object.entries(texts.types).map(([value, label]) => ({ value, label }))}
        allowDeselect={false}
        disabled={existing}
        {...form.getInputProps('type')}
      />
      <TextInput label={labels.attributeDisplayName} withAsterisk {...form.getInputProps('title')} />
      <TextInput
        label={labels.variableName}
        description={texts.variableHelp}
        withAsterisk
        disabled={existing}
        classNames={{ input: 'code' }}
        {...form.getInputProps('name')}
      />
      {whose === 'provider' && (
        <TextInput
          label={labels.externalName}
          description={texts.externalHelp}
          withAsterisk
          classNames={{ input: 'code' }}
          {...form.getInputProps('externalName')}
        />
      )}
      <Textarea label={labels.description} autosize minRows={2} {...form.getInputProps('description')} />
    </>
  );
}

export function ValueFields({ form, whose }: FieldsProps) {
  const { type, enumerated } = form.values;
  return (
    <>
      {type !== 'boolean' && (
        <Stack gap="xs">
          <Checkbox label={texts.choices.switch} {...form.getInputProps('enumerated', { type: 'checkbox' })} />
          {enumerated && (
            <ChoicesField
              value={form.values.choices}
              onChange={(choices) => form.setFieldValue('choices', choices)}
              {...textOf(form.errors.choices)}
            />
          )}
        </Stack>
      )}
      {type === 'string' && (
        <Fieldset legend={texts.length} bg="transparent">
          <Group grow align="flex-start">
            <NumberInput label={texts.minLength} min={0} allowDecimal={false} {...form.getInputProps('minLength')} />
            <NumberInput label={texts.maxLength} min={1} allowDecimal={false} {...form.getInputProps('maxLength')} />
          </Group>
        </Fieldset>
      )}
      {whose !== 'provider' && <RequiredField form={form} />}
      {whose === 'user' && type !== 'boolean' && !type.startsWith('array') && (
        <Checkbox label={texts.unique_} {...form.getInputProps('unique', { type: 'checkbox' })} />
      )}
    </>
  );
}

export function RequiredField({ form }: Pick<FieldsProps, 'form'>) {
  return <Checkbox label={texts.required_} {...form.getInputProps('required', { type: 'checkbox' })} />;
}

export function RuleFields({ form }: Pick<FieldsProps, 'form'>) {
  return (
    <>
      <Choice<Permission>
        label={texts.permission.title}
        value={form.values.permission}
        choices={texts.permission.choices}
        onChange={(permission) => form.setFieldValue('permission', permission)}
      />
      <SourcePriority
        source={form.values.source}
        sources={form.values.sources}
        onChange={(change) => form.setValues(change)}
        {...textOf(form.errors.master)}
      />
    </>
  );
}
