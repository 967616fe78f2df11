/**
 * What may reach the parser at all, checked on the raw bytes in one pass (security.md S4, S5, S22, S23, §4.6): UTF-8 without DOCTYPE,
 * comment, CDATA or processing instruction, of bounded size, depth and width. It need not know XML: where it errs, it refuses.
 */
import { isUtf8 } from 'node:buffer';
import { refuse } from '../failures.ts';

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 5000;
const MAX_ATTRIBUTES = 50;
/** A message has two signatures at most; each more would cost a canonical form before it is refused. */
const MAX_REFERENCES = 8;

const [LESS, GREATER, SLASH, BANG, QUESTION, QUOTE, APOSTROPHE] = [0x3c, 0x3e, 0x2f, 0x21, 0x3f, 0x22, 0x27];
const DECLARATION =
  /^<\?xml\s+version\s*=\s*(["'])1\.0\1(\s+encoding\s*=\s*(["'])utf-8\3)?(\s+standalone\s*=\s*(["'])(yes|no)\5)?\s*\?>/i;
const LONGEST_DECLARATION = 200;

/** The bytes without a leading byte order mark and declaration. Throws Refused. */
export function guardDocument(bytes: Uint8Array): Uint8Array {
  if (!isUtf8(bytes)) refuse('saml_document_refused', 'The message is not encoded in UTF-8.');
  const body = withoutDeclaration(bytes);
  if (body.includes(0)) refuse('saml_document_refused', 'The message contains a NUL character.');
  scan(body);
  return body;
}

function withoutDeclaration(bytes: Uint8Array): Uint8Array {
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const head = Buffer.from(bytes.subarray(from, from + LONGEST_DECLARATION)).toString('latin1');
  if (!head.startsWith('<?')) return bytes.subarray(from);
  const [declaration] = DECLARATION.exec(head) ?? [];
  if (declaration === undefined)
    refuse('saml_document_refused', 'The message begins with something other than an XML 1.0 declaration for UTF-8.');
  return bytes.subarray(from + declaration.length);
}

function scan(bytes: Uint8Array): void {
  let depth = 0;
  let elements = 0;
  let references = 0;
  for (let at = bytes.indexOf(LESS); at !== -1; at = bytes.indexOf(LESS, at)) {
    const next = bytes[at + 1];
    if (next === BANG)
      refuse(
        'saml_document_refused',
        'The message contains a DOCTYPE, a comment, a CDATA section or another declaration.',
      );
    if (next === QUESTION) refuse('saml_document_refused', 'The message contains a processing instruction.');
    if (next === SLASH) {
      depth--;
      at += 2;
      continue;
    }
    if (++elements > MAX_ELEMENTS)
      refuse('saml_document_refused', `The message has more than ${MAX_ELEMENTS} elements.`);
    if (isReference(bytes, at + 1) && ++references > MAX_REFERENCES)
      refuse('saml_document_refused', `The message holds more than ${MAX_REFERENCES} signatures or references.`);
    const end = endOfTag(bytes, at + 1);
    if (bytes[end - 1] !== SLASH && ++depth > MAX_DEPTH)
      refuse('saml_document_refused', `The message nests deeper than ${MAX_DEPTH} elements.`);
    at = end + 1;
  }
}

const REFERENCES = ['Signature', 'Reference'];
const [SPACE, COLON, NAME_LENGTH] = [0x20, 0x3a, 9];

/** Whether a tag is called Signature or Reference (both have nine letters), under whatever prefix. */
function isReference(bytes: Uint8Array, from: number): boolean {
  let start = from;
  let end = from;
  for (
    let byte = bytes[end];
    byte !== undefined && byte > SPACE && byte !== GREATER && byte !== SLASH;
    byte = bytes[end]
  ) {
    end++;
    if (byte === COLON) start = end;
  }
  return end - start === NAME_LENGTH && REFERENCES.includes(String.fromCharCode(...bytes.subarray(start, end)));
}

/** The position of the tag's ">"; what stands between quotes does not end it. */
function endOfTag(bytes: Uint8Array, from: number): number {
  let attributes = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === GREATER) return at;
    if (byte !== QUOTE && byte !== APOSTROPHE) continue;
    if (++attributes > MAX_ATTRIBUTES)
      refuse('saml_document_refused', `An element has more than ${MAX_ATTRIBUTES} attributes.`);
    at = bytes.indexOf(byte, at + 1);
    if (at === -1) break;
  }
  return refuse('saml_not_wellformed', 'A tag of the message is not closed.');
}
