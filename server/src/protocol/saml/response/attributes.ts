/** The attributes of an assertion, within the bounds of security.md §4.6. */
import { attribute, childrenNamed, type Element } from '../document/tree.ts';
import { refuse, shown } from '../failures.ts';
import { SAML, XSI } from '../names.ts';
import type { VerifiedAssertion } from '../types.ts';

const MAX_NAMES = 200;
const MAX_VALUES = 2000;
const MAX_VALUE = 8192;
const MAX_NAME = 512;

export function attributesOf(assertion: Element): VerifiedAssertion['attributes'] {
  const statements = childrenNamed(assertion, SAML, 'AttributeStatement');
  const elements = statements.flatMap((statement) => childrenNamed(statement, SAML, 'Attribute'));
  if (elements.length > MAX_NAMES) refuse('saml_attributes', `The assertion has more than ${MAX_NAMES} attributes.`);
  return elements.map((element) => {
    const name = attribute(element, 'Name') ?? '';
    if (name === '' || name.length > MAX_NAME)
      refuse('saml_attributes', 'An attribute of the assertion has no usable name.');
    const values = childrenNamed(element, SAML, 'AttributeValue').filter((value) => !isNil(value));
    if (values.length > MAX_VALUES)
      refuse('saml_attributes', `The attribute ${shown(name)} has more than ${MAX_VALUES} values.`);
    return {
      name,
      friendlyName: attribute(element, 'FriendlyName'),
      nameFormat: attribute(element, 'NameFormat'),
      values: values.map((value) => readValue(value, name)),
    };
  });
}

const isNil = (value: Element) =>
  value.attributes.some((item) => item.name === 'nil' && item.namespace === XSI && /^(true|1)$/.test(item.value));

/** A value that is an element (eduPersonTargetedID holds a NameID) is read as its text. */
function readValue(value: Element, name: string): string {
  const text = textIn(value);
  if (text.length > MAX_VALUE)
    refuse('saml_attributes', `A value of the attribute ${shown(name)} has more than ${MAX_VALUE} characters.`);
  return text;
}

function textIn(element: Element): string {
  return element.children.length === 0 ? element.text : element.children.map(textIn).join('');
}
