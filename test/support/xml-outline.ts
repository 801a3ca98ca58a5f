import { SaxesParser } from 'saxes';

/** What an independent parser finds in a document, for comparison with what a plan reads. */
export interface Outline {
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly { readonly local: string; readonly namespace: string; readonly value: string }[];
  readonly children: readonly Outline[];
  /** The element's own text. */
  readonly text: string;
}

/** Parses with saxes, namespaces resolved. Throws its error for what is not well-formed. */
export function outline(text: string): Outline {
  const parser = new SaxesParser({ xmlns: true });
  const root: Growing = { local: '', namespace: '', attributes: [], children: [], text: '' };
  const open: Growing[] = [root];
  const add = (more: string): void => {
    const top = open.at(-1);
    if (top !== undefined) top.text += more;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ local, uri, attributes }) => {
    const kept = Object.values(attributes).filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns');
    const element: Growing = {
      local,
      namespace: uri,
      attributes: kept.map((attribute) => ({
        local: attribute.local,
        namespace: attribute.uri,
        value: attribute.value,
      })),
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  const element = root.children[0];
  if (element === undefined) throw new Error('The document has no element');
  return element;
}

type Growing = { -readonly [K in keyof Omit<Outline, 'children'>]: Outline[K] } & { readonly children: Growing[] };

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/**
 * Every text of a document by its position: leaf elements and attributes without namespace, in document order, null for
 * nil. Paths that are a leaf in one place and a parent in another are left out, as no text position fits them.
 */
export function textsByPosition(root: Outline): Map<string, (string | null)[]> {
  const texts = new Map<string, (string | null)[]>();
  const parents = new Set<string>();
  const add = (position: string, text: string | null): void => {
    texts.set(position, [...(texts.get(position) ?? []), text]);
  };
  const walk = (element: Outline, path: string): void => {
    for (const { local, namespace, value } of element.attributes) {
      if (namespace === '') add(`${path}${path === '' ? '' : '/'}@${local}`, value);
    }
    if (element.children.length > 0) parents.add(path);
    else if (path !== '') add(path, isNil(element) ? null : element.text);
    for (const child of element.children) walk(child, path === '' ? child.local : `${path}/${child.local}`);
  };
  walk(root, '');
  for (const parent of parents) texts.delete(parent);
  return texts;
}

function isNil({ attributes }: Outline): boolean {
  const value = attributes.find(({ local, namespace }) => local === 'nil' && namespace === XSI)?.value.trim();
  return value === 'true' || value === '1';
}
