/** Identity Providers and Routing Rules stand side by side, as tabs that are pages of their own. */
import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { texts } from './texts.ts';

const PLACES = {
  providers: '/security/identity-providers',
  rules: '/security/identity-providers/routing-rules',
} as const;

export function SectionTabs({ active }: { active: keyof typeof PLACES }) {
  const navigate = useNavigate();
  return (
    <Tabs
      value={active}
      mb="md"
      onChange={(value) => {
        if (value === 'providers' || value === 'rules') void navigate({ to: PLACES[value] });
      }}
    >
      <Tabs.List>
        <Tabs.Tab value="providers">{texts.tabs.providers}</Tabs.Tab>
        <Tabs.Tab value="rules">{texts.tabs.rules}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
