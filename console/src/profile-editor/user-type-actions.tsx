/** Renaming and deleting a user type, on the page of its profile. */
import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { UserType } from '../contract.ts';
import { texts as shared } from '../texts/index.ts';
import { useDeleteUserType } from './api.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { texts } from './texts.ts';
import { UserTypeDialog } from './user-type-form.tsx';

const words = texts.userType;

export function UserTypeActions({ type }: { type: UserType }) {
  const navigate = useNavigate();
  const remove = useDeleteUserType();
  const [editing, edit] = useDisclosure(false);
  const [asking, ask] = useDisclosure(false);
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            {shared.actions.actions}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={edit.open}>{words.edit}</Menu.Item>
          {!type.default && (
            <Menu.Item c="var(--bad)" onClick={ask.open}>
              {words.remove}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <UserTypeDialog key={type.lastUpdated} existing={type} opened={editing} onClose={edit.close} />
      <DeleteDialog
        title={words.ask(type.displayName)}
        sentence={words.askSentence}
        opened={asking}
        pending={remove.isPending}
        error={remove.error}
        onClose={() => {
          ask.close();
          remove.reset();
        }}
        onDelete={() => remove.mutate(type.id, { onSuccess: () => void navigate({ to: '/directory/profile-editor' }) })}
      />
    </>
  );
}
