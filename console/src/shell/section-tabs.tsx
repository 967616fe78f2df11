/** Pages that belong together, side by side as tabs: each tab is a page of its own. */
import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { TabList } from './tab-list.tsx';

interface SectionTabsProps<Name extends string> {
  active: Name;
  /** In the order in which they are shown. */
  places: Record<Name, { to: string; label: string }>;
}

export function SectionTabs<Name extends string>({ active, places }: SectionTabsProps<Name>) {
  const navigate = useNavigate();
  const tabs = Object.entries<{ to: string; label: string }>(places);
  return (
    <Tabs
      value={active}
      mb="md"
      onChange={(value) => {
        const place = tabs.find(([name]) => name === value)?.[1];
        if (place !== undefined) void navigate({ to: place.to });
      }}
    >
      <TabList>
        {tabs.map(([name, { label }]) => (
          <Tabs.Tab key={name} value={name}>
            {label}
          </Tabs.Tab>
        ))}
      </TabList>
    </Tabs>
  );
}
