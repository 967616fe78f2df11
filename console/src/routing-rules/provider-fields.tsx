/** The fields of where a rule leads, how that is offered, and whether it binds. */
import { Checkbox, Select, TextInput } from '@mantine/core';
import type { IdentityProvider } from '../contract.ts';
import { Choice } from '../interface/form/choice.tsx';
import type { ScreenForm } from '../interface/form/screen-form.ts';
import { labels } from '../labels.ts';
import { texts } from './texts.ts';
import { DYNAMIC, LOCAL, type RuleValues } from './values.ts';

interface ProviderFieldsProps {
  form: ScreenForm<RuleValues>['form'];
  providers: IdentityProvider[];
}

export function ProviderFields({ form, providers }: ProviderFieldsProps) {
  return (
    <>
      <Select
        label={labels.useThisProvider}
        {...(providers.length === 0 ? { description: texts.noProvider } : {})}
        withAsterisk
        data={[
          ...providers.map((provider) => ({ value: provider.id, label: provider.name })),
          { value: LOCAL, label: texts.local },
          { value: DYNAMIC, label: texts.dynamic },
        ]}
        {...form.getInputProps('provider')}
        value={form.values.provider === '' ? null : form.values.provider}
      />
      {form.values.provider === DYNAMIC && (
        <>
          <TextInput
            label={texts.expression}
            description={texts.expressionHelp}
            withAsterisk
            spellCheck={false}
            {...form.getInputProps('expression')}
          />
          <Checkbox label={texts.fallBack} {...form.getInputProps('fallBack', { type: 'checkbox' })} />
        </>
      )}
      {form.values.provider !== LOCAL && (
        <Choice
          label={texts.presentation}
          choices={texts.presentations}
          value={form.values.presentation}
          onChange={(value) => form.setFieldValue('presentation', value)}
        />
      )}
      <Checkbox
        label={texts.enforce}
        description={texts.enforceHelp}
        {...form.getInputProps('enforce', { type: 'checkbox' })}
      />
    </>
  );
}
