/** The person at the console: who it is, light or dark, the way out. Signing out is a form, so that it works on a plain post. */
import { ActionIcon, Menu, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { IconApps, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useRef } from 'react';
import type { Org, User } from '../contract.ts';
import { texts } from '../texts/index.ts';

interface PersonMenuProps {
  me: User | undefined;
  org: Org | undefined;
}

export function PersonMenu({ me, org }: PersonMenuProps) {
  const form = useRef<HTMLFormElement>(null);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <form ref={form} method="post" action="/login/signout" />
      <Menu width={260}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={texts.shell.person}>
            <IconUserCircle size={22} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {me !== undefined && (
            <Menu.Label c="var(--text)">
              <Text fw={600} truncate>
                {nameOf(me)}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {String(me.profile.login)}
                {org !== undefined && ` · ${org.companyName}`}
              </Text>
            </Menu.Label>
          )}
          <Menu.Divider />
          <Menu.Label c="dimmed">{texts.shell.theme}</Menu.Label>
          <SegmentedControl
            fullWidth
            size="xs"
            mx="xs"
            mb="xs"
            aria-label={texts.shell.theme}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as typeof colorScheme)}
            data={[
              { value: 'auto', label: texts.shell.system },
              { value: 'light', label: texts.shell.light },
              { value: 'dark', label: texts.shell.dark },
            ]}
          />
          <Menu.Divider />
          <Menu.Item component="a" href="/" leftSection={<IconApps size={16} aria-hidden />}>
            {texts.shell.portal}
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => form.current?.submit()}>
            {texts.shell.signOut}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function nameOf(user: User): string {
  return [user.profile.firstName, user.profile.lastName].filter(Boolean).join(' ') || String(user.profile.login);
}
