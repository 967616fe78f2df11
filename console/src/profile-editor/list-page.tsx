/** Directory → Profile Editor: the profiles there are. */
import { Anchor, Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useProviderChoices } from '../identity-providers/api.ts';
import { ErrorNotice } from '../interface/error-notice.tsx';
import { PageHeader, Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { GROUP_PROFILE } from './api.ts';
import { texts } from './texts.ts';
import { UserTypes } from './user-types.tsx';

export function ProfilesPage() {
  const providers = useProviderChoices();
  return (
    <>
      <PageHeader title={texts.title} sentence={texts.sentence} />
      <UserTypes />
      <Panel title={texts.groups}>
        <Anchor component={Link} to={`/directory/profile-editor/${GROUP_PROFILE}`} fw={500}>
          {labels.groupProfile}
        </Anchor>
        <Text c="dimmed" size="sm">
          {texts.groupProfile}
        </Text>
      </Panel>
      <Panel title={texts.providers}>
        {providers.isError && <ErrorNotice error={providers.error} onRetry={() => void providers.refetch()} />}
        {providers.data?.length === 0 && <Text c="dimmed">{texts.noProviders}</Text>}
        {providers.data !== undefined && providers.data.length > 0 && (
          <Table aria-label={texts.providers}>
            <Table.Tbody>
              {providers.data.map((provider) => (
                <Table.Tr key={provider.id}>
                  <Table.Td px={0}>
                    <Anchor component={Link} to={`/directory/profile-editor/${provider.id}`} fw={500}>
                      {texts.providerProfile(provider.name)}
                    </Anchor>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Panel>
    </>
  );
}
