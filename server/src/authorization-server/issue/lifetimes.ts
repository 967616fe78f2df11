import { DAY, HOUR, SECOND } from '../../shared/clock.ts';

/** How long what is issued lives, in milliseconds (rulings 12, 13). */
export interface Lifetimes {
  code: number;
  idToken: number;
  accessToken: number;
  /** From the sign-in on, however often it is rotated. */
  refreshToken: number;
  /** In which a used refresh token may be sent again and gets the same successor. */
  refreshGrace: number;
}

export const DEFAULT_LIFETIMES: Lifetimes = {
  code: 60 * SECOND,
  idToken: HOUR,
  accessToken: HOUR,
  refreshToken: 30 * DAY,
  refreshGrace: 10 * SECOND,
};
