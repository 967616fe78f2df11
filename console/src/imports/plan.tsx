/** What an import is to do: the attribute of each column, and the choices beside them. */
import { Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Import, ImportOptions } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Choice } from '../interface/form/choice.tsx';
import { Panel } from '../interface/page.tsx';
import { useCheck } from './api.ts';
import { Columns } from './columns.tsx';
import { texts } from './texts.ts';

const { columns: words, options: choices } = texts;

export function Plan({ item }: { item: Import }) {
  const [targets, setTargets] = useState(item.columns.map(({ target }) => target));
  const [options, setOptions] = useState<ImportOptions>(item.options);
  const check = useCheck(item.id);
  const set = (at: number, target: string | null) =>
    setTargets(targets.map((old, index) => (index === at ? target : old === target ? null : old)));
  const login = targets.includes('login');
  return (
    <>
      <Panel title={words.title} sentence={words.sentence}>
        <Columns item={item} targets={targets} onChange={set} />
        {!login && (
          <Text c="var(--bad)" size="sm" mt="sm" role="alert">
            {words.loginMissing}
          </Text>
        )}
      </Panel>
      <Panel title={choices.title}>
        <Stack gap="md">
          <Options options={options} onChange={(change) => setOptions({ ...options, ...change })} />
          {check.error !== null && <ErrorNotice error={check.error} title={texts.refused} />}
          <Group gap="sm">
            <Button disabled={!login} loading={check.isPending} onClick={() => check.mutate({ options, targets })}>
              {item.status === 'UPLOADED' ? texts.preview : texts.previewAgain}
            </Button>
            <Text size="sm" c="dimmed">
              {texts.previewHelp}
            </Text>
          </Group>
        </Stack>
      </Panel>
    </>
  );
}

interface OptionsProps {
  options: ImportOptions;
  onChange: (change: Partial<ImportOptions>) => void;
}

function Options({ options, onChange }: OptionsProps) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
        <Choice
          label={choices.existing}
          value={options.existing}
          choices={{ UPDATE: choices.update, SKIP: choices.skip }}
          onChange={(existing) => onChange({ existing })}
        />
        <Choice
          label={choices.emptyCells}
          value={options.emptyCells}
          choices={{ KEEP: choices.keep, CLEAR: choices.clear }}
          onChange={(emptyCells) => onChange({ emptyCells })}
        />
        <Choice
          label={choices.unknownGroups}
          value={options.unknownGroups}
          choices={{ ERROR: choices.groupsError, CREATE: choices.groupsCreate }}
          onChange={(unknownGroups) => onChange({ unknownGroups })}
        />
        <Checkbox
          label={choices.activate}
          description={choices.activateHelp}
          checked={options.activate}
          onChange={(event) => onChange({ activate: event.currentTarget.checked })}
        />
      </SimpleGrid>
      <Text size="sm" c="dimmed">
        {choices.notes}
      </Text>
    </>
  );
}
