/** One attribute of a profile as a field of a form, by its definition. */
import { Checkbox, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import type { ProfileValue, SchemaProperty } from '../contract.ts';
import classes from './attribute-field.module.css';
import { texts } from './texts.ts';

interface AttributeFieldProps {
  name: string;
  property: SchemaProperty;
  required: boolean;
  /** Of any form that has a field of the attribute's name. */
  form: { getInputProps: (name: string, options?: { type: 'checkbox' }) => object };
  /** The source whose value goes before what is entered here. */
  source?: string;
}

export function AttributeField({ name, property, required, form, source }: AttributeFieldProps) {
  const description = source === undefined ? property.description : texts.provenance.from(source);
  const common = {
    label: property.title,
    withAsterisk: required,
    ...(source === undefined ? {} : { readOnly: true, classNames: { input: classes.readOnly! } }),
    ...(description === undefined ? {} : { description }),
  };
  if (property.type === 'boolean') {
    return (
      <Checkbox
        mt={22}
        label={property.title}
        disabled={source !== undefined}
        {...(description === undefined ? {} : { description })}
        {...form.getInputProps(name, { type: 'checkbox' })}
      />
    );
  }
  if (property.type === 'array') return <TagsInput {...common} {...form.getInputProps(name)} />;
  if (property.type === 'number' || property.type === 'integer') {
    return <NumberInput {...common} allowDecimal={property.type === 'number'} {...form.getInputProps(name)} />;
  }
  if (property.enum !== undefined) {
    return (
      <Select {...common} clearable={source === undefined} data={choicesOf(property)} {...form.getInputProps(name)} />
    );
  }
  return <TextInput {...common} autoComplete="off" {...form.getInputProps(name)} />;
}

/** What a field shows where there is no value: an empty text, an empty list, an unticked box. */
export function emptyOf(property: SchemaProperty): ProfileValue {
  if (property.type === 'boolean') return false;
  return property.type === 'array' ? [] : '';
}

function choicesOf({ enum: values = [], oneOf = [] }: SchemaProperty) {
  return values.map((value) => ({
    value: String(value),
    label: oneOf.find((choice) => choice.const === value)?.title ?? String(value),
  }));
}
