/** The fields of whom and which devices a rule is for. */
import { MultiSelect, Select, TextInput } from '@mantine/core';
import { Choice } from '../interface/form/choice.tsx';
import { ListField } from '../interface/form/list-field.tsx';
import type { ScreenForm } from '../interface/form/screen-form.ts';
import { labels } from '../labels.ts';
import { USER_PROFILE, useProfileSchema } from '../profile-editor/api.ts';
import { texts } from './texts.ts';
import type { RuleValues } from './values.ts';

interface Fields {
  form: ScreenForm<RuleValues>['form'];
}

export function DeviceFields({ form }: Fields) {
  const { devices } = form.values;
  return (
    <>
      <Choice
        label={labels.devicePlatform}
        choices={offered(texts.devices, devices)}
        value={devices}
        onChange={(value) => form.setFieldValue('devices', value)}
      />
      {devices === 'SOME' && (
        <MultiSelect
          label={texts.whichDevices}
          withAsterisk
          data={Object.entries(texts.platforms).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps('platforms')}
        />
      )}
    </>
  );
}

export function PersonFields({ form }: Fields) {
  const { person, domains } = form.values;
  return (
    <>
      <Choice
        label={labels.userMatches}
        {...(person === 'ANYTHING' ? {} : { description: texts.personHelp })}
        choices={offered(texts.people, person)}
        value={person}
        onChange={(value) => form.setFieldValue('person', value)}
      />
      {person === 'REGEX' && (
        <TextInput
          label={texts.regex}
          description={texts.regexHelp}
          withAsterisk
          spellCheck={false}
          {...form.getInputProps('regex')}
        />
      )}
      {person === 'DOMAINS' && (
        <ListField
          label={texts.domains}
          placeholder="example.com"
          value={domains}
          onChange={(value) => form.setFieldValue('domains', value)}
          error={form.errors.domains}
        />
      )}
      {person === 'ATTRIBUTE' && <AttributeFields form={form} />}
    </>
  );
}

function AttributeFields({ form }: Fields) {
  const { data } = useProfileSchema(USER_PROFILE);
  const { base, custom } = data?.value.definitions ?? {};
  const attributes = Object.entries({ ...custom?.properties, ...base?.properties });
  return (
    <>
      <Select
        label={texts.attribute}
        withAsterisk
        searchable
        data={attributes.map(([value, { title }]) => ({ value, label: title ?? value }))}
        {...form.getInputProps('attribute')}
        value={form.values.attribute === '' ? null : form.values.attribute}
      />
      <Select
        label={texts.comparison}
        allowDeselect={false}
        data={Object.entries(texts.comparisons).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps('attributeMatch')}
      />
      <TextInput
        label={texts.attributeValue}
        description={texts.attributeValueHelp}
        withAsterisk
        {...form.getInputProps('attributeValue')}
      />
    </>
  );
}

/** What only the API can set is a choice while the rule has it. */
export function offered<T extends string>(words: Record<string, string>, now: T): Record<T, string> {
  const { KEPT, ...choices } = words;
  return (now === 'KEPT' ? { ...choices, KEPT } : choices) as Record<T, string>;
}
