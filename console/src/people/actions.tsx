/** What can be done to a person: each step in the statuses that allow it, after a question where it takes something away. */
import { Button, Menu, Stack, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconChevronDown } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { User, UserStatus } from '../contract.ts';
import { confirm } from '../interface/confirm.tsx';
import { CopyField } from '../interface/copy-field.tsx';
import { texts as shared } from '../texts/index.ts';
import { type Handed, type Step, useClearSessions, useDeletePerson, useLifecycle } from './api.ts';
import { nameOf } from './name.ts';
import { texts } from './texts.ts';

/** Which steps a status allows; those of passwords only for people who have theirs here. */
const STEPS: Record<UserStatus, Step[]> = {
  STAGED: ['activate', 'deactivate'],
  PROVISIONED: ['reactivate', 'reset_password', 'deactivate'],
  ACTIVE: ['reset_password', 'expire_password', 'expire_password_with_temp_password', 'suspend', 'deactivate'],
  RECOVERY: ['reset_password', 'expire_password_with_temp_password', 'deactivate'],
  PASSWORD_EXPIRED: ['reset_password', 'expire_password_with_temp_password', 'deactivate'],
  LOCKED_OUT: ['unlock', 'reset_password', 'deactivate'],
  SUSPENDED: ['unsuspend', 'deactivate'],
  DEPROVISIONED: ['activate'],
};
const OF_PASSWORDS: ReadonlySet<Step> = new Set([
  'reset_password',
  'expire_password',
  'expire_password_with_temp_password',
]);
const UNASKED: ReadonlySet<Step> = new Set(['activate', 'reactivate', 'unsuspend', 'unlock']);
/** Nobody can be signed in, so there is nothing to clear. */
const WITHOUT_SESSIONS: ReadonlySet<UserStatus> = new Set(['STAGED', 'PROVISIONED', 'SUSPENDED', 'DEPROVISIONED']);

function stepsOf(user: User): Step[] {
  const local = user.credentials?.provider?.type === 'OKTA';
  const noPassword = user.credentials?.password === undefined;
  return STEPS[user.status].filter((step) => {
    if (step === 'expire_password' && noPassword) return false;
    return local || !OF_PASSWORDS.has(step);
  });
}

export function Actions({ user }: { user: User }) {
  const navigate = useNavigate();
  const lifecycle = useLifecycle(user.id);
  const clear = useClearSessions(user.id);
  const remove = useDeletePerson(user.id);
  const name = nameOf(user);
  const run = (step: Step) => lifecycle.mutate(step, { onSuccess: (handed) => showOnce(name, handed) });
  const take = (step: Step) => {
    if (UNASKED.has(step)) return run(step);
    const { title, sentence } = texts.questions[step as keyof typeof texts.questions];
    confirm({ title: title(name), sentence, action: texts.steps[step], onConfirm: () => run(step) });
  };
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={16} aria-hidden />}
          loading={lifecycle.isPending || clear.isPending}
        >
          {shared.actions.actions}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {stepsOf(user).map((step) => (
          <Menu.Item key={step} onClick={() => take(step)}>
            {texts.steps[step]}
          </Menu.Item>
        ))}
        {!WITHOUT_SESSIONS.has(user.status) && (
          <Menu.Item
            onClick={() =>
              confirm({
                title: texts.clear.title(name),
                sentence: texts.clear.sentence,
                action: texts.clear.action,
                onConfirm: () => clear.mutate(undefined),
              })
            }
          >
            {texts.clear.action}
          </Menu.Item>
        )}
        {user.status === 'DEPROVISIONED' && (
          <Menu.Item
            c="var(--bad)"
            onClick={() =>
              confirm({
                title: texts.ask.delete(name),
                sentence: texts.ask.deleteSentence,
                action: texts.steps.delete,
                onConfirm: () =>
                  remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/directory/people' }) }),
              })
            }
          >
            {texts.steps.delete}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** A link or a temporary password: nobody can ask for the same one again. */
function showOnce(name: string, { activationUrl, resetPasswordUrl, tempPassword }: Handed): void {
  const url = activationUrl ?? resetPasswordUrl;
  const value = url ?? tempPassword;
  if (value === undefined) return;
  const words = tempPassword === undefined ? texts.once.link : texts.once.temporary;
  modals.open({
    title: words.title(name),
    closeButtonProps: { 'aria-label': shared.actions.close },
    children: (
      <Stack gap="md">
        <Text>{words.sentence}</Text>
        <CopyField label={words.label} value={value} />
      </Stack>
    ),
  });
}
