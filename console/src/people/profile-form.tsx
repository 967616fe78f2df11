/** A person's attributes as a form, drawn from the profile's schema. */
import { Checkbox, NumberInput, Select, SimpleGrid, TagsInput, TextInput } from '@mantine/core';
import type { Versioned } from '../api/hooks.ts';
import type { Profile, ProfileSchema, ProfileValue, SchemaProperty, User } from '../contract.ts';
import { changesOf } from '../interface/form/changes.ts';
import { missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../interface/form/screen-form.ts';
import { Panel } from '../interface/page.tsx';
import { texts as shared } from '../texts/index.ts';
import { useSaveProfile } from './api.ts';
import { texts } from './texts.ts';

interface ProfileFormProps {
  read: Versioned<User>;
  schema: ProfileSchema;
}

export function ProfileForm({ read, schema }: ProfileFormProps) {
  const save = useSaveProfile(read.value.id);
  const { base, custom } = schema.definitions;
  const properties = { ...base.properties, ...custom.properties };
  const required = new Set([...(base.required ?? []), ...(custom.required ?? [])]);
  const initial = valuesOf(read.value.profile, properties);
  const screen = useScreenForm<Profile>({
    draft: `person.${read.value.id}`,
    initial,
    validate: (values) =>
      Object.fromEntries(
        [...required].flatMap((name) => {
          const sentence = missing(String(values[name] ?? ''), properties[name]?.title ?? name);
          return sentence === null ? [] : [[name, sentence]];
        }),
      ),
  });
  const words = {
    labels: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, property.title])),
  };
  const sections: [string, Record<string, SchemaProperty>][] = [
    [texts.profile.base, base.properties],
    [texts.profile.custom, custom.properties],
  ];
  return (
    <FormFrame
      screen={screen}
      changes={changesOf<Profile>(initial, screen.form.values, words)}
      submit={shared.actions.save}
      pending={save.isPending}
      error={save.error}
      onSubmit={(values) =>
        save.mutate(
          { value: changed(initial, values), etag: read.etag },
          { onSuccess: screen.saved, onError: screen.refused },
        )
      }
    >
      <div>
        {sections
          .filter(([, section]) => Object.keys(section).length > 0)
          .map(([title, section]) => (
            <Panel key={title} title={title}>
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
                {Object.entries(section).map(([name, property]) => (
                  <AttributeField
                    key={name}
                    name={name}
                    property={property}
                    required={required.has(name)}
                    form={screen.form}
                  />
                ))}
              </SimpleGrid>
            </Panel>
          ))}
      </div>
    </FormFrame>
  );
}

interface AttributeFieldProps {
  name: string;
  property: SchemaProperty;
  required: boolean;
  form: ScreenForm<Profile>['form'];
}

function AttributeField({ name, property, required, form }: AttributeFieldProps) {
  const common = {
    label: property.title,
    withAsterisk: required,
    ...(property.description === undefined ? {} : { description: property.description }),
  };
  if (property.type === 'boolean') {
    return <Checkbox mt={22} label={property.title} {...form.getInputProps(name, { type: 'checkbox' })} />;
  }
  if (property.type === 'array') return <TagsInput {...common} {...form.getInputProps(name)} />;
  if (property.type === 'number' || property.type === 'integer') {
    return <NumberInput {...common} allowDecimal={property.type === 'number'} {...form.getInputProps(name)} />;
  }
  if (property.enum !== undefined) {
    return <Select {...common} clearable data={property.enum.map(String)} {...form.getInputProps(name)} />;
  }
  return <TextInput {...common} autoComplete="off" {...form.getInputProps(name)} />;
}

/** What each kind of field can show: no value is an empty text, an empty list, an unticked box. */
function valuesOf(profile: Profile, properties: Record<string, SchemaProperty>): Profile {
  const empty = (property: SchemaProperty): ProfileValue => {
    if (property.type === 'boolean') return false;
    return property.type === 'array' ? [] : '';
  };
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, profile[name] ?? empty(property)]),
  );
}

/** Only what was changed is sent; a field that was emptied is sent as null. */
function changed(before: Profile, after: Profile): Profile {
  return Object.fromEntries(
    Object.entries(after)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
      .map(([name, value]) => [name, value === '' ? null : value]),
  );
}
