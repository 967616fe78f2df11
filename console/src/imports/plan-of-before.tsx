/** What an import that is done was told to do. It stays as it is; the file can be imported again with other choices. */
import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Import } from '../contract.ts';
import { FixedField } from '../interface/form/fixed-field.tsx';
import { Panel } from '../interface/page.tsx';
import { Columns } from './columns.tsx';
import { Plan } from './plan.tsx';
import { texts } from './texts.ts';

const { columns: words, options: choices } = texts;

export function PlanOfBefore({ item }: { item: Import }) {
  const [anew, setAnew] = useState(false);
  if (anew) return <Plan item={item} />;
  const { existing, emptyCells, unknownGroups, activate } = item.options;
  return (
    <>
      <Panel title={words.title}>
        <Columns item={item} targets={item.columns.map(({ target }) => target)} />
      </Panel>
      <Panel title={choices.doneTitle}>
        <Stack gap="md">
          <FixedField label={choices.existing} value={existing === 'UPDATE' ? choices.update : choices.skip} />
          <FixedField label={choices.emptyCells} value={emptyCells === 'KEEP' ? choices.keep : choices.clear} />
          <FixedField
            label={choices.unknownGroups}
            value={unknownGroups === 'ERROR' ? choices.groupsError : choices.groupsCreate}
          />
          <FixedField label={choices.newPeople} value={activate ? choices.activated : choices.staged} />
        </Stack>
      </Panel>
      <Button variant="default" onClick={() => setAnew(true)}>
        {texts.anew}
      </Button>
    </>
  );
}
