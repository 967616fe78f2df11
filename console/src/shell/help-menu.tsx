/** Where help is: the palette's key and the description of the API. */
import { ActionIcon, Group, Kbd, Menu, Text } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { texts } from '../texts/index.ts';

export function HelpMenu() {
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={texts.shell.help}>
          <IconHelpCircle size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
          {texts.shell.apiDescription}
        </Menu.Item>
        <Menu.Divider />
        <Group px="sm" py={6} gap="lg" justify="space-between">
          <Text size="sm">{texts.shell.keyboard}</Text>
          <span>
            <Kbd>{modifier()}</Kbd> <Kbd>K</Kbd>
          </span>
        </Group>
      </Menu.Dropdown>
    </Menu>
  );
}

export function modifier(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
}
