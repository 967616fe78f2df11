/** The choice of a table's columns. */
import { ActionIcon, Checkbox, Menu, Tooltip } from '@mantine/core';
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
  if (free.length === 0) return null;
  return (
    <Menu closeOnItemClick={false}>
      <Tooltip label={texts.actions.columns}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={texts.actions.columns} className={classes.columns}>
            <IconColumns3 size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
      </Tooltip>
      <Menu.Dropdown>
        {free.map((column) => (
          <Menu.Item
            key={column.key}
            role="menuitemcheckbox"
            aria-checked={choice.shows(column.key)}
            onClick={() => choice.toggle(column.key)}
            leftSection={<Checkbox.Indicator checked={choice.shows(column.key)} size="xs" aria-hidden />}
          >
            {column.header}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
