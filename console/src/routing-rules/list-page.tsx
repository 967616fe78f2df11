/** Security → Identity Providers → Routing Rules. */
import { Anchor, Button, Group } from '@mantine/core';
import { IconArrowsSplit2, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { rowsOf } from '../api/hooks.ts';
import type { RoutingRule } from '../contract.ts';
import { useProviderChoices } from '../identity-providers/api.ts';
import { SectionTabs } from '../identity-providers/section-tabs.tsx';
import { confirm } from '../interface/confirm.tsx';
import { EmptyState } from '../interface/empty-state.tsx';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { useNarrow } from '../interface/table/narrow.ts';
import { labels } from '../labels.ts';
import { useZoneChoices } from '../network-zones/api.ts';
import { USER_PROFILE, useProfileSchema } from '../profile-editor/api.ts';
import { texts as shared } from '../texts/index.ts';
import {
  useApplicationChoices,
  useDeleteRule,
  useMoveRule,
  useRoutingPolicy,
  useRoutingRules,
  useSwitchRule,
} from './api.ts';
import { devicesOf } from './conditions.ts';
import { texts } from './texts.ts';
import { ALL_ZONES } from './values.ts';

export function RoutingRulesPage() {
  const navigate = useNavigate();
  const policy = useRoutingPolicy();
  const policyId = policy.data?.[0]?.id;
  const pages = useRoutingRules(policyId);
  const change = useSwitchRule(policyId);
  const remove = useDeleteRule(policyId);
  const move = useMoveRule(policyId);
  const own = rowsOf(pages).filter((rule) => !rule.system);
  const columns = useColumns((rule, to) => change.mutate({ id: rule.id, to }));
  return (
    <>
      <PageHeader
        title={texts.title}
        sentence={texts.sentence}
        actions={
          <Button
            component={Link}
            to="/security/identity-providers/routing-rules/new"
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {labels.addRoutingRule}
          </Button>
        }
      />
      <SectionTabs active="rules" />
      {policy.isError && <ErrorNotice error={policy.error} onRetry={() => void policy.refetch()} />}
      <DataTable
        name="routing-rules"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(rule) => rule.id}
        rowName={(rule) => rule.name}
        empty={<EmptyState icon={IconArrowsSplit2} title={texts.title} sentence={texts.sentence} />}
        actions={[
          {
            label: texts.edit,
            when: (rule) => !rule.system,
            onSelect: (rule) =>
              void navigate({ to: '/security/identity-providers/routing-rules/$id', params: { id: rule.id } }),
          },
          {
            label: texts.up,
            when: (rule) => !rule.system && own[0]?.id !== rule.id,
            onSelect: (rule) => move.mutate({ rule, priority: rule.priority - 1 }),
          },
          {
            label: texts.down,
            when: (rule) => !rule.system && own.at(-1)?.id !== rule.id,
            onSelect: (rule) => move.mutate({ rule, priority: rule.priority + 1 }),
          },
          {
            label: labels.deactivate,
            when: (rule) => !rule.system && rule.status === 'ACTIVE',
            onSelect: (rule) => change.mutate({ id: rule.id, to: 'deactivate' }),
          },
          {
            label: shared.actions.delete,
            danger: true,
            when: (rule) => !rule.system,
            onSelect: (rule) =>
              confirm({
                title: texts.ask(rule.name),
                sentence: texts.askSentence,
                action: shared.actions.delete,
                onConfirm: () => remove.mutate(rule.id),
              }),
          },
        ]}
      />
    </>
  );
}

function deviceWords({ conditions: { platform } }: RoutingRule): string[] {
  const { devices, platforms } = devicesOf(platform);
  if (devices === 'ANY') return [];
  return [
    devices === 'KEPT' ? texts.onOtherDevices : texts.onDevices(platforms.map((name) => texts.platforms[name] ?? name)),
  ];
}

