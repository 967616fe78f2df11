/** The second step of adding an OpenID Connect provider: its form, begun from a preset. */
import { Anchor, Group, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { OidcPreset } from '../contract.ts';
import { PageHeader, PageSkeleton, Panel } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { useUrlState } from '../interface/url-state.ts';
import { useCreateProvider, usePresets } from './api.ts';
import { type Beginning, beginningsOf } from './form/beginnings.ts';
import { ProviderForm } from './form/provider-form.tsx';
import { texts } from './texts.ts';

/** The kind that fits every provider: what the form begins with unless another one is chosen. */
const PLAIN = 'generic-oidc';

export function AddOidcProviderPage() {
  const presets = usePresets();
  if (presets.isError) return <PageError error={presets.error} onRetry={() => void presets.refetch()} />;
  if (presets.data === undefined) return <PageSkeleton />;
  return (
    <Form
      beginnings={beginningsOf(
        presets.data.filter((preset): preset is OidcPreset => preset.type === 'OIDC'),
        PLAIN,
      )}
    />
  );
}

function Form({ beginnings }: { beginnings: Beginning<OidcPreset>[] }) {
  const navigate = useNavigate();
  const create = useCreateProvider();
  const [key, setKey] = useUrlState('preset', PLAIN);
  const begun = beginnings.find((beginning) => beginning.key === key) ?? beginnings[0];
  if (begun === undefined) return null;
  return (
    <>
      <PageHeader
        title={texts.add.title}
        sentence={texts.add.sentence}
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
      <ProviderForm
        key={begun.key}
        source={begun.body}
        preset={begun.preset}
        pending={create.isPending}
        error={create.error}
        onCancel={() => void navigate({ to: '/security/identity-providers' })}
        onSubmit={(input, screen) =>
          create.mutate(input, {
            onSuccess: (provider) => {
              screen.saved();
              void navigate({ to: '/security/identity-providers/$id', params: { id: provider.id } });
            },
            onError: screen.refused,
          })
        }
      />
    </>
  );
}
