/** Directory → Groups → Rules. */
import { Anchor, Button, Code, Stack } from '@mantine/core';
import { IconArrowsSplit2, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { GroupRule } from '../contract.ts';
import { SectionTabs } from '../groups/section-tabs.tsx';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { PageHeader, Panel } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable, type RowAction } from '../interface/table/data-table.tsx';
import { SearchField } from '../interface/table/filters.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { JobProgress } from '../jobs/job-progress.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useDeleteGroupRule, useGroupRules, useOpenJobs, useRunGroupRule, useSwitchGroupRule } from './api.ts';
import { texts } from './texts.ts';

export const namesOf = (rule: GroupRule) => rule._embedded?.groupIdToGroupNameMap ?? {};

const columns: Column<GroupRule>[] = [
  {
    key: 'name',
    header: texts.columns.name,
    fixed: true,
    cell: (rule) => (
      <Anchor component={Link} to={`/directory/groups/rules/${rule.id}`} fw={500}>
        {rule.name}
      </Anchor>
    ),
  },
  {
    key: 'condition',
    header: texts.columns.condition,
    below: true,
    cell: (rule) => <Code>{rule.conditions.expression.value}</Code>,
  },
  {
    key: 'groups',
    header: texts.columns.groups,
    below: { named: true },
    cell: (rule) =>
      rule.actions.assignUserToGroups.groupIds.map((id) => namesOf(rule)[id] ?? texts.groupGone).join(', '),
  },
  { key: 'status', header: texts.columns.status, fixed: true, cell: (rule) => <StatusMark status={rule.status} /> },
];

export function GroupRulesPage() {
  const [search, setSearch] = useUrlState('q');
  const pages = useGroupRules(search);
  const actions = useActions();
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <Button component={Link} to="/directory/groups/rules/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {texts.add}
          </Button>
        }
      />
      <SectionTabs active="rules" />
      <UnderWay />
      <DataTable
        name="group-rules"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(rule) => rule.id}
        rowName={(rule) => rule.name}
        filters={<SearchField label={texts.search} value={search} onChange={setSearch} />}
        filtered={search !== ''}
        empty={<EmptyState icon={IconArrowsSplit2} title={texts.empty.title} sentence={texts.empty.sentence} />}
        actions={actions}
      />
    </>
  );
}

/** The progress of what is being applied to everybody; nothing while nothing is. */
function UnderWay() {
  const { data = [] } = useOpenJobs();
  if (data.length === 0) return null;
  return (
    <Panel>
      <Stack gap="md">
        {data.map((job) => (
          <JobProgress key={job.id} job={job} />
        ))}
      </Stack>
    </Panel>
  );
}

function useActions(): RowAction<GroupRule>[] {
  const navigate = useNavigate();
  const change = useSwitchGroupRule();
  const run = useRunGroupRule();
  const remove = useDeleteGroupRule();
  const inactive = (rule: GroupRule) => rule.status === 'INACTIVE';
  const active = (rule: GroupRule) => rule.status === 'ACTIVE';
  const ask = (removeUsers: boolean) => (rule: GroupRule) =>
    confirm({
      title: removeUsers ? texts.askRemove(rule.name) : texts.ask(rule.name),
      sentence: removeUsers ? texts.askRemoveSentence : texts.askSentence,
      action: removeUsers ? texts.deleteAndRemove : shared.actions.delete,
      onConfirm: () => remove.mutate({ id: rule.id, removeUsers }),
    });
  return [
    {
      label: texts.edit,
      onSelect: (rule) => void navigate({ to: '/directory/groups/rules/$id', params: { id: rule.id } }),
    },
    { label: labels.activate, when: inactive, onSelect: (rule) => change.mutate({ id: rule.id, to: 'activate' }) },
    { label: labels.deactivate, when: active, onSelect: (rule) => change.mutate({ id: rule.id, to: 'deactivate' }) },
    { label: texts.run, when: active, onSelect: (rule) => run.mutate(rule.id) },
    { label: shared.actions.delete, danger: true, when: inactive, onSelect: ask(false) },
    { label: texts.deleteAndRemove, danger: true, when: inactive, onSelect: ask(true) },
  ];
}
