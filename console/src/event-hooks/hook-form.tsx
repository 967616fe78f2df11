/** The fields of an event hook, as guides call them. */
import { MultiSelect, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core';
import type { EventHook } from '../contract.ts';
import { changesOf } from '../interface/form/changes.ts';
import { FixedField } from '../interface/form/fixed-field.tsx';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../interface/form/screen-form.ts';
import { Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useEventTypes } from './api.ts';
import { texts } from './texts.ts';
import { EMPTY, fromWire, type HookValues, validate, WORDS } from './values.ts';

interface HookFormProps {
  existing?: EventHook;
  pending: boolean;
  error: unknown;
  onSubmit: (values: HookValues, screen: ScreenForm<HookValues>) => void;
  onCancel: () => void;
}

const WIRE_NAMES = {
  'channel.config.uri': 'uri',
  'channel.config.headers': 'headers',
  'channel.config.authScheme': 'authKey',
  'channel.config.authScheme.value': 'secret',
  'events.items': 'events',
} as const;

export function HookForm({ existing, pending, error, onSubmit, onCancel }: HookFormProps) {
  const types = useEventTypes();
  const screen = useScreenForm<HookValues>({
    draft: `event-hook.${existing?.id ?? 'new'}`,
    initial: existing === undefined ? EMPTY : fromWire(existing),
    validate,
    secrets: ['secret'],
    wireNames: WIRE_NAMES,
  });
  const { form } = screen;
  const keepsSecret = existing?.channel.config.authScheme != null;
  const filters = existing?.events.filter?.eventFilterMap ?? [];
  return (
    <FormFrame
      screen={screen}
      submit={existing === undefined ? labels.saveAndContinue : shared.actions.save}
      pending={pending}
      error={error}
      onCancel={onCancel}
      onSubmit={(values) => onSubmit(values, screen)}
      {...(existing === undefined ? {} : { changes: changesOf(fromWire(existing), form.values, WORDS) })}
    >
      <Panel>
        <Stack gap="md" maw={640}>
          <TextInput label={labels.name} withAsterisk {...form.getInputProps('name')} />
          <TextInput label={labels.endpointUrl} placeholder="https://" withAsterisk {...form.getInputProps('uri')} />
          <TextInput
            label={labels.authenticationField}
            description={texts.fieldHelp}
            {...form.getInputProps('authKey')}
          />
          <PasswordInput
            label={labels.authenticationSecret}
            description={keepsSecret ? texts.secretKept : texts.secretHelp}
            autoComplete="off"
            {...form.getInputProps('secret')}
          />
          <Textarea
            label={labels.customHeaderFields}
            description={texts.headersHelp}
            placeholder="X-Other: value"
            autosize
            minRows={2}
            maxRows={10}
            {...form.getInputProps('headers')}
          />
          <MultiSelect
            label={labels.subscribeToEvents}
            withAsterisk
            searchable
            data={(types.data ?? []).map(({ type, name }) => ({ value: type, label: name }))}
            {...form.getInputProps('events')}
          />
          {filters.length > 0 && (
            <FixedField
              label={texts.filters}
              value={filters.map(({ event, condition }) => texts.filter(event, condition.expression)).join('\n')}
            />
          )}
        </Stack>
      </Panel>
    </FormFrame>
  );
}
