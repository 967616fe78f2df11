/** The fields of a routing rule: when it fits, whom it names, how that is offered. */
import { Button, MultiSelect, Stack, TextInput } from '@mantine/core';
import type { IdentityProvider, NetworkZone, RoutingRule } from '../contract.ts';
import { changesOf } from '../interface/form/changes.ts';
import { Choice } from '../interface/form/choice.tsx';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../interface/form/screen-form.ts';
import { Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { useZoneChoices } from '../network-zones/api.ts';
import { texts as shared } from '../texts/index.ts';
import { useApplicationChoices } from './api.ts';
import { DeviceFields, offered, PersonFields } from './condition-fields.tsx';
import { ProviderFields } from './provider-fields.tsx';
import { texts } from './texts.ts';
import { ALL_ZONES, EMPTY, fromWire, type RuleValues, validate, WORDS, wantsZones } from './values.ts';

interface RuleFormProps {
  existing?: RoutingRule;
  providers: IdentityProvider[];
  pending: boolean;
  error: unknown;
  onSubmit: (values: RuleValues, activate: boolean, screen: ScreenForm<RuleValues>) => void;
  onCancel: () => void;
}

export function RuleForm({ existing, providers, pending, error, onSubmit, onCancel }: RuleFormProps) {
  const applications = useApplicationChoices();
  const zones = useZoneChoices();
  const screen = useScreenForm<RuleValues>({
    draft: `routing-rule.${existing?.id ?? 'new'}`,
    initial: existing === undefined ? EMPTY : fromWire(existing),
    validate,
    wireNames: {
      providers: 'provider',
      matchCriteria: 'expression',
      'conditions.network': 'zones',
      'conditions.platform': 'platforms',
      'conditions.userIdentifier': 'attributeValue',
    },
  });
  const { form } = screen;
  const isNew = existing === undefined;
  return (
    <FormFrame
      screen={screen}
      submit={isNew ? labels.createRuleAndActivate : shared.actions.save}
      pending={pending}
      error={error}
      onCancel={onCancel}
      onSubmit={(values) => onSubmit(values, true, screen)}
      {...(isNew ? {} : { changes: changesOf(fromWire(existing), form.values, WORDS) })}
      {...(isNew
        ? {
            buttons: (
              <Button
                variant="default"
                disabled={pending}
                onClick={() => form.onSubmit((values) => onSubmit(values, false, screen))()}
              >
                {labels.createRule}
              </Button>
            ),
          }
        : {})}
    >
      <Panel>
        <Stack gap="md" maw={640}>
          <TextInput label={labels.name} description={texts.name} withAsterisk {...form.getInputProps('name')} />
          <Choice
            label={labels.userIp}
            choices={offered(texts.networks, form.values.network)}
            value={form.values.network}
            onChange={(value) => form.setFieldValue('network', value)}
          />
          {wantsZones(form.values) && (
            <MultiSelect
              label={texts.whichZones}
              withAsterisk
              searchable
              data={zoneChoices(zones.data ?? [])}
              {...form.getInputProps('zones')}
            />
          )}
          <DeviceFields form={form} />
          <Choice
            label={labels.userAccessing}
            choices={offered(texts.scopes, form.values.scope)}
            value={form.values.scope}
            onChange={(value) => form.setFieldValue('scope', value)}
          />
          {form.values.scope === 'SOME' && (
            <MultiSelect
              label={texts.whichApplications}
              withAsterisk
              searchable
              data={(applications.data ?? []).map((application) => ({
                value: application.id,
                label: application.label,
              }))}
              {...form.getInputProps('applications')}
            />
          )}
          <PersonFields form={form} />
          <ProviderFields form={form} providers={providers} />
        </Stack>
      </Panel>
    </FormFrame>
  );
}

const zoneChoices = (zones: NetworkZone[]) => [
  { value: ALL_ZONES, label: texts.allZones },
  ...zones.map(({ id, name }) => ({ value: id, label: name })),
];
