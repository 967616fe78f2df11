/** Adding a group rule, and changing one while it is inactive. */
import { Alert, Button, Group } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { GroupRule } from '../contract.ts';
import { PageHeader, PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { useGroupRule, useSaveGroupRule, useSwitchGroupRule } from './api.ts';
import { RuleForm } from './rule-form.tsx';
import { texts } from './texts.ts';
import { toWire } from './values.ts';

const LIST = '/directory/groups/rules';
const BACK = { to: LIST, label: texts.title } as const;

export function AddGroupRulePage() {
  return (
    <>
      <PageHeader title={texts.addPage.title} sentence={texts.addPage.sentence} back={BACK} />
      <Fields />
    </>
  );
}

export function GroupRulePage() {
  const id = usePageId();
  const rule = useGroupRule(id);
  if (rule.isError) return <PageError error={rule.error} onRetry={() => void rule.refetch()} back={BACK} />;
  if (rule.data === undefined) return <PageSkeleton />;
  const { value: existing, etag } = rule.data;
  const active = existing.status === 'ACTIVE';
  return (
    <>
      <PageHeader
        title={existing.name}
        mark={<StatusMark status={existing.status} />}
        sentence={active ? '' : texts.changePage}
        back={BACK}
      />
      {active && <Closed rule={existing} />}
      <Fields existing={existing} etag={etag} />
    </>
  );
}

function Closed({ rule }: { rule: GroupRule }) {
  const change = useSwitchGroupRule();
  return (
    <Alert icon={<IconInfoCircle aria-hidden />} variant="outline" bg="var(--surface)" mb="md">
      <Group justify="space-between">
        {texts.active}
        <Button
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate({ id: rule.id, to: 'deactivate' })}
        >
          {labels.deactivate}
        </Button>
      </Group>
    </Alert>
  );
}

function Fields({ existing, etag = null }: { existing?: GroupRule; etag?: string | null }) {
  const navigate = useNavigate();
  const save = useSaveGroupRule(existing === undefined);
  const toList = () => void navigate({ to: LIST });
  return (
    <RuleForm
      key={existing?.lastUpdated ?? 'new'}
      {...(existing === undefined ? {} : { existing })}
      pending={save.isPending}
      error={save.error}
      onCancel={toList}
      onSubmit={(values, screen) =>
        save.mutate(
          { ...(existing === undefined ? {} : { id: existing.id, etag }), input: toWire(values, existing) },
          {
            onSuccess: () => {
              screen.saved();
              toList();
            },
            onError: screen.refused,
          },
        )
      }
    />
  );
}
