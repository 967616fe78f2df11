/** A file of the hub's API, saved: a link alone would not carry the header that makes a browser's session count. */

import { texts } from '../texts/index.ts';
import { errorOf } from './errors.ts';
import { useChange } from './hooks.ts';

const KEPT_MS = 60_000;

/** Throws RequestError. */
async function download(path: string, name: string): Promise<void> {
  const response = await fetch(path, { headers: { 'x-gatehouse-console': '1' }, credentials: 'same-origin' });
  if (!response.ok) throw await errorOf(response);
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

export function useDownload(path: string, name: string) {
  return useChange(() => download(path, name), { refused: texts.errors.notDownloaded, outdates: [] });
}
