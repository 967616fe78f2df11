/** The second step of adding a provider, whatever its protocol: what the form begins with, and the form itself. */
import { Anchor, Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { IdentityProviderInput, ProviderPreset } from '../../contract.ts';
import type { FormValues, ScreenForm } from '../../interface/form/screen-form.ts';
import { PageHeader, PageSkeleton, Panel } from '../../interface/page.tsx';
import { PageError } from '../../interface/page-error.tsx';
import { useUrlState } from '../../interface/url-state.ts';
import { useCreateProvider, usePresets } from '../api.ts';
import { texts } from '../texts.ts';
import { type Beginning, beginningsOf } from './beginnings.ts';

/** What the form does with its buttons: the same for every protocol. */
interface Creation {
  pending: boolean;
  error: unknown;
  onCancel: () => void;
  onSubmit: (input: IdentityProviderInput, screen: Pick<ScreenForm<FormValues>, 'saved' | 'refused'>) => void;
}

interface AddProviderProps<Preset extends ProviderPreset> {
  type: Preset['type'];
  /** The kind that fits every provider: what the form begins with unless another one is chosen. */
  plain: string;
  words: { title: string; sentence: string };
  children: (begun: Beginning<Preset>, creation: Creation) => ReactNode;
}

export function AddProvider<Preset extends ProviderPreset>(props: AddProviderProps<Preset>) {
  const presets = usePresets();
  if (presets.isError) return <PageError error={presets.error} onRetry={() => void presets.refetch()} />;
  if (presets.data === undefined) return <PageSkeleton />;
  const fitting = presets.data.filter((preset): preset is Preset => preset.type === props.type);
  return <Begun {...props} beginnings={beginningsOf(fitting, props.plain)} />;
}

function Begun<Preset extends ProviderPreset>({
  beginnings,
  plain,
  words,
  children,
}: AddProviderProps<Preset> & { beginnings: Beginning<Preset>[] }) {
  const navigate = useNavigate();
  const create = useCreateProvider();
  const [key, setKey] = useUrlState('preset', plain);
  const begun = beginnings.find((beginning) => beginning.key === key) ?? beginnings[0];
  if (begun === undefined) return null;
  return (
    <>
      <PageHeader
        title={words.title}
        sentence={words.sentence}
        back={{ to: '/security/identity-providers', label: texts.back }}
      />
      <Panel>
        <Group align="flex-end" gap="lg">
          <Select
            label={texts.preset.label}
            description={texts.preset.description}
            w={{ base: '100%', sm: 420 }}
            data={beginnings.map((beginning) => ({ value: beginning.key, label: beginning.label }))}
            value={begun.key}
            allowDeselect={false}
            onChange={setKey}
          />
          {begun.preset.links.map((link) => (
            <Anchor key={link.href} href={link.href} target="_blank" rel="noreferrer" mb={8}>
              {link.label}
            </Anchor>
          ))}
        </Group>
      </Panel>
      {children(begun, {
        pending: create.isPending,
        error: create.error,
        onCancel: () => void navigate({ to: '/security/identity-providers' }),
        onSubmit: (input, screen) =>
          create.mutate(input, {
            onSuccess: (provider) => {
              screen.saved();
              void navigate({ to: '/security/identity-providers/$id', params: { id: provider.id } });
            },
            onError: screen.refused,
          }),
      })}
    </>
  );
}
