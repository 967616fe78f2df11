/** Creating an event hook, and the page of one: verify, switch, change, delete. */
import { Button, Group, Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { EventHook } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { PageHeader, PageNotice, PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId, useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { TabList } from '../shell/tab-list.tsx';
import { texts as shared } from '../texts/index.ts';
import { useDeleteHook, useEventHook, useSaveHook, useSwitchHook, useVerifyHook } from './api.ts';
import { DeliveriesOf } from './deliveries.tsx';
import { HookForm } from './hook-form.tsx';
import { texts } from './texts.ts';
import { toWire } from './values.ts';

const LIST = '/workflow/event-hooks';
const BACK = { to: LIST, label: texts.title } as const;

export function AddEventHookPage() {
  const navigate = useNavigate();
  const save = useSaveHook();
  return (
    <>
      <PageHeader title={texts.add.title} sentence={texts.add.sentence} back={BACK} />
      <HookForm
        pending={save.isPending}
        error={save.error}
        onCancel={() => void navigate({ to: LIST })}
        onSubmit={(values, screen) =>
          save.mutate(
            { input: toWire(values) },
            {
              onSuccess: (hook) => {
                screen.saved();
                void navigate({ to: '/workflow/event-hooks/$id', params: { id: hook.id } });
              },
              onError: screen.refused,
            },
          )
        }
      />
    </>
  );
}

export function EventHookPage() {
  const id = usePageId();
  const navigate = useNavigate();
  const [tab, setTab] = useUrlState('tab', 'settings');
  const hook = useEventHook(id);
  const save = useSaveHook();
  const verify = useVerifyHook({ showsErrors: true });
  if (hook.isError) return <PageError error={hook.error} onRetry={() => void hook.refetch()} back={BACK} />;
  if (hook.data === undefined) return <PageSkeleton />;
  const { value: existing, etag } = hook.data;
  return (
    <>
      <PageHeader
        title={existing.name}
        mark={
          <Group gap="md">
            <StatusMark status={existing.status} />
            <StatusMark status={existing.verificationStatus} />
          </Group>
        }
        sentence={existing.verificationStatus === 'VERIFIED' ? texts.verifiedHelp : texts.verifyHelp}
        back={BACK}
        actions={<Actions hook={existing} verify={verify} />}
      />
      {verify.isError && (
        <PageNotice>
          <ErrorNotice error={verify.error} title={texts.notVerified} />
        </PageNotice>
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <TabList mb="md">
          <Tabs.Tab value="settings">{texts.tabs.settings}</Tabs.Tab>
          <Tabs.Tab value="deliveries">{texts.tabs.deliveries}</Tabs.Tab>
        </TabList>
        <Tabs.Panel value="settings">
          <HookForm
            key={existing.lastUpdated}
            existing={existing}
            pending={save.isPending}
            error={save.error}
            onCancel={() => void navigate({ to: LIST })}
            onSubmit={(values, screen) =>
              save.mutate(
                { id, etag, input: toWire(values, existing) },
                {
                  onSuccess: () => {
                    screen.saved();
                    verify.reset();
                  },
                  onError: screen.refused,
                },
              )
            }
          />
        </Tabs.Panel>
        <Tabs.Panel value="deliveries">
          <DeliveriesOf hookId={id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Actions({ hook, verify }: { hook: EventHook; verify: ReturnType<typeof useVerifyHook> }) {
  const navigate = useNavigate();
  const change = useSwitchHook();
  const remove = useDeleteHook();
  const to = hook.status === 'ACTIVE' ? 'deactivate' : 'activate';
  const ask = () =>
    confirm({
      title: texts.ask(hook.name),
      sentence: texts.askSentence,
      action: shared.actions.delete,
      onConfirm: () => remove.mutate(hook.id, { onSuccess: () => void navigate({ to: LIST }) }),
    });
  return (
    <Group gap="xs">
      {hook.status === 'INACTIVE' && (
        <Button variant="default" onClick={ask}>
          {shared.actions.delete}
        </Button>
      )}
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate({ id: hook.id, to })}>
        {labels[to]}
      </Button>
      {hook.verificationStatus === 'UNVERIFIED' && (
        <Button loading={verify.isPending} onClick={() => verify.mutate(hook.id)}>
          {labels.verify}
        </Button>
      )}
    </Group>
  );
}
