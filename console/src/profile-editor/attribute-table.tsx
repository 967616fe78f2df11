/** The attributes of a profile as a table, with what can be done to each. */
import { ActionIcon, Group, Table, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { ProfileSchema, SchemaProperty } from '../contract.ts';
import { texts as shared } from '../texts/index.ts';
import type { Whose } from './attribute/values.ts';
import classes from './detail-page.module.css';
import { texts } from './texts.ts';

export interface AttributeRow {
  name: string;
  property: SchemaProperty;
  custom: boolean;
  required: boolean;
}

interface AttributeTableProps {
  rows: AttributeRow[];
  whose: Whose;
  onEdit: (row: AttributeRow) => void;
  onDelete: (row: AttributeRow) => void;
}

export function AttributeTable({ rows, whose, onEdit, onDelete }: AttributeTableProps) {
  return (
    <>
      <div className={classes.scroll}>
        <Table aria-label={texts.attributes}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.columns.title}</Table.Th>
              <Table.Th>{texts.columns.name}</Table.Th>
              {whose === 'provider' && <Table.Th>{texts.columns.external}</Table.Th>}
              <Table.Th className={classes.wide}>{texts.columns.type}</Table.Th>
              <Table.Th className={classes.wide}>{texts.columns.kind}</Table.Th>
              <Table.Th w={88}>
                <span className="clipped">{shared.actions.actions}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.name}>
                <Table.Td>{row.property.title}</Table.Td>
                <Table.Td>
                  <code>{row.name}</code>
                </Table.Td>
                {whose === 'provider' && (
                  <Table.Td>
                    <code>{row.property.externalName}</code>
                  </Table.Td>
                )}
                <Table.Td className={classes.wide}>{typeOf(row.property)}</Table.Td>
                <Table.Td className={classes.wide}>{kindOf(row)}</Table.Td>
                <Table.Td>
                  <Group gap={4} wrap="nowrap" justify="flex-end">
                    {(row.custom || whose === 'user') && (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={texts.edit(row.name)}
                        onClick={() => onEdit(row)}
                      >
                        <IconPencil size={16} aria-hidden />
                      </ActionIcon>
                    )}
                    {row.custom && (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={`${shared.actions.delete}: ${row.name}`}
                        onClick={() => onDelete(row)}
                      >
                        <IconTrash size={16} aria-hidden />
                      </ActionIcon>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {rows.length === 0 && <Text c="dimmed">{shared.table.nothing}</Text>}
    </>
  );
}

export function attributeRows({ definitions: { base, custom } }: ProfileSchema): AttributeRow[] {
  const part = (definitions: ProfileSchema['definitions']['base'], isCustom: boolean) =>
    Object.entries(definitions.properties).map(([name, property]) => ({
      name,
      property,
      custom: isCustom,
      required: property.required === true || (definitions.required ?? []).includes(name),
    }));
  return [...part(custom, true), ...part(base, false)];
}

function typeOf({ type, items }: SchemaProperty): string {
  const key = type === 'array' && items !== undefined && items.type !== 'string' ? `array:${items.type}` : type;
  return texts.types[key] ?? type;
}

function kindOf({ custom, required, property }: AttributeRow): string {
  const words = [custom ? texts.custom : texts.base];
  if (required) words.push(texts.required);
  if (property.unique === 'UNIQUE_VALIDATED') words.push(texts.unique);
  if (property.master !== undefined && property.master.type !== 'PROFILE_MASTER')
    words.push(texts.source.choices[property.master.type]);
  return words.join(', ');
}
