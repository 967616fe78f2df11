/** The person at the console: who it is, light or dark, the way out. Signing out is a form: it works as a plain post. */
import {
  ActionIcon,
  Anchor,
  Button,
  Divider,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { IconLogout, IconUserCircle } from '@tabler/icons-react';
import type { Org, User } from '../contract.ts';
import { nameOf } from '../people/name.ts';
import { texts } from '../texts/index.ts';

interface PersonMenuProps {
  me: User | undefined;
  org: Org | undefined;
}

export function PersonMenu({ me, org }: PersonMenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Popover position="bottom-end" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={texts.shell.person}>
          <IconUserCircle size={22} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.shell.person}>
        <Stack gap="sm">
          {me !== undefined && (
            <div>
              <Text fw={600} truncate>
                {nameOf(me)}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {String(me.profile.login)}
                {org !== undefined && ` · ${org.companyName}`}
              </Text>
            </div>
          )}
          <Anchor href="/">{texts.shell.portal}</Anchor>
          <Divider color="var(--line)" />
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={texts.shell.theme}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as typeof colorScheme)}
            data={[
              { value: 'auto', label: texts.shell.system },
              { value: 'light', label: texts.shell.light },
              { value: 'dark', label: texts.shell.dark },
            ]}
          />
          <Divider color="var(--line)" />
          <form method="post" action="/login/signout">
            <Button type="submit" variant="default" fullWidth leftSection={<IconLogout size={16} aria-hidden />}>
              {texts.shell.signOut}
            </Button>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
