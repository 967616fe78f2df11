/** The tab Profile and Mappings: which expression over the provider's profile fills which attribute of the user. */
import type { Versioned } from '../../api/hooks.ts';
import type { IdentityProvider, ProfileMapping, PushStatus } from '../../contract.ts';
import { ErrorNotice } from '../../interface/error-notice.tsx';
import { PageSkeleton } from '../../interface/page.tsx';
import { useMappingOf } from '../api.ts';
import { MappingForm } from './mapping-form.tsx';

export interface MappingRow {
  target: string;
  expression: string;
  pushStatus: PushStatus;
}

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

export function rowsOf(read: Versioned<ProfileMapping>): MappingRow[] {
  return Object.entries(read.value.properties ?? {}).map(([target, row]) => ({ target, ...row }));
}

/** What the server is asked to change: new and altered rows, and null for the removed ones. */
export function differences(before: MappingRow[], after: MappingRow[]) {
  const properties: Record<string, { expression: string; pushStatus: PushStatus } | null> = {};
  for (const row of after) {
    const old = before.find((other) => other.target === row.target);
    if (old?.expression === row.expression && old.pushStatus === row.pushStatus) continue;
    properties[row.target] = { expression: row.expression.trim(), pushStatus: row.pushStatus };
  }
  for (const row of before) {
    if (!after.some((other) => other.target === row.target)) properties[row.target] = null;
  }
  return properties;
}
