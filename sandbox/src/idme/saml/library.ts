import samlify from 'samlify';

/** The SAML library. Its named exports are not visible to Node's own import, its default export is. */
export const { SamlLib, Extractor } = samlify;

/** Text of the elements at a path of local names; several elements give several texts. */
export function textsAt(document: string, path: string[]): string[] {
  const { found } = Extractor.extract(document, [{ key: 'found', localPath: path, attributes: [] }]);
  return listed(found).map((text) => text.trim());
}

/** One attribute of the first element at a path; undefined where it is absent. */
export function attributeAt(document: string, path: string[], name: string): string | undefined {
  const { found } = Extractor.extract(document, [{ key: 'found', localPath: path, attributes: [name] }]);
  return typeof found === 'string' ? found : undefined;
}

/** The elements at a path, each as a document of its own. */
export function elementsAt(document: string, path: string[]): string[] {
  const { found } = Extractor.extract(document, [{ key: 'found', localPath: path, attributes: [], context: true }]);
  return listed(found);
}

function listed(found: unknown): string[] {
  if (Array.isArray(found)) return found.filter((value): value is string => typeof value === 'string');
  return typeof found === 'string' ? [found] : [];
}
