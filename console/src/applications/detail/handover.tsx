/** What the developers of an application need: its client ID, its secret while it can be seen, and our addresses. */
import { Button, Collapse, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Application } from '../../contract.ts';
import { confirm } from '../../interface/confirm.tsx';
import classes from '../../interface/copy-field.module.css';
import { CopyField, Handover } from '../../interface/copy-field.tsx';
import { labels } from '../../labels.ts';
import { texts as shared } from '../../texts/index.ts';
import { useFreshSecret, useRenewSecret, useSecrets } from '../api.ts';
import { texts } from '../texts.ts';

const PATHS = {
  discovery: '/.well-known/openid-configuration',
  authorize: '/oauth2/v1/authorize',
  token: '/oauth2/v1/token',
  userinfo: '/oauth2/v1/userinfo',
  keys: '/oauth2/v1/keys',
  logout: '/oauth2/v1/logout',
} as const;

export function HandoverOf({ application }: { application: Application }) {
  const [open, { toggle }] = useDisclosure(false);
  const { client_id: clientId, token_endpoint_auth_method: method } = application.credentials.oauthClient;
  return (
    <Handover title={shared.handover.title(application.label)}>
      <CopyField label={labels.clientId} value={clientId ?? application.id} />
      <CopyField label={texts.endpoints.issuer} value={location.origin} />
      {method.startsWith('client_secret') && <Secret application={application} />}
      <div style={{ gridColumn: '1 / -1' }}>
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={open}>
          {open ? texts.hideEndpoints : texts.showEndpoints}
        </Button>
        <Collapse expanded={open}>
          <div className={classes.facts}>
            {(Object.keys(PATHS) as (keyof typeof PATHS)[]).map((name) => (
              <CopyField key={name} label={texts.endpoints[name]} value={`${location.origin}${PATHS[name]}`} />
            ))}
          </div>
        </Collapse>
      </div>
    </Handover>
  );
}

function Secret({ application }: { application: Application }) {
  const readable = application.settings.oauthClient.client_secret_shown_again === true;
  const fresh = useFreshSecret(application.id);
  const stored = useSecrets(application.id, readable).data?.[0]?.client_secret ?? null;
  const renew = useRenewSecret(application.id);
  const value = fresh ?? (readable ? stored : null);
  return (
    <div>
      {value !== null ? (
        <CopyField label={labels.clientSecret} value={value} secret />
      ) : (
        <>
          <Text size="sm" fw={500}>
            {labels.clientSecret}
          </Text>
          <Text c="dimmed">{texts.secret.hidden}</Text>
        </>
      )}
      <Group justify="space-between" mt={6} gap="xs">
        {fresh !== null && !readable && (
          <Text size="sm" c="var(--warn)">
            {texts.secret.fresh}
          </Text>
        )}
        <Button
          variant="default"
          size="compact-sm"
          loading={renew.isPending}
          onClick={() =>
            confirm({
              title: texts.secret.ask,
              sentence: texts.secret.askSentence,
              action: texts.secret.renew,
              onConfirm: () => renew.mutate(undefined),
            })
          }
        >
          {texts.secret.renew}
        </Button>
      </Group>
    </div>
  );
}
