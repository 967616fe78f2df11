/** How a person is called on the screen. */
import type { User } from '../contract.ts';

export function nameOf(user: User): string {
  return (
    [user.profile.firstName, user.profile.lastName].filter(Boolean).join(' ') || String(user.profile.login ?? user.id)
  );
}
