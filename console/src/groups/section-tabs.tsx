/** Groups and their rules stand side by side, as tabs that are pages of their own. */
import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { texts } from './texts.ts';

const PLACES = { groups: '/directory/groups', rules: '/directory/groups/rules' } as const;

export function SectionTabs({ active }: { active: keyof typeof PLACES }) {
  const navigate = useNavigate();
  return (
    <Tabs
      value={active}
      mb="md"
      onChange={(value) => {
        if (value === 'groups' || value === 'rules') void navigate({ to: PLACES[value] });
      }}
    >
      <Tabs.List>
        <Tabs.Tab value="groups">{texts.sections.groups}</Tabs.Tab>
        <Tabs.Tab value="rules">{texts.sections.rules}</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
