/** The command palette: pages, things to begin, and people, applications and providers found on the server. */
import { Kbd, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { IconApps, IconPlugConnected, IconPlus, IconSearch, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { spellings } from '../labels.ts';
import { texts } from '../texts/index.ts';
import { useFoundApplications, useFoundPeople, useFoundProviders } from './api.ts';
import { modifier } from './help-menu.tsx';
import { BEGINNINGS, FURTHER, SECTIONS } from './navigation.ts';
import classes from './shell.module.css';

const SHORTEST = 2;
const PAUSE_MS = 200;

export function PaletteButton() {
  return (
    <UnstyledButton className={classes.paletteButton} onClick={spotlight.open}>
      <IconSearch size={16} aria-hidden />
      <span className={classes.paletteWords}>{texts.shell.palette}</span>
      <span className={classes.paletteKeys} aria-hidden>
        <Kbd size="xs">{modifier()}</Kbd> <Kbd size="xs">K</Kbd>
      </span>
    </UnstyledButton>
  );
}

export function Palette() {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const found = useFound(settled.length >= SHORTEST ? settled : '');
  useFirstSelected(found.length);
  const go = (to: string) => () => void navigate({ to });

  const groups: SpotlightActionGroupData[] = [
    {
      group: texts.shell.goTo,
      actions: [...SECTIONS.flatMap((section) => section.entries), ...FURTHER].map((entry) => ({
        id: entry.to,
        label: entry.label,
        keywords: entry.words ?? [],
        leftSection: <entry.icon size={18} aria-hidden />,
        onClick: go(entry.to),
      })),
    },
    {
      group: texts.shell.create,
      actions: BEGINNINGS.map((beginning) => ({
        id: beginning.to,
        label: spellings(beginning.label)[0] ?? '',
        keywords: spellings(beginning.label),
        leftSection: <IconPlus size={18} aria-hidden />,
        onClick: go(beginning.to),
      })),
    },
    {
      group: texts.shell.found,
      actions: found.map(({ to, ...action }) => ({ ...action, keywords: [settled], onClick: go(to) })),
    },
  ];
  return (
    <Spotlight
      shortcut="mod + K"
      actions={groups}
      query={typed}
      onQueryChange={setTyped}
      nothingFound={texts.shell.nothingFound}
      scrollable
      overlayProps={{ backgroundOpacity: 0.4 }}
      transitionProps={{ duration: 100 }}
      maxHeight={420}
      attributes={{ content: { 'aria-label': texts.shell.palette } }}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: texts.shell.palette,
        'aria-label': texts.shell.palette,
      }}
    />
  );
}

/** What arrives after the typing has no selection of its own yet: then Enter would do nothing. */
function useFirstSelected(found: number): void {
  useEffect(() => {
    const list = document.querySelector('.mantine-Spotlight-actionsList');
    if (found === 0 || list === null || list.querySelector('[data-selected]') !== null) return;
    list.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  }, [found]);
}

function useFound(q: string): (SpotlightActionData & { to: string })[] {
  const people = useFoundPeople(q);
  const applications = useFoundApplications(q);
  const providers = useFoundProviders(q);
  return [
    ...(people.data ?? []).map((user) => ({
      id: user.id,
      to: `/directory/people/${user.id}`,
      label: String(user.profile.login),
      description: 'Person',
      leftSection: <IconUser size={18} aria-hidden />,
    })),
    ...(applications.data ?? []).map((application) => ({
      id: application.id,
      to: `/applications/${application.id}`,
      label: application.label,
      description: 'Application',
      leftSection: <IconApps size={18} aria-hidden />,
    })),
    ...(providers.data ?? []).map((provider) => ({
      id: provider.id,
      to: `/security/identity-providers/${provider.id}`,
      label: provider.name,
      description: 'Identity provider',
      leftSection: <IconPlugConnected size={18} aria-hidden />,
    })),
  ];
}
