/** One identity provider: what to hand over, its settings, its mappings, its people. */
import { Button, Menu, Tabs } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Versioned } from '../api/hooks.ts';
import type { IdentityProvider, OidcPreset, OidcProvider, SamlProvider } from '../contract.ts';
import { CopyField, Handover } from '../interface/copy-field.tsx';
import { PageHeader, PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId, useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { TabList } from '../shell/tab-list.tsx';
import { texts as shared } from '../texts/index.ts';
import { useProviderActions } from './actions.ts';
import { useIdentityProvider, usePresets, useReplaceProvider } from './api.ts';
import { LinkedPeople } from './detail/linked-people.tsx';
import { Mappings } from './detail/mappings.tsx';
import { ProviderForm } from './form/provider-form.tsx';
import { SamlKeys } from './saml/keys.tsx';
import { SamlSettings } from './saml/settings.tsx';
import { texts } from './texts.ts';

const BACK = { to: '/security/identity-providers', label: texts.back } as const;

export function IdentityProviderPage() {
  const id = usePageId();
  const provider = useIdentityProvider(id);
  if (provider.isError) return <PageError error={provider.error} onRetry={() => void provider.refetch()} back={BACK} />;
  if (provider.data === undefined) return <PageSkeleton />;
  return <Loaded read={provider.data} />;
}

function Loaded({ read }: { read: Versioned<IdentityProvider> }) {
  const provider = read.value;
  const [tab, setTab] = useUrlState('tab', 'general');
  const called = provider.displayName || provider.name;
  return (
    <>
      <PageHeader
        title={provider.name}
        mark={<StatusMark status={provider.status} />}
        sentence={texts.types[provider.type] ?? provider.type}
        back={BACK}
        actions={<Actions provider={provider} />}
      />
      <Handover title={shared.handover.title(called)}>
        {provider.type === 'SAML2' ? <SamlHandover provider={provider} /> : <OidcHandover provider={provider} />}
      </Handover>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <TabList mb="md">
          <Tabs.Tab value="general">{texts.detail.tabs.general}</Tabs.Tab>
          <Tabs.Tab value="mappings">{texts.detail.tabs.mappings}</Tabs.Tab>
          {isSaml(read) && <Tabs.Tab value="keys">{texts.detail.tabs.keys}</Tabs.Tab>}
          <Tabs.Tab value="users">{texts.detail.tabs.users}</Tabs.Tab>
        </TabList>
        <Tabs.Panel value="general">
          {isOidc(read) && <Settings read={read} key={read.etag ?? provider.lastUpdated} />}
          {isSaml(read) && <SamlSettings read={read} key={read.etag ?? provider.lastUpdated} />}
        </Tabs.Panel>
        <Tabs.Panel value="mappings">
          <Mappings provider={provider} />
        </Tabs.Panel>
        {isSaml(read) && (
          <Tabs.Panel value="keys">
            <SamlKeys provider={read.value} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="users">
          <LinkedPeople providerId={provider.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

const isOidc = (read: Versioned<IdentityProvider>): read is Versioned<OidcProvider> => read.value.type === 'OIDC';

const isSaml = (read: Versioned<IdentityProvider>): read is Versioned<SamlProvider> => read.value.type === 'SAML2';

function OidcHandover({ provider }: { provider: OidcProvider }) {
  return (
    <>
      <CopyField label={labels.redirectUri} value={redirectUriOf(provider)} />
      <CopyField label={texts.detail.handover.keys} value={`${location.origin}/oauth2/v1/keys`} />
    </>
  );
}

/** What seed guides call "Audience URI", "Assertion Consumer Service URL" and "metadata". */
function SamlHandover({ provider }: { provider: SamlProvider }) {
  return (
    <>
      <CopyField label={texts.detail.handover.audience} value={provider.protocol.credentials.trust.audience} />
      <CopyField label={texts.detail.handover.acs} value={provider._links.acs?.href ?? ''} />
      <CopyField label={texts.detail.handover.metadata} value={`${location.origin}/saml2/metadata/${provider.id}`} />
    </>
  );
}

function Settings({ read }: { read: Versioned<OidcProvider> }) {
  const replace = useReplaceProvider(read.value.id);
  const presets = usePresets();
  return (
    <ProviderForm
      source={read.value}
      preset={presets.data?.find((preset): preset is OidcPreset => preset.id === read.value.preset)}
      pending={replace.isPending}
      error={replace.error}
      onSubmit={(input, screen) =>
        replace.mutate({ value: input, etag: read.etag }, { onSuccess: screen.saved, onError: screen.refused })
      }
    />
  );
}

function Actions({ provider }: { provider: IdentityProvider }) {
  const navigate = useNavigate();
  const actions = useProviderActions(() => void navigate({ to: '/security/identity-providers' }));
  const active = provider.status === 'ACTIVE';
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {shared.actions.actions}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {provider.type === 'SAML2' && (
          <Menu.Item component="a" href={`/saml2/metadata/${provider.id}`} download>
            {labels.downloadMetadata}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => (active ? actions.deactivate(provider) : actions.activate(provider))}>
          {active ? labels.deactivate : labels.activate}
        </Menu.Item>
        <Menu.Item c="var(--bad)" onClick={() => actions.remove(provider)}>
          {shared.actions.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function redirectUriOf(provider: OidcProvider): string {
  return provider._links?.clientRedirectUri?.href ?? `${location.origin}/oauth2/v1/authorize/callback`;
}
