/** From what a browser carries to the bytes of a message, with a bound on their number (security.md §4.6, S24). */
import { inflateRawSync } from 'node:zlib';
import { refuse } from '../failures.ts';

/** Bytes of a decoded message. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The form parameter of the POST binding; line breaks inside are tolerated. Throws Refused. */
export function decodeMessage(encoded: string): Buffer {
  if (encoded === '') refuse('saml_message_missing', 'The message is empty.');
  if (encoded.length > (MAX_MESSAGE_BYTES / 3) * 4 * 1.1)
    refuse('saml_message_too_large', `The message is larger than ${MAX_MESSAGE_BYTES} bytes.`);
  const bytes = fromBase64(encoded);
  if (bytes === null || bytes.length === 0) refuse('saml_message_encoding', 'The message is not written in base64.');
  if (bytes.length > MAX_MESSAGE_BYTES)
    refuse(
      'saml_message_too_large',
      `The message has ${bytes.length} bytes; at most ${MAX_MESSAGE_BYTES} are accepted.`,
    );
  return bytes;
}

/** The query parameter of the Redirect binding: base64 of a raw DEFLATE stream. Throws Refused. */
export function decodeRedirected(encoded: string): Buffer {
  const deflated = fromBase64(encoded.slice(0, MAX_MESSAGE_BYTES));
  if (deflated === null || deflated.length === 0)
    refuse('saml_message_encoding', 'The message is not written in base64.');
  return inflateMessage(deflated);
}

/** Never makes more than the bound, whatever the stream promises. Throws Refused. */
export function inflateMessage(deflated: Uint8Array): Buffer {
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_MESSAGE_BYTES });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      refuse('saml_message_too_large', `The inflated message is larger than ${MAX_MESSAGE_BYTES} bytes.`);
    return refuse('saml_message_encoding', 'The message is not compressed with DEFLATE.');
  }
}

/** Strict base64 with white space between; null for anything else. */
export function fromBase64(text: string): Buffer | null {
  const packed = /[\s]/.test(text) ? text.replace(/[ \t\r\n]+/g, '') : text;
  if (packed.length % 4 !== 0 || !BASE64.test(packed)) return null;
  return Buffer.from(packed, 'base64');
}
