/** The first step of adding a provider: which kind it is. */
import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { PageHeader, Panel } from '../interface/page.tsx';
import { labels } from '../labels.ts';
import { texts as shared } from '../texts/index.ts';
import { texts } from './texts.ts';

export function ProviderTypePage() {
  const navigate = useNavigate();
  const [kind, setKind] = useState<'oidc' | 'saml'>('oidc');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ to: `/security/identity-providers/new/${kind}` });
      }}
    >
      <PageHeader
        title={texts.chooser.title}
        sentence={texts.chooser.sentence}
        back={{ to: '/security/identity-providers', label: texts.back }}
      />
      <Panel>
        <Radio.Group
          aria-label={texts.chooser.sentence}
          value={kind}
          onChange={(value) => setKind(value === 'saml' ? 'saml' : 'oidc')}
        >
          <Stack gap="sm">
            <Kind value="oidc" name={labels.openIdConnectIdp} sentence={texts.chooser.oidc} />
            <Kind value="saml" name={labels.samlIdp} sentence={texts.chooser.saml} />
          </Stack>
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

function Kind({ value, name, sentence }: { value: string; name: string; sentence: string }) {
  return (
    <Radio.Card value={value} p="md">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator />
        <div>
          <Text fw={600}>{name}</Text>
          <Text c="dimmed">{sentence}</Text>
        </div>
      </Group>
    </Radio.Card>
  );
}
