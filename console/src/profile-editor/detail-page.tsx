/** The attributes of one profile. */
import { ActionIcon, Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Versioned } from '../api/hooks.ts';
import type { ProfileSchema, SchemaProperty } from '../contract.ts';
import { useIdentityProvider } from '../identity-providers/api.ts';
import { confirm } from '../interface/confirm.tsx';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { PageHeader, PageSkeleton, Panel } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { SearchField } from '../interface/table/filters.tsx';
import { usePageId } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { USER_PROFILE, useChangeAttributes, useProfileSchema } from './api.ts';
import { AttributeDialog } from './attribute-form.tsx';
import classes from './detail-page.module.css';
import { texts } from './texts.ts';

interface Row {
  name: string;
  property: SchemaProperty;
  custom: boolean;
  required: boolean;
}

export function ProfilePage() {
  const id = usePageId();
  const schema = useProfileSchema(id);
  if (schema.isError) return <PageError error={schema.error} onRetry={() => void schema.refetch()} />;
  if (schema.data === undefined) return <PageSkeleton />;
  return <Loaded id={id} read={schema.data} />;
}

function Loaded({ id, read }: { id: string; read: Versioned<ProfileSchema> }) {
  const ofUsers = id === USER_PROFILE;
  const provider = useIdentityProvider(ofUsers ? '' : id);
  const [adding, { open, close }] = useDisclosure(false);
  const [filter, setFilter] = useState('');
  const change = useChangeAttributes(id);
  const rows = rowsOf(read.value).filter(({ name, property }) =>
    `${name} ${property.title} ${property.externalName ?? ''}`.toLowerCase().includes(filter.toLowerCase()),
  );
  return (
    <>
      <PageHeader
        title={ofUsers ? labels.userDefault : texts.providerProfile(provider.data?.value.name ?? read.value.title)}
        sentence={ofUsers ? texts.userProfile : texts.providerSentence}
        back={{ to: '/directory/profile-editor', label: texts.title }}
        actions={<Button onClick={open}>{labels.addAttribute}</Button>}
      />
      {change.isError && <ErrorNotice error={change.error} title={shared.errors.notDone} />}
      <Panel
        title={texts.attributes}
        actions={<SearchField label={texts.filter} value={filter} onChange={setFilter} />}
      >
        <div className={classes.scroll}>
          <Table aria-label={texts.attributes} tabularNums>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{texts.columns.title}</Table.Th>
                <Table.Th>{texts.columns.name}</Table.Th>
                {!ofUsers && <Table.Th>{texts.columns.external}</Table.Th>}
                <Table.Th className={classes.wide}>{texts.columns.type}</Table.Th>
                <Table.Th className={classes.wide}>{texts.columns.kind}</Table.Th>
                <Table.Th w={52}>
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
                  {!ofUsers && (
                    <Table.Td>
                      <code>{row.property.externalName}</code>
                    </Table.Td>
                  )}
                  <Table.Td className={classes.wide}>{texts.types[row.property.type] ?? row.property.type}</Table.Td>
                  <Table.Td className={classes.wide}>{kindOf(row)}</Table.Td>
                  <Table.Td>
                    {row.custom && (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={`${shared.actions.delete}: ${row.name}`}
                        onClick={() =>
                          confirm({
                            title: texts.ask(row.name),
                            sentence: texts.askSentence,
                            action: shared.actions.delete,
                            onConfirm: () => change.mutate({ properties: { [row.name]: null }, etag: read.etag }),
                          })
                        }
                      >
                        <IconTrash size={16} aria-hidden />
                      </ActionIcon>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
        {rows.length === 0 && <Text c="dimmed">{shared.table.nothing}</Text>}
      </Panel>
      <AttributeDialog
        profileId={id}
        etag={read.etag}
        taken={rowsOf(read.value).map((row) => row.name)}
        opened={adding}
        onClose={close}
      />
    </>
  );
}

function rowsOf({ definitions: { base, custom } }: ProfileSchema): Row[] {
  const part = (definitions: ProfileSchema['definitions']['base'], isCustom: boolean) =>
    Object.entries(definitions.properties).map(([name, property]) => ({
      name,
      property,
      custom: isCustom,
      required: property.required === true || (definitions.required ?? []).includes(name),
    }));
  return [...part(custom, true), ...part(base, false)];
}

function kindOf({ custom, required, property }: Row): string {
  const words = [custom ? texts.custom : texts.base];
  if (required) words.push(texts.required);
  if (property.unique === 'UNIQUE_VALIDATED') words.push(texts.unique);
  return words.join(', ');
}
