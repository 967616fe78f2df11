/** The tab Profile and Mappings: which expression over the provider's profile fills which attribute of the user. */
import type { IdentityProvider } from '../../contract.ts';
import { ErrorNotice } from '../../interface/error-notice.tsx';
import { PageSkeleton } from '../../interface/page.tsx';
import { useMappingOf } from '../api.ts';
import { MappingForm } from './mapping-form.tsx';

export function Mappings({ provider }: { provider: IdentityProvider }) {
  const { list, mapping } = useMappingOf(provider.id);
  const failed = list.error ?? mapping.error;
  if (failed) return <ErrorNotice error={failed} onRetry={() => void list.refetch().then(() => mapping.refetch())} />;
  if (mapping.data === undefined) return <PageSkeleton />;
  return (
    <MappingForm
      key={mapping.data.etag ?? JSON.stringify(mapping.data.value.properties)}
      provider={provider}
      read={mapping.data}
    />
  );
}
