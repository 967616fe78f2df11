/** The second step of adding a SAML provider: its form, begun from a preset. */
import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { SamlPreset } from '../../contract.ts';
import { PageHeader, PageSkeleton, Panel } from '../../interface/page.tsx';
import { PageError } from '../../interface/page-error.tsx';
import { useUrlState } from '../../interface/url-state.ts';
import { useCreateProvider, usePresets } from '../api.ts';
import { type Beginning, beginningsOf } from '../form/beginnings.ts';
import { texts } from '../texts.ts';
import { SamlForm } from './saml-form.tsx';

const PLAIN = 'generic-saml';
const NO_CERTIFICATES: never[] = [];

export function AddSamlProviderPage() {
  const presets = usePresets();
  if (presets.isError) return <PageError error={presets.error} onRetry={() => void presets.refetch()} />;
  if (presets.data === undefined) return <PageSkeleton />;
  return (
    <Form
      beginnings={beginningsOf(
        presets.data.filter((preset): preset is SamlPreset => preset.type === 'SAML2'),
        PLAIN,
      )}
    />
  );
}

function Form({ beginnings }: { beginnings: Beginning<SamlPreset>[] }) {
  const navigate = useNavigate();
  const create = useCreateProvider();
  const [key, setKey] = useUrlState('preset', PLAIN);
  const begun = beginnings.find((beginning) => beginning.key === key) ?? beginnings[0];
  if (begun === undefined) return null;
  return (
    <>
      <PageHeader
        title={texts.addSaml.title}
        sentence={texts.addSaml.sentence}
        back={{ to: '/security/identity-providers', label: texts.back }}
      />
      <Panel>
        <Select
          label={texts.preset.label}
          description={texts.preset.description}
          w={{ base: '100%', sm: 420 }}
          data={beginnings.map((beginning) => ({ value: beginning.key, label: beginning.label }))}
          value={begun.key}
          allowDeselect={false}
          onChange={setKey}
        />
      </Panel>
      <SamlForm
        key={begun.key}
        source={begun.body}
        certificates={NO_CERTIFICATES}
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
