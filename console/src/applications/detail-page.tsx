/** One application: what to hand over, its settings, who may use it, what it is told. */
import { Button, Menu, Tabs } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Versioned } from '../api/hooks.ts';
import type { Application } from '../contract.ts';
import { changesOf } from '../interface/form/changes.ts';
import { FormFrame } from '../interface/form/form-frame.tsx';
import { useScreenForm } from '../interface/form/screen-form.ts';
import { PageHeader, PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId, useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { TabList } from '../shell/tab-list.tsx';
import { texts as shared } from '../texts/index.ts';
import { useApplicationActions } from './actions.ts';
import { useApplication, useReplaceApplication } from './api.ts';
import { AdminRoles } from './detail/admin-roles.tsx';
import { ApiScopes } from './detail/api-scopes.tsx';
import { Assignments } from './detail/assignments.tsx';
import { HandoverOf } from './detail/handover.tsx';
import { SignOn } from './detail/sign-on.tsx';
import { CredentialFields, GeneralFields, LoginFields } from './form/fields.tsx';
import { type ApplicationValues, fromWire, toWire, validate, WIRE_NAMES, WORDS } from './form/values.ts';
import { texts } from './texts.ts';

const BACK = { to: '/applications', label: texts.back } as const;

export function ApplicationPage() {
  const id = usePageId();
  const application = useApplication(id);
  if (application.isError)
    return <PageError error={application.error} onRetry={() => void application.refetch()} back={BACK} />;
  if (application.data === undefined) return <PageSkeleton />;
  return <Loaded read={application.data} />;
}

function Loaded({ read }: { read: Versioned<Application> }) {
  const application = read.value;
  const [tab, setTab] = useUrlState('tab', 'general');
  const { application_type: type, grant_types: grants } = application.settings.oauthClient;
  const service = type === 'service';
  const actsByItself = grants.includes('client_credentials');
  const version = read.etag ?? application.lastUpdated;
  return (
    <>
      <PageHeader
        title={application.label}
        mark={<StatusMark status={application.status} />}
        sentence={texts.types[type]}
        back={BACK}
        actions={<Actions application={application} />}
      />
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <TabList mb="md">
          <Tabs.Tab value="general">{texts.tabs.general}</Tabs.Tab>
          {!service && <Tabs.Tab value="signOn">{texts.tabs.signOn}</Tabs.Tab>}
          {!service && <Tabs.Tab value="assignments">{labels.assignments}</Tabs.Tab>}
          <Tabs.Tab value="scopes">{texts.tabs.scopes}</Tabs.Tab>
          {actsByItself && <Tabs.Tab value="roles">{texts.tabs.roles}</Tabs.Tab>}
        </TabList>
        <Tabs.Panel value="general">
          <HandoverOf application={application} />
          <Settings read={read} key={version} />
        </Tabs.Panel>
        <Tabs.Panel value="signOn">
          <SignOn read={read} key={version} />
        </Tabs.Panel>
        <Tabs.Panel value="assignments">
          <Assignments application={application} />
        </Tabs.Panel>
        <Tabs.Panel value="scopes">
          <ApiScopes id={application.id} />
        </Tabs.Panel>
        <Tabs.Panel value="roles">
          <AdminRoles id={application.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Settings({ read }: { read: Versioned<Application> }) {
  const replace = useReplaceApplication(read.value.id);
  const screen = useScreenForm<ApplicationValues>({
    draft: `application.${read.value.id}`,
    initial: fromWire(read.value),
    validate,
    wireNames: WIRE_NAMES,
  });
  const { form } = screen;
  return (
    <FormFrame
      screen={screen}
      changes={changesOf(fromWire(read.value), form.values, WORDS)}
      submit={shared.actions.save}
      pending={replace.isPending}
      error={replace.error}
      onSubmit={(values) =>
        replace.mutate(
          { value: toWire(values, read.value), etag: read.etag },
          { onSuccess: screen.saved, onError: screen.refused },
        )
      }
    >
      <div>
        <GeneralFields form={form} />
        <LoginFields form={form} />
        <CredentialFields form={form} />
      </div>
    </FormFrame>
  );
}

function Actions({ application }: { application: Application }) {
  const navigate = useNavigate();
  const actions = useApplicationActions(() => void navigate({ to: '/applications' }));
  const active = application.status === 'ACTIVE';
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {shared.actions.actions}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => (active ? actions.deactivate(application) : actions.activate(application))}>
          {active ? labels.deactivate : labels.activate}
        </Menu.Item>
        {!active && (
          <Menu.Item c="var(--bad)" onClick={() => actions.remove(application)}>
            {shared.actions.delete}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
