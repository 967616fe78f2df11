/** A list as a table: rows page by page from the server, chosen columns, a menu of actions per row. */
import { ActionIcon, Button, Group, Loader, Menu, Paper, Text, VisuallyHidden } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Pages, rowsOf } from '../../api/hooks.ts';
import { texts } from '../../texts/index.ts';
import { ErrorNotice } from '../error-notice.tsx';
import { type Choosable, useColumnChoice } from './column-choice.ts';
import { ColumnMenu } from './column-menu.tsx';
import classes from './data-table.module.css';
import { useNarrow } from './narrow.ts';
import { type RowColumn, RowsTable } from './rows-table.tsx';

export type Column<T> = Choosable & RowColumn<T>;

export interface RowAction<T> {
  label: string;
  onSelect: (row: T) => void;
  danger?: boolean;
  when?: (row: T) => boolean;
}

interface DataTableProps<T> {
  /** Names the table for assistive technology and for the kept choice of columns. */
  name: string;
  label: string;
  pages: Pages<T>;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  rowName: (row: T) => string;
  actions?: RowAction<T>[];
  filters?: ReactNode;
  /** Whether a filter is set: then "nothing matches" is said instead of `empty`. */
  filtered?: boolean;
  empty: ReactNode;
}

export function DataTable<T>(props: DataTableProps<T>) {
  const { name, label, pages, columns, rowKey, rowName, actions, filters, filtered = false, empty } = props;
  const choice = useColumnChoice(name, columns);
  const rows = rowsOf(pages);
  const narrow = useNarrow();
  // There is nothing to choose of a table that is not there, and on a phone the columns are few.
  const choosable = !narrow && (rows.length > 0 || pages.isPending) && columns.some((column) => !column.fixed);
  const shown = columns.filter((column) => column.fixed || choice.shows(column.key));
  return (
    <Paper withBorder className={classes.frame}>
      {(filters !== undefined || choosable) && (
        <div className={classes.filters}>
          <div className={classes.fields}>{filters}</div>
          {choosable && <ColumnMenu columns={columns} choice={choice} />}
        </div>
      )}
      {pages.isError && (
        <div className={classes.notice}>
          <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />
        </div>
      )}
      {pages.isPending && (
        <Group justify="center" p="xl" aria-busy="true">
          <Loader role="status" aria-label={label} />
        </Group>
      )}
      {pages.isSuccess && rows.length === 0 && (filtered ? <Nothing /> : empty)}
      {rows.length > 0 && (
        <RowsTable
          label={label}
          rows={rows}
          columns={shown}
          rowKey={rowKey}
          roomy
          {...(actions === undefined ? {} : { actions: menusOf(actions, rowName) })}
        />
      )}
      {rows.length > 0 && (
        <div className={classes.foot}>
          <Text size="xs" c="dimmed" aria-live="polite">
            {texts.table.shown(rows.length, pages.hasNextPage)}
          </Text>
          {pages.hasNextPage && (
            <Button
              variant="default"
              size="xs"
              loading={pages.isFetchingNextPage}
              onClick={() => void pages.fetchNextPage()}
            >
              {texts.actions.more}
            </Button>
          )}
        </div>
      )}
    </Paper>
  );
}

function Nothing() {
  return (
    <Text p="xl" ta="center" c="dimmed">
      {texts.table.nothing}
    </Text>
  );
}

function menusOf<T>(actions: RowAction<T>[], rowName: (row: T) => string) {
  return {
    head: <VisuallyHidden>{texts.actions.actions}</VisuallyHidden>,
    of: (row: T) => <RowMenu row={row} name={rowName(row)} actions={actions} />,
  };
}

function RowMenu<T>({ row, name, actions }: { row: T; name: string; actions: RowAction<T>[] }) {
  const possible = actions.filter((action) => action.when?.(row) ?? true);
  if (possible.length === 0) return null;
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={texts.table.actionsOf(name)}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {possible.map((action) => (
          <Menu.Item
            key={action.label}
            {...(action.danger ? { c: 'var(--bad)' } : {})}
            onClick={() => action.onSelect(row)}
          >
            {action.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
