/** What stands in the place of a value that is not to be seen. */
export const MASK = '•••';

/** An XML document without its values: names, structure and namespaces stay. */
export function maskXml(document: string): string {
  return document
    .replace(/(?<!<\?xml[^>]*)(\s(?!xmlns[:=])[\w:.-]+=)("[^"]*"|'[^']*')/g, `$1"${MASK}"`)
    .replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, MASK)
    .replace(/>([^<]+)/g, (whole, text: string) => (text.trim() === '' ? whole : `>${MASK}`));
}

/** A document as it may be shown: XML without its values, anything else not at all. */
export function maskDocument(document: string): string {
  if (document === '') return '';
  return /^\s*</.test(document) ? maskXml(document) : `(${document.length} characters)`;
}

/** A path and query without the values that inputs filled into them. */
export function maskPath(path: string, values: readonly string[]): string {
  const segments = (path.split('?')[0] ?? '').split('/').map((segment) => (isValue(segment, values) ? MASK : segment));
  const query = path.includes('?') ? path.slice(path.indexOf('?')).replace(/=[^&]*/g, `=${MASK}`) : '';
  return segments.join('/') + query;
}

function isValue(segment: string, values: readonly string[]): boolean {
  return values.some((value) => value !== '' && segment.includes(encodeURIComponent(value)));
}

/** Secrets are never shown, whoever asks; a Basic password is found in its base64 too. */
export function hideSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  let shown = text;
  for (const [name, value] of secrets) if (value !== '') shown = shown.replaceAll(value, `(secret ${name})`);
  return shown;
}
