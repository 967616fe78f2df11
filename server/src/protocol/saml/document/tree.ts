/**
 * A parsed message as plain values, and the canonical bytes of a part of it. The parser is libxml2: no DTD, no entity, no network.
 */
import {
  ParseOption,
  type XmlAttribute,
  XmlC14NMode,
  XmlDocument,
  type XmlElement,
  type XmlOutputBufferHandler,
  XmlText,
} from 'libxml2-wasm';
import { refuse } from '../failures.ts';
import { guardDocument } from './guard.ts';

export interface Attribute {
  readonly name: string;
  /** '' for none. */
  readonly namespace: string;
  readonly value: string;
}

/** Alive as long as its document: nothing of it may be kept. */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Attribute[];
  readonly children: Element[];
  /** The text directly inside, in one piece. */
  readonly text: string;
  readonly parent: Element | null;
  readonly node: XmlElement;
}

export interface Tree {
  root: Element;
  document: XmlDocument;
}

const OPTIONS = {
  option:
    ParseOption.XML_PARSE_NONET |
    ParseOption.XML_PARSE_NO_XXE |
    ParseOption.XML_PARSE_NOERROR |
    ParseOption.XML_PARSE_NOWARNING |
    ParseOption.XML_PARSE_NO_SYS_CATALOG,
};

/** Guards, parses, hands the tree to `read` and frees it afterwards. Throws Refused. */
export function withTree<T>(bytes: Uint8Array, read: (tree: Tree) => T): T {
  const document = parse(guardDocument(bytes));
  try {
    const root = elementOf(document.root, null);
    requireUniqueIds(root);
    return read({ root, document });
  } finally {
    document.dispose();
  }
}

function parse(bytes: Uint8Array): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytes, OPTIONS);
  } catch {
    return refuse('saml_not_wellformed', 'The message is not well-formed XML.');
  }
}

function elementOf(node: XmlElement, parent: Element | null): Element {
  const element = new ParsedElement(node, parent);
  for (let child = node.firstChild; child !== null; child = child.next) {
    if (child instanceof XmlText) element.texts.push(child);
    else element.children.push(elementOf(child as XmlElement, element));
  }
  return element;
}

/**
 * Every value that is read crosses from the parser's memory to ours, which costs more than the parsing: so each is read when it is asked for,
 * and most of a message, which is read again from its verified bytes, is never asked for here.
 */
class ParsedElement implements Element {
  readonly node: XmlElement;
  readonly parent: Element | null;
  readonly name: string;
  readonly attributes: Attribute[];
  readonly children: Element[] = [];
  readonly texts: XmlText[] = [];

  constructor(node: XmlElement, parent: Element | null) {
    this.node = node;
    this.parent = parent;
    this.name = node.name;
    this.attributes = node.attrs.map((attribute) => new ParsedAttribute(attribute));
  }

  get namespace(): string {
    return this.node.namespaceUri;
  }

  get text(): string {
    return this.texts.map(({ content }) => content).join('');
  }
}

class ParsedAttribute implements Attribute {
  readonly name: string;
  private readonly node: XmlAttribute;

  constructor(node: XmlAttribute) {
    this.node = node;
    this.name = node.name;
  }

  get namespace(): string {
    return this.node.namespaceUri;
  }

  get value(): string {
    return this.node.value;
  }
}

const ID_NAMES = ['ID', 'Id', 'id', 'AssertionID', 'ResponseID'];

/** Over every attribute that anybody might take for an id, whatever its namespace (S3, S8). */
function requireUniqueIds(root: Element): void {
  const seen = new Set<string>();
  for (const element of everyElement(root)) {
    const ids = element.attributes.filter(({ name }) => ID_NAMES.includes(name));
    for (const { value } of ids) {
      if (seen.has(value)) refuse('saml_duplicate_id', 'Two elements of the message have the same ID.');
      seen.add(value);
    }
    if (ids.some(({ name, namespace }) => name === 'ID' && namespace !== ''))
      refuse('saml_structure', 'An ID attribute stands in a namespace.');
  }
}

/** In document order, the element itself first. */
export function everyElement(element: Element, found: Element[] = []): Element[] {
  found.push(element);
  for (const child of element.children) everyElement(child, found);
  return found;
}

/** The value of an attribute without a namespace; null where there is none. */
export function attribute(element: Element, name: string): string | null {
  return element.attributes.find((item) => item.name === name && item.namespace === '')?.value ?? null;
}

export function childrenNamed(element: Element, namespace: string, name: string): Element[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

/** The only child of that name; null for none. Throws Refused for two. */
export function onlyChild(element: Element, namespace: string, name: string): Element | null {
  const [first, second] = childrenNamed(element, namespace, name);
  if (second !== undefined) refuse('saml_structure', `${element.name} has more than one ${name}.`);
  return first ?? null;
}

/** The text of an element that has nothing but text in it. Throws Refused. */
export function textOf(element: Element): string {
  if (element.children.length > 0) refuse('saml_structure', `${element.name} must contain text only.`);
  return element.text;
}

/**
 * Exclusive canonical form without comments (xml-exc-c14n). `prefixes`: InclusiveNamespaces. A part of a document is first made a document of
 * its own, with the namespaces in scope: libxml2 then needs no call per node to tell what belongs to it. Only what the digest confirms is
 * read afterwards, so that nothing rests on that copy. Throws Refused: a failure is never empty bytes (S8).
 */
export function canonicalBytes(tree: Tree, element: Element, prefixes: readonly string[]): Buffer {
  if (element.parent === null) return canonicalDocument(tree.document, prefixes);
  const part = parse(Buffer.from(standAlone(element)));
  try {
    return canonicalDocument(part, prefixes);
  } finally {
    part.dispose();
  }
}

/** The element as a document: its start tag also declares what was declared around it. */
function standAlone({ node }: Element): string {
  const own = node.nsDeclarations;
  const inherited = Object.entries(node.namespaces).filter(([prefix]) => !Object.hasOwn(own, prefix));
  const text = node.toString({ format: false, noDeclaration: true });
  const name = /^<[^\s/>]+/.exec(text)?.[0] ?? '';
  return name + inherited.map(([prefix, uri]) => declaration(prefix, uri)).join('') + text.slice(name.length);
}

/** A namespace declaration as it stands in a start tag. */
export function declaration(prefix: string, uri: string): string {
  const escaped = uri.replace(/[&<>"\r\n\t]/g, (character) => `&#${character.charCodeAt(0)};`);
  return ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escaped}"`;
}

function canonicalDocument(document: XmlDocument, prefixes: readonly string[]): Buffer {
  const output = new Output();
  try {
    document.canonicalize(output, {
      mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
      ...(prefixes.length > 0 && { inclusiveNamespacePrefixes: [...prefixes] }),
    });
  } catch {
    refuse('saml_signature_invalid', 'The signed part of the message cannot be put into canonical form.');
  }
  const bytes = Buffer.concat(output.pieces);
  if (bytes.length === 0) refuse('saml_signature_invalid', 'The canonical form of the signed part is empty.');
  return bytes;
}

class Output implements XmlOutputBufferHandler {
  readonly pieces: Buffer[] = [];

  write(piece: Uint8Array): number {
    this.pieces.push(Buffer.from(piece));
    return piece.length;
  }

  close(): boolean {
    return true;
  }
}

/** Takes an element out of its document, before what holds it is put into canonical form. */
export function detach(element: Element): void {
  const siblings = element.parent?.children ?? [];
  siblings.splice(siblings.indexOf(element), 1);
  element.node.remove();
}
