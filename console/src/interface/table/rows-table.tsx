/**
 * Rows as a table. Where the screen is narrow, a column may be left out, or have its value stand under the row's name, so that a row
 * still says what it is about.
 */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useNarrow } from './narrow.ts';
import classes from './rows-table.module.css';

export interface RowColumn<T> {
  key: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Left out where the screen is narrow. */
  wide?: boolean;
  /** Where the screen is narrow, under the name instead of in a column of its own. */
  below?: true | Below;
  numeric?: boolean;
}

interface Below {
  /** With the column's header before it: for what a bare value would not say. */
  named?: boolean;
  /** On lines of its own. */
  block?: boolean;
}

interface RowsTableProps<T> {
  label: string;
  rows: T[];
  columns: RowColumn<T>[];
  rowKey: (row: T) => string;
  /** Without: the columns need no words. */
  head?: boolean;
  /** The last cell of a row, and of the head: what can be done. */
  actions?: { head: ReactNode; of: (row: T) => ReactNode };
  roomy?: boolean;
}

export function RowsTable<T>(props: RowsTableProps<T>) {
  const { label, rows, columns, rowKey, head = true, actions, roomy = false } = props;
  const narrow = useNarrow();
  const own = narrow ? columns.filter(({ wide, below }) => !wide && below === undefined) : columns;
  const below = narrow ? columns.filter((column) => column.below !== undefined) : [];
  return (
    <div className={classes.scroll}>
      <Table
        highlightOnHover={roomy}
        {...(roomy ? { verticalSpacing: 8, horizontalSpacing: 'md' } : {})}
        aria-label={label}
      >
        {head && (
          <Table.Thead>
            <Table.Tr>
              {own.map((column) => (
                <Table.Th key={column.key} className={column.numeric ? classes.numeric : undefined}>
                  {column.header}
                </Table.Th>
              ))}
              {actions !== undefined && <Table.Th className={classes.actions}>{actions.head}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
        )}
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {own.map((column, index) => (
                <Table.Td key={column.key} className={column.numeric ? classes.numeric : undefined}>
                  {column.cell(row)}
                  {index === 0 && <SecondLine row={row} columns={below} />}
                </Table.Td>
              ))}
              {actions !== undefined && <Table.Td className={classes.actions}>{actions.of(row)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function SecondLine<T>({ row, columns }: { row: T; columns: RowColumn<T>[] }) {
  const parts = columns.flatMap(({ key, header, cell, below = true }) => {
    const { named = false, block = false } = below === true ? {} : below;
    const value = cell(row);
    if (value === null || value === undefined || value === false || value === '') return [];
    return [{ key, block, value, name: named ? header : null }];
  });
  if (parts.length === 0) return null;
  return (
    <div className={classes.below}>
      {parts.map(({ key, block, name, value }) => (
        <div key={key} className={block ? classes.block : classes.part}>
          {name !== null && <span className={classes.name}>{name}: </span>}
          {value}
        </div>
      ))}
    </div>
  );
}
