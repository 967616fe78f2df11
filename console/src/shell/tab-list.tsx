/** The tabs of a page in one line: the active one is in view, and an edge that hides others fades. */
import { Tabs, type TabsListProps } from '@mantine/core';
import { useEffect, useRef } from 'react';

export function TabList(props: TabsListProps) {
  const ref = useRef<HTMLDivElement>(null);
  const shown = useRef<string | null>(null);

  useEffect(() => {
    const list = ref.current;
    if (list !== null && activeOf(list)?.id !== shown.current) shown.current = showActive(list);
  });

  useEffect(() => {
    const list = ref.current;
    if (list === null) return;
    const mark = () => markEdges(list);
    const sizes = new ResizeObserver(() => {
      shown.current = showActive(list);
      mark();
    });
    sizes.observe(list);
    list.addEventListener('scroll', mark, { passive: true });
    return () => {
      sizes.disconnect();
      list.removeEventListener('scroll', mark);
    };
  }, []);

  return <Tabs.List ref={ref} {...props} />;
}

function activeOf(list: HTMLElement): HTMLElement | null {
  return list.querySelector<HTMLElement>('[role="tab"][data-active]');
}

/** Scrolls the list alone, never the page. */
function showActive(list: HTMLElement): string | null {
  const tab = activeOf(list);
  if (tab === null) return null;
  list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  return tab.id;
}

function markEdges(list: HTMLElement): void {
  const rest = list.scrollWidth - list.clientWidth - list.scrollLeft;
  list.toggleAttribute('data-more-before', list.scrollLeft > 1);
  list.toggleAttribute('data-more-after', rest > 1);
}
