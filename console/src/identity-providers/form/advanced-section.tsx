/** What seldom needs a change: time, the shape of answers, protection against mixed-up providers. */
import { Button, Checkbox, Collapse, NumberInput, SimpleGrid, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { Choice } from '../../interface/form/choice.tsx';
import { Panel } from '../../interface/page.tsx';
import { texts } from '../texts.ts';
import { FieldNotes } from './field-notes.tsx';
import type { SectionProps } from './provider-form.tsx';

export function AdvancedSection({ form, notes }: SectionProps) {
  const [open, { toggle }] = useDisclosure(false);
  return (
    <>
      <div>
        <Button
          variant="default"
          onClick={toggle}
          aria-expanded={open}
          rightSection={open ? <IconChevronUp size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
        >
          {open ? texts.sections.hideAdvanced : texts.sections.showAdvanced}
        </Button>
      </div>
      <Collapse expanded={open}>
        <Panel title={texts.sections.advanced}>
          <Stack gap="md" maw={720}>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
              <NumberInput
                label={texts.clockSkew}
                description={texts.help.clockSkew}
                min={0}
                max={180}
                allowDecimal={false}
                {...form.getInputProps('clockSkewSeconds')}
              />
              <div>
                <NumberInput
                  label={texts.lifetime}
                  description={texts.help.lifetime}
                  min={1}
                  max={1440}
                  allowDecimal={false}
                  {...form.getInputProps('transactionMinutes')}
                />
                <FieldNotes notes={notes.transactionMinutes} />
              </div>
            </SimpleGrid>
            <Choice
              label={texts.help.parseUserInfo}
              choices={texts.parseChoices}
              value={form.values.parseUserInfo}
              onChange={(value) => form.setFieldValue('parseUserInfo', value)}
            />
            <Checkbox label={texts.help.iss} {...form.getInputProps('requireIssParameter', { type: 'checkbox' })} />
            <div>
              <Checkbox label={texts.help.perIdp} {...form.getInputProps('perIdpRedirectUri', { type: 'checkbox' })} />
              <FieldNotes notes={notes.perIdpRedirectUri} />
            </div>
          </Stack>
        </Panel>
      </Collapse>
    </>
  );
}
