/** The tab Assignments: people and groups that may use an application. */
import { Anchor, Button, Modal, Group as Row, SegmentedControl } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUsers, IconUsersGroup } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Application, ApplicationGroup, ApplicationUser } from '../../contract.ts';
import { useGroupChoices, useGroupOptions } from '../../groups/api.ts';
import { confirm } from '../../interface/confirm.tsx';
import { EmptyState } from '../../interface/empty-state.tsx';
import { Instant } from '../../interface/instant.tsx';
import { Picker } from '../../interface/picker.tsx';
import { type Column, DataTable } from '../../interface/table/data-table.tsx';
import { labels } from '../../labels.ts';
import { usePeopleOptions } from '../../people/api.ts';
import { texts as shared } from '../../texts/index.ts';
import {
  useAssignedGroups,
  useAssignedPeople,
  useAssignGroup,
  useAssignPerson,
  useUnassignGroup,
  useUnassignPerson,
} from '../api.ts';
import { texts } from '../texts.ts';

const words = texts.assignments;

export function Assignments({ application }: { application: Application }) {
  const [kind, setKind] = useState('groups');
  const assignPerson = useAssignPerson(application.id);
  const assignGroup = useAssignGroup(application.id);
  return (
    <>
      <Row justify="space-between" mb="md">
        <SegmentedControl
          aria-label={labels.assignments}
          value={kind}
          onChange={setKind}
          data={[
            { value: 'groups', label: words.groups },
            { value: 'people', label: words.people },
          ]}
        />
        <Row gap="xs">
          <AssignButton
            label={labels.assignToPeople}
            find={words.findPerson}
            useOptions={usePeopleOptions}
            onPick={assignPerson.mutate}
          />
          <AssignButton
            label={labels.assignToGroups}
            find={words.findGroup}
            useOptions={useGroupOptions}
            onPick={assignGroup.mutate}
          />
        </Row>
      </Row>
      {kind === 'groups' ? <Groups application={application} /> : <People application={application} />}
    </>
  );
}

interface AssignButtonProps {
  label: string;
  find: string;
  useOptions: Parameters<typeof Picker>[0]['useOptions'];
  onPick: (id: string) => void;
}

function AssignButton({ label, find, useOptions, onPick }: AssignButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={label} closeButtonProps={{ 'aria-label': shared.actions.close }}>
        <Picker label={find} useOptions={useOptions} onPick={onPick} />
        <Row justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            {shared.actions.close}
          </Button>
        </Row>
      </Modal>
    </>
  );
}

function People({ application }: { application: Application }) {
  const pages = useAssignedPeople(application.id);
  const unassign = useUnassignPerson(application.id);
  return (
    <DataTable
      name="assigned-people"
      label={words.people}
      pages={pages}
      columns={peopleColumns}
      rowKey={(row) => row.id}
      rowName={userNameOf}
      empty={<EmptyState icon={IconUsers} title={words.nobody.title} sentence={words.nobody.sentence} />}
      actions={[
        {
          label: words.remove,
          danger: true,
          when: (row) => row.scope === 'USER',
          onSelect: (row) => askToRemove(userNameOf(row), () => unassign.mutate(row.id)),
        },
      ]}
    />
  );
}

function Groups({ application }: { application: Application }) {
  const pages = useAssignedGroups(application.id);
  const known = useGroupChoices();
  const unassign = useUnassignGroup(application.id);
  const nameOf = (row: ApplicationGroup) => known.data?.find((group) => group.id === row.id)?.profile.name ?? row.id;
  const columns: Column<ApplicationGroup>[] = [
    {
      key: 'group',
      header: words.groupColumns.group,
      fixed: true,
      cell: (row) => (
        <Anchor component={Link} to={`/directory/groups/${row.id}`}>
          {nameOf(row)}
        </Anchor>
      ),
    },
    {
      key: 'since',
      header: words.groupColumns.since,
      fixed: true,
      below: { named: true },
      cell: (row) => <Instant at={row.lastUpdated} />,
    },
  ];
  return (
    <DataTable
      name="assigned-groups"
      label={words.groups}
      pages={pages}
      columns={columns}
      rowKey={(row) => row.id}
      rowName={nameOf}
      empty={<EmptyState icon={IconUsersGroup} title={words.noGroup.title} sentence={words.noGroup.sentence} />}
      actions={[
        {
          label: words.remove,
          danger: true,
          onSelect: (row) => askToRemove(nameOf(row), () => unassign.mutate(row.id)),
        },
      ]}
    />
  );
}

const peopleColumns: Column<ApplicationUser>[] = [
  {
    key: 'person',
    header: words.peopleColumns.person,
    fixed: true,
    cell: (row) => (
      <Anchor component={Link} to={`/directory/people/${row.id}`}>
        {userNameOf(row)}
      </Anchor>
    ),
  },
  {
    key: 'how',
    header: words.peopleColumns.how,
    fixed: true,
    cell: (row) => (row.scope === 'GROUP' ? words.byGroup : words.direct),
  },
  {
    key: 'since',
    header: words.peopleColumns.since,
    fixed: true,
    below: { named: true },
    cell: (row) => <Instant at={row.created} />,
  },
];

function userNameOf(row: ApplicationUser): string {
  return row.credentials?.userName ?? row.id;
}

function askToRemove(name: string, onConfirm: () => void): void {
  confirm({ title: words.ask(name), sentence: words.askSentence, action: words.remove, onConfirm });
}
