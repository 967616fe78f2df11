/** One group: its people and its applications. */
import { Anchor, Badge, Button, Modal, Group as Row, Table, Tabs, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Group } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { PageHeader, PageSkeleton, Panel } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { Picker } from '../interface/picker.tsx';
import { usePageId, useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { usePeopleOptions } from '../people/api.ts';
import { TabList } from '../shell/tab-list.tsx';
import { texts as shared } from '../texts/index.ts';
import { useApplicationsOfGroup, useDeleteGroup, useGroup, useMembership } from './api.ts';
import { GroupDialog } from './group-form.tsx';
import { Members } from './members.tsx';
import { texts } from './texts.ts';

const BACK = { to: '/directory/groups', label: texts.title } as const;

export function GroupPage() {
  const id = usePageId();
  const group = useGroup(id);
  if (group.isError) return <PageError error={group.error} onRetry={() => void group.refetch()} back={BACK} />;
  if (group.data === undefined) return <PageSkeleton />;
  return <Loaded group={group.data.value} />;
}

function Loaded({ group }: { group: Group }) {
  const [tab, setTab] = useUrlState('tab', 'people');
  const own = group.type === 'OKTA_GROUP';
  return (
    <>
      <PageHeader
        title={group.profile.name}
        mark={
          <Badge variant="outline" color="gray" tt="none">
            {texts.types[group.type] ?? group.type}
          </Badge>
        }
        sentence={group.profile.description ?? ''}
        back={BACK}
        actions={own && <Actions group={group} />}
      />
      {group.type === 'BUILT_IN' && (
        <Text c="dimmed" mb="md">
          {texts.everyone}
        </Text>
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <TabList mb="md">
          <Tabs.Tab value="people">{texts.tabs.people}</Tabs.Tab>
          <Tabs.Tab value="applications">{texts.tabs.applications}</Tabs.Tab>
        </TabList>
        <Tabs.Panel value="people">
          <Members group={group} />
        </Tabs.Panel>
        <Tabs.Panel value="applications">
          <ApplicationsOf group={group} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Actions({ group }: { group: Group }) {
  const navigate = useNavigate();
  const remove = useDeleteGroup(group.id);
  const membership = useMembership(group.id);
  const [editing, edit] = useDisclosure(false);
  const [assigning, assign] = useDisclosure(false);
  const ask = () =>
    confirm({
      title: texts.ask(group.profile.name),
      sentence: texts.askSentence,
      action: shared.actions.delete,
      onConfirm: () => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/directory/groups' }) }),
    });
  return (
    <Row gap="xs">
      <Button variant="default" onClick={ask}>
        {shared.actions.delete}
      </Button>
      <Button variant="default" onClick={edit.open}>
        {texts.edit}
      </Button>
      <Button onClick={assign.open}>{labels.assignPeople}</Button>
      <GroupDialog existing={group} opened={editing} onClose={edit.close} />
      <Modal
        opened={assigning}
        onClose={assign.close}
        title={labels.assignPeople}
        closeButtonProps={{ 'aria-label': shared.actions.close }}
      >
        <Picker
          label={texts.addMember}
          useOptions={usePeopleOptions}
          onPick={(userId) => membership.mutate({ userId, member: true })}
        />
        <Row justify="flex-end" mt="lg">
          <Button variant="default" onClick={assign.close}>
            {shared.actions.close}
          </Button>
        </Row>
      </Modal>
    </Row>
  );
}

function ApplicationsOf({ group }: { group: Group }) {
  const applications = useApplicationsOfGroup(group.id);
  if (applications.isError)
    return <ErrorNotice error={applications.error} onRetry={() => void applications.refetch()} />;
  return (
    <Panel title={texts.tabs.applications}>
      {applications.data?.length === 0 && <Text c="dimmed">{texts.noApplications}</Text>}
      <Table aria-label={texts.tabs.applications}>
        <Table.Tbody>
          {applications.data?.map((application) => (
            <Table.Tr key={application.id}>
              <Table.Td>
                <Anchor component={Link} to={`/applications/${application.id}`}>
                  {application.label}
                </Anchor>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
