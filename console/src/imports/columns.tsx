/** The columns of a file, each with the attribute that it fills. */
import { NativeSelect, Table, Text } from '@mantine/core';
import type { Import } from '../contract.ts';
import { useTargets } from './attributes.ts';
import classes from './columns.module.css';
import { texts } from './texts.ts';

const { columns: words } = texts;

interface ColumnsProps {
  item: Import;
  targets: (string | null)[];
  /** Without it the columns are only shown. */
  onChange?: (at: number, target: string | null) => void;
}

export function Columns({ item, targets, onChange }: ColumnsProps) {
  const data = useTargets();
  return (
    <Table aria-label={words.title} verticalSpacing={6} className={classes.columns}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.header}</Table.Th>
          <Table.Th className={classes.samples}>{words.samples}</Table.Th>
          <Table.Th>{words.target}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {item.columns.map(({ header, samples, stored }, at) => {
          const name = header === '' ? words.noHeader(at + 1) : header;
          const target = targets[at] ?? '';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns have no identity but their place.
            <Table.Tr key={at}>
              <Table.Th scope="row" className={classes.name}>
                {name}
              </Table.Th>
              <Table.Td className={classes.samples}>{samples.filter((sample) => sample !== '').join(' · ')}</Table.Td>
              <Table.Td>
                {stored && onChange !== undefined ? (
                  <NativeSelect
                    aria-label={words.targetOf(name)}
                    data={data}
                    value={target}
                    onChange={(event) => onChange(at, event.currentTarget.value || null)}
                  />
                ) : (
                  <Text size="sm" {...(stored && target !== '' ? {} : { c: 'dimmed' })}>
                    {stored ? data.find(({ value }) => value === target)?.label : words.secret}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}
