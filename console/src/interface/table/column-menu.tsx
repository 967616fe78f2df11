/** The choice of a table's columns. */
import { ActionIcon, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { texts } from '../../texts/index.ts';
import type { Choosable } from './column-choice.ts';
import classes from './data-table.module.css';

interface ColumnMenuProps {
  columns: (Choosable & { header: string })[];
  choice: { shows: (key: string) => boolean; toggle: (key: string) => void };
}

export function ColumnMenu({ columns, choice }: ColumnMenuProps) {
  const free = columns.filter((column) => !column.fixed);
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={texts.actions.columns}
          title={texts.actions.columns}
          className={classes.columns}
        >
          <IconColumns3 size={18} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.actions.columns}>
        <Stack gap="xs">
          {free.map((column) => (
            <Checkbox
              key={column.key}
              label={column.header}
              checked={choice.shows(column.key)}
              onChange={() => choice.toggle(column.key)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
