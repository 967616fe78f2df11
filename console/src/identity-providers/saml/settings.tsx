/** The settings of a SAML provider that exists: its certificates are read first. */
import { useQuery } from '@tanstack/react-query';
import type { Versioned } from '../../api/hooks.ts';
import type { SamlPreset, SamlProvider } from '../../contract.ts';
import { ErrorNotice } from '../../interface/error-notice.tsx';
import { PageSkeleton } from '../../interface/page.tsx';
import { usePresets, useReplaceProvider } from '../api.ts';
import { loadCertificates } from './api.ts';
import { SamlForm } from './saml-form.tsx';

export function SamlSettings({ read }: { read: Versioned<SamlProvider> }) {
  const { id, preset: presetId, protocol } = read.value;
  const { kid, additionalKids = [] } = protocol.credentials.trust;
  const kids = [kid, ...additionalKids];
  const replace = useReplaceProvider(id);
  const presets = usePresets();
  const certificates = useQuery({
    queryKey: ['identity-providers', id, 'certificates', kids],
    queryFn: () => loadCertificates(kids),
  });
  if (certificates.isError)
    return <ErrorNotice error={certificates.error} onRetry={() => void certificates.refetch()} />;
  if (certificates.data === undefined) return <PageSkeleton />;
  return (
    <SamlForm
      source={read.value}
      certificates={certificates.data}
      preset={presets.data?.find((preset): preset is SamlPreset => preset.id === presetId && preset.type === 'SAML2')}
      pending={replace.isPending}
      error={replace.error}
      onSubmit={(input, screen) =>
        replace.mutate({ value: input, etag: read.etag }, { onSuccess: screen.saved, onError: screen.refused })
      }
    />
  );
}
