/** A person's attributes as a form, drawn from the profile's schema. */
import { SimpleGrid } from '@mantine/core';
import type { Versioned } from '../api/hooks.ts';
import type { Profile, ProfileSchema, SchemaProperty, User, ValueOrigin } from '../contract.ts';
import { changesOf } from '../interface/form/changes.ts';
import { missing } from '../interface/form/checks.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { Panel } from '../interface/page.tsx';
import { texts as shared } from '../texts/index.ts';
import { useProvenanceOf, useSaveProfile } from './api.ts';
import { AttributeField, emptyOf } from './attribute-field.tsx';
import { texts } from './texts.ts';

interface ProfileFormProps {
  read: Versioned<User>;
  schema: ProfileSchema;
}

export function ProfileForm({ read, schema }: ProfileFormProps) {
  const save = useSaveProfile(read.value.id);
  const mastered = masteredBy(useProvenanceOf(read.value.id).data?.attributes ?? []);
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
                    {...(mastered.has(name) ? { source: mastered.get(name)! } : {})}
                  />
                ))}
              </SimpleGrid>
            </Panel>
          ))}
      </div>
    </FormFrame>
  );
}

/** The sources of attributes that cannot be changed here. */
function masteredBy(origins: ValueOrigin[]): Map<string, string> {
  return new Map(origins.filter(({ writable }) => !writable).map(({ attribute, source }) => [attribute, source.name]));
}

/** What each kind of field can show: no value is an empty text, an empty list, an unticked box. */
function valuesOf(profile: Profile, properties: Record<string, SchemaProperty>): Profile {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, profile[name] ?? emptyOf(property)]),
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
