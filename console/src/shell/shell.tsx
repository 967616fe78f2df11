/**
 * The frame around every screen: navigation at the left (a sheet on phones), search, org, help and person at the top. Who administers
 * nothing is told so once, and is offered nothing to search or go to.
 */
import { ActionIcon, AppShell, Burger, Drawer, Group, Text } from '@mantine/core';
import { useDisclosure, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { asRequestError } from '../api/errors.ts';
import { PageSkeleton } from '../interface/page.tsx';
import { PageError } from '../interface/page-error.tsx';
import { PRODUCT } from '../labels.ts';
import { texts } from '../texts/index.ts';
import { useAccess, useMe, useOrg } from './api.ts';
import { HelpMenu } from './help-menu.tsx';
import { Mark } from './mark.tsx';
import { NavigationList } from './navigation-list.tsx';
import { NoAdministrator } from './no-administrator.tsx';
import { Palette, PaletteButton } from './palette.tsx';
import { PersonMenu } from './person-menu.tsx';
import classes from './shell.module.css';

const WIDE = 232;
const NARROW = 60;
const FORBIDDEN = 403;

export function Shell() {
  const me = useMe();
  const access = useAccess(me.isSuccess);
  const org = useOrg(me.isSuccess);
  const [sheet, { open, close }] = useDisclosure(false);
  const small = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const [folded, setFolded] = useLocalStorage<boolean | null>({
    key: 'gatehouse.navigation-folded',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const narrow = folded ?? small;
  const outside = access.isError && asRequestError(access.error).status === FORBIDDEN;
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{
        width: narrow ? NARROW : WIDE,
        breakpoint: 'sm',
        collapsed: { mobile: true, desktop: outside },
      }}
      padding={{ base: 'md', sm: 'lg' }}
      transitionDuration={0}
    >
      <a href="#content" className="skip-link">
        {texts.skipToContent}
      </a>
      <AppShell.Header className={classes.header}>
        <Group gap="sm" wrap="nowrap" miw={0}>
          {!outside && (
            <Burger opened={sheet} onClick={open} size="sm" hiddenFrom="sm" aria-label={texts.shell.openNavigation} />
          )}
          <Link to="/" className={classes.brand} aria-label={`${PRODUCT}: ${texts.console}`}>
            <Mark />
            <span className={classes.product}>{PRODUCT}</span>
          </Link>
          {org.data !== undefined && (
            <Text className={classes.org} visibleFrom="sm" truncate>
              {org.data.value.companyName}
            </Text>
          )}
        </Group>
        <Group gap={6} wrap="nowrap">
          {!outside && <PaletteButton />}
          {!outside && <HelpMenu />}
          <PersonMenu me={me.data?.value} org={org.data?.value} />
        </Group>
      </AppShell.Header>
      {!outside && (
        <>
          <AppShell.Navbar className={classes.navbar} aria-label={texts.shell.navigation}>
            <NavigationList narrow={narrow} />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={classes.fold}
              aria-label={narrow ? texts.shell.expand : texts.shell.collapse}
              onClick={() => setFolded(!narrow)}
            >
              {narrow ? (
                <IconLayoutSidebarLeftExpand size={18} aria-hidden />
              ) : (
                <IconLayoutSidebarLeftCollapse size={18} aria-hidden />
              )}
            </ActionIcon>
          </AppShell.Navbar>
          <Drawer
            opened={sheet}
            onClose={close}
            size={280}
            title={org.data?.value.companyName ?? PRODUCT}
            closeButtonProps={{ 'aria-label': texts.actions.close }}
          >
            <nav aria-label={texts.shell.navigation}>
              <NavigationList narrow={false} onFollow={close} />
            </nav>
          </Drawer>
        </>
      )}
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.content}>{outside ? <NoAdministrator /> : <Content me={me} access={access} />}</div>
        <div id="overlays" />
      </AppShell.Main>
      {!outside && <Palette />}
    </AppShell>
  );
}

interface ContentProps {
  me: ReturnType<typeof useMe>;
  access: ReturnType<typeof useAccess>;
}

/**
 * Nothing is asked of the hub for a page before it is known who asks, and that they may: without a session the browser is on its way to
 * sign in.
 */
function Content({ me, access }: ContentProps) {
  const failed = [me, access].find((query) => query.isError);
  if (failed !== undefined) return <PageError error={failed.error} onRetry={() => void failed.refetch()} />;
  return me.isSuccess && access.isSuccess ? <Outlet /> : <PageSkeleton />;
}
