/** Addresses of a provider. What the hub itself calls must pass the egress policy; where only browsers go, https suffices. */
import type { Egress } from '../../http/index.ts';
import type { FieldReader } from './field-reader.ts';

const MAX_URL = 1024;

export function readUrl(
  reader: FieldReader,
  path: string,
  admits: Egress['admits'],
  options: { browser: boolean; required?: boolean },
): string | null {
  const text = reader.text(path, { max: MAX_URL, required: options.required ?? true });
  if (text === null) return null;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    reader.refuse(path, 'must be an https URL, for example https://idp.example.com/path');
  else if (url.hash !== '') reader.refuse(path, 'must not have a fragment (what follows "#")');
  else if (url.username !== '' || url.password !== '')
    reader.refuse(path, 'must not contain a user name or a password');
  else if (!options.browser || url.protocol === 'http:') {
    const admitted = admits(text);
    if (!admitted.ok) reader.refuse(path, admitted.error.message);
  }
  return text;
}