/** @param titleOf the display name of an attribute */
function personWords({ conditions: { userIdentifier } }: RoutingRule, titleOf: (name: string) => string): string[] {
  const { type, attribute = '', patterns } = userIdentifier;
  if (patterns.length === 0) return [];
  const comparison = (name: string) => (texts.comparisons[name] ?? name).toLowerCase();
  if (type === 'ATTRIBUTE')
    return patterns.map(({ matchType, value }) => texts.attributeIs(titleOf(attribute), comparison(matchType), value));
  const words = patterns.map(
    ({ matchType, value }) => `${comparison(matchType)} ${matchType === 'SUFFIX' ? `@${value}` : value}`,
  );
  return [texts.loginIs(words.join(' or '))];
}

function useColumns(onSwitch: (rule: RoutingRule, to: 'activate') => void): Column<RoutingRule>[] {
  const providers = useProviderChoices();
  const applications = useApplicationChoices();
  const zones = useZoneChoices();
  const narrow = useNarrow();
  const schema = useProfileSchema(USER_PROFILE).data?.value.definitions;
  const titleOf = (name: string) => (schema?.base.properties[name] ?? schema?.custom.properties[name])?.title || name;
  const zone = (id: string) =>
    id === ALL_ZONES ? texts.allZones.toLowerCase() : (zones.data?.find((known) => known.id === id)?.name ?? id);
  const provider = (rule: RoutingRule) => {
    const [criterion] = rule.actions.idp.matchCriteria ?? [];
    if (criterion !== undefined) return [texts.byExpression(criterion.providerExpression)];
    return rule.actions.idp.providers.map((target) => {
      if (target.id === undefined) return texts.local;
      return providers.data?.find((known) => known.id === target.id)?.name ?? texts.gone;
    });
  };
  const when = (rule: RoutingRule) => {
    const included = rule.conditions?.app?.include ?? [];
    const names = included.map((row) =>
      row.type === 'APP' ? (applications.data?.find((known) => known.id === row.id)?.label ?? row.id) : row.name,
    );
    const { include = [], exclude = [] } = rule.conditions?.network ?? {};
    const parts = [
      ...(include.length === 0 ? [] : [texts.inZones(include.map(zone))]),
      ...(exclude.length === 0 ? [] : [texts.notInZones(exclude.map(zone))]),
      ...(names.length === 0 ? [] : [texts.applications(names)]),
      ...deviceWords(rule),
      ...personWords(rule, titleOf),
    ];
    return parts.length === 0 ? texts.everything : parts.join(' · ');
  };
  const how = (rule: RoutingRule) => {
    if (rule.system) return '';
    const { presentation, enforce, providers, idpSelectionType } = rule.actions.idp;
    // Nobody is sent anywhere to sign in here, so there is no way of offering it.
    const local = idpSelectionType === 'SPECIFIC' && providers.every(({ id }) => id === undefined);
    return [
      ...(local ? [] : [texts.shortPresentation[presentation ?? 'DEFAULT']]),
      ...(enforce ? [texts.enforced] : []),
    ].join(', ');
  };
  return [
    {
      key: 'priority',
      header: texts.columns.priority,
      fixed: true,
      numeric: true,
      below: { named: true },
      cell: (rule) => rule.priority,
    },
    {
      key: 'name',
      header: texts.columns.name,
      fixed: true,
      cell: (rule) =>
        rule.system ? (
          rule.name
        ) : (
          <Anchor component={Link} to={`/security/identity-providers/routing-rules/${rule.id}`} fw={500}>
            {rule.name}
          </Anchor>
        ),
    },
    { key: 'when', header: texts.columns.when, below: true, cell: when },
    {
      key: 'provider',
      header: texts.columns.provider,
      below: { named: true },
      cell: (rule) => provider(rule).join(', '),
    },
    { key: 'how', header: texts.columns.how, wide: true, cell: how },
    {
      key: 'status',
      header: texts.columns.status,
      fixed: true,
      cell: (rule) => (
        <Group gap="xs" wrap={narrow ? 'wrap' : 'nowrap'}>
          <StatusMark status={rule.status} />
          {rule.status === 'INACTIVE' && (
            <Button variant="default" size="compact-sm" onClick={() => onSwitch(rule, 'activate')}>
              {labels.activate}
            </Button>
          )}
        </Group>
      ),
    },
  ];
}
