/** The user types there are, with what each holds. */
import { Anchor, Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import type { UserType } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { profileIdOf, useUserTypes } from './api.ts';
import classes from './detail-page.module.css';
import { texts } from './texts.ts';
import { UserTypeDialog } from './user-type-form.tsx';

export function UserTypes() {
  const types = useUserTypes();
  const navigate = useNavigate();
  const [creating, { open, close }] = useDisclosure(false);
  return (
    <Panel
      title={texts.users}
      actions={
        <Button variant="default" onClick={open}>
          {texts.userType.create}
        </Button>
      }
    >
      {types.isError && <ErrorNotice error={types.error} onRetry={() => void types.refetch()} />}
      <Table aria-label={texts.users}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.typeColumns.profile}</Table.Th>
            <Table.Th className={classes.wide}>{texts.typeColumns.name}</Table.Th>
            <Table.Th ta="right">{texts.typeColumns.users}</Table.Th>
            <Table.Th className={classes.wide}>{texts.typeColumns.attributes}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(types.data ?? []).map((type) => (
            <Row key={type.id} type={type} />
          ))}
        </Table.Tbody>
      </Table>
      <UserTypeDialog
        existing={null}
        opened={creating}
        onClose={(made) => {
          close();
          if (made !== null) void navigate({ to: `/directory/profile-editor/${profileIdOf(made)}` });
        }}
      />
    </Panel>
  );
}

function Row({ type }: { type: UserType }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={`/directory/profile-editor/${profileIdOf(type)}`} fw={500}>
          {type.default ? labels.userDefault : type.displayName}
        </Anchor>
        <Text c="dimmed" size="sm">
          {type.default ? texts.userProfile : type.description}
        </Text>
      </Table.Td>
      <Table.Td className={classes.wide}>
        <code>{type.name}</code>
      </Table.Td>
      <Table.Td ta="right">{type.users.toLocaleString('en')}</Table.Td>
      <Table.Td className={classes.wide}>{texts.counts(type.attributes.base, type.attributes.custom)}</Table.Td>
    </Table.Tr>
  );
}
