/** A path of this hub to go to afterwards; anything that leads elsewhere becomes the portal (security.md P2). */
export function ownPath(wanted: unknown, baseUrl: string): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || wanted.length > 2000) return '/';
  try {
    const url = new URL(wanted, baseUrl);
    return url.origin === new URL(baseUrl).origin && !url.pathname.startsWith('//')
      ? url.pathname + url.search + url.hash
      : '/';
  } catch {
    return '/';
  }
}
