/** The first step of adding a provider: which kind it is. */
import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { PageHeader, Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { texts } from './texts.ts';

export function ProviderTypePage() {
  const navigate = useNavigate();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ to: '/security/identity-providers/new/oidc' });
      }}
    >
      <PageHeader
        title={texts.chooser.title}
        sentence={texts.chooser.sentence}
        back={{ to: '/security/identity-providers', label: texts.back }}
      />
      <Panel>
        <Radio.Group aria-label={texts.chooser.sentence} defaultValue="OIDC">
          <Radio.Card value="OIDC" p="md">
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator />
              <div>
                <Text fw={600}>{labels.openIdConnectIdp}</Text>
                <Text c="dimmed">{texts.chooser.oidc}</Text>
              </div>
            </Group>
          </Radio.Card>
        </Radio.Group>
      </Panel>
      <Stack align="flex-end">
        <Group gap="xs">
          <Button component={Link} to="/security/identity-providers" variant="default">
            {shared.actions.cancel}
          </Button>
          <Button type="submit">{shared.actions.next}</Button>
        </Group>
      </Stack>
    </form>
  );
}
