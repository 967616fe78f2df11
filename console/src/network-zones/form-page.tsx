/** Adding a network zone, and changing one. */
import { useNavigate } from '@tanstack/react-router';
import { PageHeader, PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { StatusMark } from '../interface/status.tsx';
import { usePageId } from '../interface/url-state.ts';
import { useSaveZone, useZone } from './api.ts';
import { texts } from './texts.ts';
import { toWire } from './values.ts';
import { ZoneForm } from './zone-form.tsx';

const LIST = '/security/networks';
const BACK = { to: LIST, label: texts.title } as const;

export function AddZonePage() {
  const navigate = useNavigate();
  const save = useSaveZone();
  const toList = () => void navigate({ to: LIST });
  return (
    <>
      <PageHeader title={texts.add.title} sentence={texts.add.sentence} back={BACK} />
      <ZoneForm
        pending={save.isPending}
        error={save.error}
        onCancel={toList}
        onSubmit={(values, screen) =>
          save.mutate(
            { input: toWire(values) },
            {
              onSuccess: () => {
                screen.saved();
                toList();
              },
              onError: screen.refused,
            },
          )
        }
      />
    </>
  );
}

export function ZonePage() {
  const id = usePageId();
  const navigate = useNavigate();
  const zone = useZone(id);
  const save = useSaveZone();
  const toList = () => void navigate({ to: LIST });
  if (zone.isError) return <PageError error={zone.error} onRetry={() => void zone.refetch()} back={BACK} />;
  if (zone.data === undefined) return <PageSkeleton />;
  const { value: existing, etag } = zone.data;
  return (
    <>
      <PageHeader
        title={existing.name}
        mark={<StatusMark status={existing.status} />}
        sentence={existing.system ? texts.builtIn : texts.change.sentence}
        back={BACK}
      />
      <ZoneForm
        key={existing.lastUpdated}
        existing={existing}
        pending={save.isPending}
        error={save.error}
        onCancel={toList}
        onSubmit={(values, screen) =>
          save.mutate(
            { id, etag, input: toWire(values, existing) },
            {
              onSuccess: () => {
                screen.saved();
                toList();
              },
              onError: screen.refused,
            },
          )
        }
      />
    </>
  );
}
