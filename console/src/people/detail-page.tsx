/** One person: profile, status, and what the person is linked to. */
import { Button, Menu, Tabs } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Versioned } from '../api/hooks.ts';
import type { User, UserStatus } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Fact, Facts } from '../interface/facts.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader, PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId, useUrlState } from '../interface/url-state.ts';
import { schemaIdOf, useProfileSchema, useUserTypes } from '../profile-editor/api.ts';
import { texts as shared } from '../texts/index.ts';
import { type Step, useDeletePerson, useLifecycle, usePerson } from './api.ts';
import { nameOf } from './name.ts';
import { ProfileForm } from './profile-form.tsx';
import { Provenance } from './provenance.tsx';
import { Applications, Groups, LinkedIdentities, SignIns } from './related.tsx';
import { texts } from './texts.ts';

export function PersonPage() {
  const id = usePageId();
  const person = usePerson(id);
  if (person.isError) return <PageError error={person.error} onRetry={() => void person.refetch()} />;
  if (person.data === undefined) return <PageSkeleton />;
  return <Loaded read={person.data} />;
}

function Loaded({ read }: { read: Versioned<User> }) {
  const user = read.value;
  const [tab, setTab] = useUrlState('tab', 'profile');
  const schema = useProfileSchema(schemaIdOf(user._links.schema.href));
  const types = useUserTypes();
  const type = types.data?.find(({ id }) => id === user.type.id);
  return (
    <>
      <PageHeader
        title={nameOf(user)}
        mark={<StatusMark status={user.status} />}
        sentence={String(user.profile.login)}
        back={{ to: '/directory/people', label: texts.title }}
        actions={<Actions user={user} />}
      />
      <Facts>
        <Fact label={texts.facts.lastLogin} value={<Instant at={user.lastLogin} />} />
        <Fact label={texts.facts.created} value={<Instant at={user.created} />} />
        <Fact
          label={texts.facts.source}
          value={texts.sources[user.credentials?.provider?.type ?? ''] ?? user.credentials?.provider?.type}
        />
        {type !== undefined && (types.data?.length ?? 0) > 1 && (
          <Fact label={texts.facts.type} value={type.displayName} />
        )}
        <Fact label={texts.facts.id} value={<code>{user.id}</code>} />
      </Facts>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          {Object.entries(texts.tabs).map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="profile">
          {schema.isError && <ErrorNotice error={schema.error} onRetry={() => void schema.refetch()} />}
          {schema.data !== undefined && (
            <ProfileForm key={read.etag ?? user.lastUpdated} read={read} schema={schema.data.value} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="provenance">
          <Provenance personId={user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="applications">
          <Applications personId={user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <Groups personId={user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="providers">
          <LinkedIdentities personId={user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="signIns">
          <SignIns personId={user.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/** Which steps a status allows. */
const STEPS: Record<UserStatus, Step[]> = {
  STAGED: ['activate', 'deactivate'],
  PROVISIONED: ['suspend', 'deactivate'],
  ACTIVE: ['suspend', 'deactivate'],
  RECOVERY: ['suspend', 'deactivate'],
  PASSWORD_EXPIRED: ['suspend', 'deactivate'],
  LOCKED_OUT: ['deactivate'],
  SUSPENDED: ['unsuspend', 'deactivate'],
  DEPROVISIONED: ['activate'],
};

function Actions({ user }: { user: User }) {
  const navigate = useNavigate();
  const lifecycle = useLifecycle(user.id);
  const remove = useDeletePerson(user.id);
  const take = (step: Step) => {
    if (step === 'activate' || step === 'unsuspend') return lifecycle.mutate(step);
    confirm({
      title: texts.ask[step](nameOf(user)),
      sentence: step === 'suspend' ? texts.ask.suspendSentence : texts.ask.deactivateSentence,
      action: texts.steps[step],
      onConfirm: () => lifecycle.mutate(step),
    });
  };
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={16} aria-hidden />}
          loading={lifecycle.isPending}
        >
          {shared.actions.actions}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {STEPS[user.status].map((step) => (
          <Menu.Item key={step} onClick={() => take(step)}>
            {texts.steps[step]}
          </Menu.Item>
        ))}
        {user.status === 'DEPROVISIONED' && (
          <Menu.Item
            c="var(--bad)"
            onClick={() =>
              confirm({
                title: texts.ask.delete(nameOf(user)),
                sentence: texts.ask.deleteSentence,
                action: texts.steps.delete,
                onConfirm: () =>
                  remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/directory/people' }) }),
              })
            }
          >
            {texts.steps.delete}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
