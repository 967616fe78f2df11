/** What a form would change: how much, and on demand each value as it is and as it would be. */
import { Collapse, Table, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { texts } from '../../texts/index.ts';
import { useNarrow } from '../table/narrow.ts';
import type { Change } from './changes.ts';
import classes from './form-frame.module.css';

export function ChangeSummary({ changes }: { changes: Change[] }) {
  const [open, { toggle }] = useDisclosure(false);
  const narrow = useNarrow();
  const count = texts.form.changes(changes.length);
  return (
    <div className={classes.changes}>
      <UnstyledButton onClick={toggle} aria-expanded={open} className={classes.toggle}>
        <IconChevronDown size={16} aria-hidden className={open ? classes.turned : classes.arrow} />
        {narrow ? count : `${count}: ${changes.map((change) => change.label).join(', ')}`}
      </UnstyledButton>
      <Collapse expanded={open}>
        <Table aria-label={texts.form.changesTitle} verticalSpacing={4} mt="xs">
          <Table.Tbody>
            {changes.map((change) => (
              <Table.Tr key={change.field}>
                <Table.Th scope="row">{change.label}</Table.Th>
                <Table.Td>
                  <del>{change.before}</del>
                </Table.Td>
                <Table.Td>
                  <ins>{change.after}</ins>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Collapse>
    </div>
  );
}
