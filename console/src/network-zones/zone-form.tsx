/** The fields of a network zone. A dynamic zone shows what it asks for, and says that it contains nobody. */
import { Alert, Checkbox, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { NetworkZone } from '../contract.ts';
import { changesOf } from '../interface/form/changes.ts';
import { FixedField } from '../interface/form/fixed-field.tsx';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../interface/form/screen-form.ts';
import { Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { inWords } from './locations.ts';
import { texts } from './texts.ts';
import { EMPTY, fromWire, validate, WORDS, type ZoneValues } from './values.ts';

interface ZoneFormProps {
  existing?: NetworkZone;
  pending: boolean;
  error: unknown;
  onSubmit: (values: ZoneValues, screen: ScreenForm<ZoneValues>) => void;
  onCancel: () => void;
}

export function ZoneForm({ existing, pending, error, onSubmit, onCancel }: ZoneFormProps) {
  const isIp = existing === undefined || existing.type === 'IP';
  const system = existing?.system ?? false;
  const screen = useScreenForm<ZoneValues>({
    draft: `network-zone.${existing?.id ?? 'new'}`,
    initial: existing === undefined ? EMPTY : fromWire(existing),
    validate: (values) => validate(values, isIp, system),
  });
  const { form } = screen;
  return (
    <FormFrame
      screen={screen}
      submit={shared.actions.save}
      pending={pending}
      error={error}
      onCancel={onCancel}
      onSubmit={(values) => onSubmit(values, screen)}
      {...(existing === undefined ? {} : { changes: changesOf(fromWire(existing), form.values, WORDS) })}
    >
      <Panel>
        <Stack gap="md" maw={640}>
          {system ? (
            <FixedField label={labels.zoneName} value={form.values.name} />
          ) : (
            <TextInput label={labels.zoneName} withAsterisk {...form.getInputProps('name')} />
          )}
          {isIp ? (
            <>
              <Textarea
                label={labels.gatewayIps}
                description={texts.addressHelp}
                autosize
                minRows={3}
                maxRows={16}
                {...form.getInputProps('gateways')}
              />
              {!form.values.block && (
                <Textarea
                  label={labels.trustedProxyIps}
                  description={texts.proxyHelp}
                  autosize
                  minRows={2}
                  maxRows={16}
                  {...form.getInputProps('proxies')}
                />
              )}
            </>
          ) : (
            <DynamicFacts zone={existing} />
          )}
          {system ? (
            <Text c="dimmed">{texts.usages[existing?.usage ?? 'POLICY']}</Text>
          ) : (
            <Checkbox
              label={labels.blockZone}
              description={isIp ? texts.blockHelp : texts.blockHelpDynamic}
              {...form.getInputProps('block', { type: 'checkbox' })}
            />
          )}
        </Stack>
      </Panel>
    </FormFrame>
  );
}

function DynamicFacts({ zone }: { zone: NetworkZone }) {
  const { locations, asns, proxyType, ipServiceCategories } = zone;
  const facts: [string, string][] = [
    [texts.dynamicFacts.locations, inWords(locations)],
    [texts.dynamicFacts.asns, inWords(asns)],
    [texts.dynamicFacts.proxyType, proxyType ?? ''],
    [texts.dynamicFacts.services, inWords(ipServiceCategories)],
  ];
  return (
    <>
      <Alert icon={<IconInfoCircle aria-hidden />} variant="outline" bg="var(--surface)">
        {texts.dynamic}
      </Alert>
      {facts.map(([label, value]) => value !== '' && <FixedField key={label} label={label} value={value} />)}
    </>
  );
}
