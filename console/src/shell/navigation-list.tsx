/** The sections and their entries; as icons alone where there is little room. */
import { Tooltip } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import { type Entry, SECTIONS } from './navigation.ts';
import classes from './shell.module.css';

interface NavigationListProps {
  narrow: boolean;
  onFollow?: () => void;
}

export function NavigationList({ narrow, onFollow }: NavigationListProps) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <div className={narrow ? classes.narrow : undefined}>
      {SECTIONS.map((section, index) => (
        <div key={section.label ?? 'top'} className={narrow ? undefined : classes.section}>
          {section.label !== null && !narrow && <p className={classes.sectionLabel}>{section.label}</p>}
          {narrow && index > 0 && <hr className={classes.divider} />}
          <ul className={classes.list} {...(section.label === null ? {} : { 'aria-label': section.label })}>
            {section.entries.map((entry) => (
              <li key={entry.to}>
                <EntryLink entry={entry} narrow={narrow} here={isHere(entry, path)} onFollow={onFollow} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

interface EntryLinkProps {
  entry: Entry;
  narrow: boolean;
  here: boolean;
  onFollow: (() => void) | undefined;
}

function EntryLink({ entry, narrow, here, onFollow }: EntryLinkProps) {
  const { icon: Mark } = entry;
  return (
    <Tooltip label={entry.label} position="right" disabled={!narrow}>
      <Link
        to={entry.to}
        className={classes.entry}
        onClick={() => onFollow?.()}
        {...(here ? { 'aria-current': 'page' as const, 'data-here': true } : {})}
        {...(narrow ? { 'aria-label': entry.label } : {})}
      >
        <Mark size={18} stroke={1.75} aria-hidden />
        {!narrow && entry.label}
      </Link>
    </Tooltip>
  );
}

function isHere(entry: Entry, path: string): boolean {
  return entry.to === '/' ? path === '/' : path === entry.to || path.startsWith(`${entry.to}/`);
}
