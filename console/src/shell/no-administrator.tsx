/** What a person sees who administers nothing here: that, and the ways out. */
import { Button, Group } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { EmptyState } from '../interface/empty-state.tsx';
import { usePageTitle } from '../interface/page.tsx';
import { texts } from '../texts/index.ts';

export function NoAdministrator() {
  usePageTitle(texts.errors.forbidden);
  return (
    <EmptyState
      icon={IconLock}
      level={1}
      title={texts.errors.forbidden}
      sentence={texts.errors.forbiddenSentence}
      action={
        <Group gap="xs" justify="center">
          <Button component="a" href="/" variant="default">
            {texts.shell.backToPortal}
          </Button>
          <form method="post" action="/login/signout">
            <Button type="submit">{texts.shell.signOut}</Button>
          </form>
        </Group>
      }
    />
  );
}
