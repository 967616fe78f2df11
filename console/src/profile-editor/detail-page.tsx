/** The attributes of one profile. */
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { Versioned } from '../api/hooks.ts';
import type { ProfileSchema } from '../contract.ts';
import { useIdentityProvider } from '../identity-providers/api.ts';
import { PageHeader, PageSkeleton, Panel } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { SearchField } from '../interface/table/filters.tsx';
import { usePageId } from '../interface/url-state.ts';
import { labels } from '../labels.ts';
import {
  GROUP_PROFILE,
  profileIdOf,
  USER_PROFILE,
  useChangeAttributes,
  useProfileSchema,
  useUserTypes,
  whoseProfile,
} from './api.ts';
import { AttributeDialog } from './attribute/dialog.tsx';
import { type AttributeRow, AttributeTable, attributeRows } from './attribute-table.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { texts } from './texts.ts';
import { UserTypeActions } from './user-type-actions.tsx';

const BACK = { to: '/directory/profile-editor', label: texts.title } as const;

export function ProfilePage() {
  const id = usePageId();
  const schema = useProfileSchema(id);
  if (schema.isError) return <PageError error={schema.error} onRetry={() => void schema.refetch()} back={BACK} />;
  if (schema.data === undefined) return <PageSkeleton />;
  return <Loaded key={id} id={id} read={schema.data} />;
}

function Loaded({ id, read }: { id: string; read: Versioned<ProfileSchema> }) {
  const whose = whoseProfile(id);
  const types = useUserTypes();
  const type = types.data?.find((candidate) => profileIdOf(candidate) === id);
  const words = useWords(id, read.value);
  const [adding, { open, close }] = useDisclosure(false);
  const [edited, setEdited] = useState<AttributeRow | null>(null);
  const [filter, setFilter] = useState('');
  const all = attributeRows(read.value);
  const rows = all.filter(({ name, property }) =>
    `${name} ${property.title} ${property.externalName ?? ''}`.toLowerCase().includes(filter.toLowerCase()),
  );
  const deletion = useDeletion(id, read.etag);
  return (
    <>
      <PageHeader
        title={words.title}
        sentence={words.sentence}
        back={BACK}
        actions={
          <>
            {type !== undefined && <UserTypeActions type={type} />}
            <Button onClick={open}>{labels.addAttribute}</Button>
          </>
        }
      />
      <Panel
        title={texts.attributes}
        actions={<SearchField label={texts.filter} value={filter} onChange={setFilter} />}
      >
        <AttributeTable rows={rows} whose={whose} onEdit={setEdited} onDelete={deletion.ask} />
      </Panel>
      <AttributeDialog
        profileId={id}
        etag={read.etag}
        taken={all.map((row) => row.name)}
        existing={edited}
        opened={adding || edited !== null}
        onClose={() => {
          close();
          setEdited(null);
        }}
      />
      {deletion.dialog}
    </>
  );
}

function useWords(id: string, schema: ProfileSchema): { title: string; sentence: string } {
  const provider = useIdentityProvider(whoseProfile(id) === 'provider' ? id : '');
  if (id === USER_PROFILE) return { title: labels.userDefault, sentence: texts.userProfile };
  if (id === GROUP_PROFILE) return { title: labels.groupProfile, sentence: texts.groupProfile };
  if (whoseProfile(id) === 'user') return { title: schema.title, sentence: texts.userTypeProfile(schema.title) };
  return { title: texts.providerProfile(provider.data?.value.name ?? schema.title), sentence: texts.providerSentence };
}

/** Where the attribute is used, the dialog stays and names the places. */
function useDeletion(id: string, etag: string | null) {
  const change = useChangeAttributes(id);
  const [asked, setAsked] = useState<AttributeRow | null>(null);
  const end = () => {
    setAsked(null);
    change.reset();
  };
  const dialog = (
    <DeleteDialog
      title={texts.ask(asked?.property.title || (asked?.name ?? ''))}
      sentence={texts.askSentence}
      opened={asked !== null}
      pending={change.isPending}
      error={change.error}
      onClose={end}
      onDelete={() => asked !== null && change.mutate({ custom: { [asked.name]: null }, etag }, { onSuccess: end })}
    />
  );
  return { ask: setAsked, dialog };
}
