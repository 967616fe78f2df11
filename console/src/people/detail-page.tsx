/** One person: profile, status, and what the person is linked to. */
import { Tabs } from '@mantine/core';
import type { Versioned } from '../api/hooks.ts';
import type { User } from '../contract.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { Fact, Facts } from '../interface/facts.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader, PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId, useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { schemaIdOf, useProfileSchema, useUserTypes } from '../profile-editor/api.ts';
import { TabList } from '../shell/tab-list.tsx';
import { Actions } from './actions.tsx';
import { usePerson } from './api.ts';
import { nameOf } from './name.ts';
import { ProfileForm } from './profile-form.tsx';
import { Provenance } from './provenance.tsx';
import { Applications, Groups, LinkedIdentities, SignIns } from './related.tsx';
import { texts } from './texts.ts';

const BACK = { to: '/directory/people', label: texts.title } as const;

export function PersonPage() {
  const id = usePageId();
  const person = usePerson(id);
  if (person.isError) return <PageError error={person.error} onRetry={() => void person.refetch()} back={BACK} />;
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
        back={BACK}
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
          <Fact label={texts.facts.type} value={type.default ? labels.userDefault : type.displayName} />
        )}
        <Fact label={texts.facts.id} value={<code>{user.id}</code>} />
      </Facts>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <TabList mb="md">
          {Object.entries(texts.tabs).map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </TabList>
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
