/** Security → Identity Providers. */
import { Anchor, Button } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { IdentityProvider } from '../contract.ts';
import { EmptyState } from '../interface/empty-state.tsx';
import { Instant } from '../interface/instant.tsx';
import { PageHeader } from '../interface/page.tsx';
import { StatusMark } from '../interface/status.tsx';
import { type Column, DataTable } from '../interface/table/data-table.tsx';
import { SearchField } from '../interface/table/filters.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { useProviderActions } from './actions.ts';
import { useIdentityProviders } from './api.ts';
import { SectionTabs } from './section-tabs.tsx';
import { texts } from './texts.ts';

const columns: Column<IdentityProvider>[] = [
  {
    key: 'name',
    header: texts.columns.name,
    fixed: true,
    cell: (provider) => (
      <Anchor component={Link} to={`/security/identity-providers/${provider.id}`} fw={500}>
        {provider.name}
      </Anchor>
    ),
  },
  {
    key: 'type',
    header: texts.columns.type,
    below: true,
    cell: (provider) => texts.types[provider.type] ?? provider.type,
  },
  {
    key: 'button',
    header: texts.columns.button,
    wide: true,
    cell: (provider) => texts.button(provider.displayName || provider.name),
  },
  {
    key: 'issuer',
    header: texts.columns.issuer,
    wide: true,
    hiddenAtFirst: true,
    cell: (provider) => <code>{issuerOf(provider)}</code>,
  },
  {
    key: 'id',
    header: texts.columns.id,
    wide: true,
    hiddenAtFirst: true,
    cell: (provider) => <code>{provider.id}</code>,
  },
  {
    key: 'status',
    header: texts.columns.status,
    fixed: true,
    cell: (provider) => <StatusMark status={provider.status} />,
  },
  {
    key: 'updated',
    header: texts.columns.updated,
    wide: true,
    cell: (provider) => <Instant at={provider.lastUpdated} />,
  },
];

const issuerOf = ({ protocol }: IdentityProvider) =>
  protocol.type === 'OIDC' ? protocol.issuer.url : protocol.credentials.trust.issuer;

export function IdentityProvidersPage() {
  const navigate = useNavigate();
  const [q, setQ] = useUrlState('q');
  const pages = useIdentityProviders({ q });
  const actions = useProviderActions();
  const open = (tab: string) => (provider: IdentityProvider) =>
    void navigate({ to: '/security/identity-providers/$id', params: { id: provider.id }, search: { tab } });
  const add = (
    <Button component={Link} to="/security/identity-providers/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {labels.addIdentityProvider}
    </Button>
  );
  return (
    <>
      <PageHeader title={texts.title} sentence={texts.sentence} actions={add} />
      <SectionTabs active="providers" />
      <DataTable
        name="identity-providers"
        label={texts.title}
        pages={pages}
        columns={columns}
        rowKey={(provider) => provider.id}
        rowName={(provider) => provider.name}
        filters={<SearchField label={shared.actions.search} value={q} onChange={setQ} />}
        filtered={q !== ''}
        empty={<EmptyState icon={IconPlugConnected} title={texts.empty.title} sentence={texts.empty.sentence} />}
        actions={[
          { label: texts.configure, onSelect: open('general') },
          { label: labels.editProfileAndMappings, onSelect: open('mappings') },
          {
            label: labels.downloadMetadata,
            onSelect: (provider) => location.assign(`/saml2/metadata/${provider.id}`),
            when: (provider) => provider.type === 'SAML2',
          },
          { label: labels.activate, onSelect: actions.activate, when: (provider) => provider.status === 'INACTIVE' },
          { label: labels.deactivate, onSelect: actions.deactivate, when: (provider) => provider.status === 'ACTIVE' },
          { label: shared.actions.delete, onSelect: actions.remove, danger: true },
        ]}
      />
    </>
  );
}
