/** A page's filters and tab live in its address, so that a reload, a link and the back button keep them. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';

/** Every name that a page may keep in its address. */
const NAMES = ['q', 'status', 'type', 'outcome', 'since', 'filter', 'tab', 'preset'] as const;

export type PageSearch = Partial<Record<(typeof NAMES)[number], string>>;

export function parseSearch(raw: Record<string, unknown>): PageSearch {
  const found: PageSearch = {};
  for (const name of NAMES) {
    const value = raw[name];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      found[name] = String(value);
  }
  return found;
}

export function useUrlState(name: keyof PageSearch, fallback = ''): [string, (value: string | null) => void] {
  const search: PageSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = (value: string | null) => {
    const next = value === null || value === '' || value === fallback ? undefined : value;
    void navigate({ to: '.', search: (previous: PageSearch) => ({ ...previous, [name]: next }), replace: true });
  };
  return [search[name] ?? fallback, set];
}

/** The id of the thing that a page shows. */
export function usePageId(): string {
  return useParams({ strict: false }).id ?? '';
}
