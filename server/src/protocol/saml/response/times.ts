/** Dates of SAML: xs:dateTime in UTC (core §1.3.3), compared with a tolerance that the refusal's sentence measures. */
import { attribute, type Element } from '../document/tree.ts';
import { refuse, shown } from '../failures.ts';

const DATE_TIME =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,12})?(?:Z|\+00:00)$/;

/** Milliseconds are kept, finer parts cut off; null for anything else. */
export function parseInstant(text: string): Date | null {
  const [, whole, fraction = ''] = DATE_TIME.exec(text) ?? [];
  if (whole === undefined) return null;
  const date = new Date(`${whole}${fraction.slice(0, 4)}Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== whole.slice(0, 10) ? null : date;
}

/** Null where the attribute is absent. Throws Refused for what is no instant. */
export function instantAt(element: Element, name: string): Date | null {
  const text = attribute(element, name);
  if (text === null) return null;
  return (
    parseInstant(text) ??
    refuse(
      'saml_structure',
      `${name} of ${element.name} is ${shown(text)}: an instant in UTC is expected, like 2026-01-31T10:00:00Z.`,
    )
  );
}

export interface Clock {
  now: Date;
  skewMs: number;
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;

/** "On or after" has ended: the tolerance is spent on top. */
export function requireBefore(end: Date, what: string, { now, skewMs }: Clock): void {
  const late = now.getTime() - end.getTime();
  if (late >= skewMs)
    refuse(
      'saml_expired',
      `${what} ended at ${end.toISOString()}, ${seconds(late)} before this hub's clock; the tolerance is ${seconds(skewMs)}.`,
    );
}

export function requireBegun(start: Date, what: string, { now, skewMs }: Clock): void {
  const early = start.getTime() - now.getTime();
  if (early > skewMs)
    refuse(
      'saml_not_yet_valid',
      `${what} begins at ${start.toISOString()}, ${seconds(early)} after this hub's clock; the tolerance is ${seconds(skewMs)}. One of the two clocks is wrong.`,
    );
}
