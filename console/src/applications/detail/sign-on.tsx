/** The tab Sign On: how ID tokens are signed, and which further claims an application gets. */
import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Versioned } from '../../api/hooks.ts';
import type { Application, ApplicationClaim, ApplicationInput, IdTokenAlgorithm } from '../../contract.ts';
import { changesOf } from '../../interface/form/changes.ts';
import { Choice } from '../../interface/form/choice.tsx';
import { FormFrame } from '../../interface/form/form-frame.tsx';
import { type ScreenForm, useScreenForm } from '../../interface/form/screen-form.ts';
import { Panel } from '../../interface/page.tsx';
import { texts as shared } from '../../texts/index.ts';
import { useReplaceApplication } from '../api.ts';
import { texts } from '../texts.ts';
import classes from './sign-on.module.css';

type SignOnValues = { algorithm: IdTokenAlgorithm; claims: ApplicationClaim[] };

const words = texts.claims;

export function SignOn({ read }: { read: Versioned<Application> }) {
  const replace = useReplaceApplication(read.value.id);
  const client = read.value.settings.oauthClient;
  const initial: SignOnValues = {
    algorithm: client.id_token_signed_response_alg ?? 'RS256',
    claims: client.claims ?? [],
  };
  const screen = useScreenForm<SignOnValues>({
    draft: `application.sign-on.${read.value.id}`,
    initial,
    validate: ({ claims }) =>
      Object.fromEntries(
        claims.flatMap((claim, index) =>
          (['name', 'expression'] as const)
            .filter((field) => claim[field].trim() === '')
            .map((field) => [`claims.${index}.${field}`, words.incomplete]),
        ),
      ),
  });
  const { form } = screen;
  return (
    <FormFrame
      screen={screen}
      changes={changesOf(initial, form.values, { labels: { algorithm: texts.algorithm, claims: words.title } })}
      submit={shared.actions.save}
      pending={replace.isPending}
      error={replace.error}
      onSubmit={(values) =>
        replace.mutate({ value: toWire(read.value, values), etag: read.etag }, { onSuccess: screen.saved })
      }
    >
      <div>
        <Panel title={texts.tabs.signOn}>
          <Choice
            label={texts.algorithm}
            description={texts.algorithmHelp}
            choices={{ RS256: 'RS256', ES256: 'ES256' }}
            value={form.values.algorithm}
            onChange={(value) => form.setFieldValue('algorithm', value)}
          />
        </Panel>
        <Panel title={words.title} sentence={words.sentence}>
          <Claims form={form} />
        </Panel>
      </div>
    </FormFrame>
  );
}

function Claims({ form }: { form: ScreenForm<SignOnValues>['form'] }) {
  return (
    <Stack gap="sm">
      {form.values.claims.length === 0 && <Text c="dimmed">{words.none}</Text>}
      {form.values.claims.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity but their place.
        <div key={index} className={classes.row}>
          <TextInput
            label={words.name}
            aria-label={words.labelOf(index + 1, words.name)}
            classNames={{ input: 'code' }}
            {...form.getInputProps(`claims.${index}.name`)}
          />
          <TextInput
            label={words.expression}
            className={classes.expression}
            aria-label={words.labelOf(index + 1, words.expression)}
            classNames={{ input: 'code' }}
            {...form.getInputProps(`claims.${index}.expression`)}
          />
          <Select
            label={words.location}
            className={classes.location}
            aria-label={words.labelOf(index + 1, words.location)}
            allowDeselect={false}
            data={Object.entries(words.locations).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps(`claims.${index}.location`)}
          />
          <ActionIcon
            className={classes.remove}
            variant="subtle"
            color="gray"
            size={36}
            mt={24}
            aria-label={words.labelOf(index + 1, shared.actions.remove)}
            onClick={() => form.removeListItem('claims', index)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => form.insertListItem('claims', { name: '', expression: '', location: 'ID_TOKEN' })}
        >
          {words.add}
        </Button>
      </Group>
    </Stack>
  );
}

function toWire(application: Application, values: SignOnValues): ApplicationInput {
  const { name, label, signOnMode, visibility, credentials, settings } = application;
  const claims = values.claims.map((claim) => ({
    ...claim,
    name: claim.name.trim(),
    expression: claim.expression.trim(),
  }));
  return {
    name,
    label,
    signOnMode,
    credentials,
    ...(visibility === undefined ? {} : { visibility }),
    settings: {
      ...settings,
      oauthClient: { ...settings.oauthClient, id_token_signed_response_alg: values.algorithm, claims },
    },
  };
}
