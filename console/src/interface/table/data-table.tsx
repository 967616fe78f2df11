/** A list as a table: rows page by page from the server, chosen columns, a menu of actions per row. */
import { ActionIcon, Button, Group, Loader, Menu, Paper, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Pages, rowsOf } from '../../api/hooks.ts';
import { texts } from '../../texts/index.ts';
import { ErrorNotice } from '../error-notice.tsx';
import { type Choosable, useColumnChoice } from './column-choice.ts';
import { ColumnMenu } from './column-menu.tsx';
import classes from './data-table.module.css';

export interface Column<T> extends Choosable {
  header: string;
  cell: (row: T) => ReactNode;
  /** Left out where the screen is narrow. */
  wide?: boolean;
  numeric?: boolean;
}

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
  const shown = columns.filter((column) => column.fixed || choice.shows(column.key));
  return (
    <Paper withBorder className={classes.frame}>
      {(filters !== undefined || columns.some((column) => !column.fixed)) && (
        <div className={classes.filters}>
          <div className={classes.fields}>{filters}</div>
          <ColumnMenu columns={columns} choice={choice} />
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
        <div className={classes.scroll}>
          <Table tabularNums highlightOnHover verticalSpacing={8} horizontalSpacing="md" aria-label={label}>
            <Table.Thead>
              <Table.Tr>
                {shown.map((column) => (
                  <Table.Th key={column.key} className={classOf(column)}>
                    {column.header}
                  </Table.Th>
                ))}
                {actions !== undefined && (
                  <Table.Th className={classes.actions}>
                    <VisuallyHidden>{texts.actions.actions}</VisuallyHidden>
                  </Table.Th>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={rowKey(row)}>
                  {shown.map((column) => (
                    <Table.Td key={column.key} className={classOf(column)}>
                      {column.cell(row)}
                    </Table.Td>
                  ))}
                  {actions !== undefined && (
                    <Table.Td className={classes.actions}>
                      <RowMenu row={row} name={rowName(row)} actions={actions} />
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
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

function classOf<T>(column: Column<T>): string {
  return [column.wide ? classes.wide : '', column.numeric ? classes.numeric : ''].join(' ').trim();
}
