/** Where help is: the palette's key and the description of the API. */
import { ActionIcon, Anchor, Group, Kbd, Popover, Stack, Text } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { texts } from '../texts/index.ts';

export function HelpMenu() {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={texts.shell.help}>
          <IconHelpCircle size={20} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.shell.help}>
        <Stack gap="sm">
          <Anchor href="/api/v1/reference" target="_blank" rel="noreferrer">
            {texts.shell.apiReference}
          </Anchor>
          <Anchor href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
            {texts.shell.apiDescription}
          </Anchor>
          <Group gap="lg" justify="space-between" wrap="nowrap">
            <Text>{texts.shell.keyboard}</Text>
            <span>
              <Kbd>{modifier()}</Kbd> <Kbd>K</Kbd>
            </span>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

export function modifier(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';
}
