/** A value as Cap'n Proto's text format writes it: text, lists, structs by field name, and what only that format knows. */
export type CapnpValue = string | boolean | readonly CapnpValue[] | CapnpStruct | CapnpWord;
export interface CapnpStruct {
  readonly [field: string]: CapnpValue | undefined;
}

/** Written as it stands: the name of an enumerant, `void`, or an embedded file. */
export class CapnpWord {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The content of a file, read when workerd reads the configuration; an absolute path is looked up under its `-I` folders. */
export function embed(path: string): CapnpWord {
  return new CapnpWord(`embed ${quoted(path)}`);
}

/**
 * A workerd configuration as the text that `workerd serve FILE` and `workerd test FILE` read. Throws a TypeError for text
 * with a NUL character, which Cap'n Proto's Text cannot hold.
 */
export function capnpConfiguration(config: CapnpStruct): string {
  return `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${written(config, '')};\n`;
}

function written(value: CapnpValue, indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof CapnpWord) return value.text;
  const inner = `${indent}  `;
  if (isList(value)) {
    return enclosed(
      '[',
      value.map((item) => written(item, inner)),
      ']',
      indent,
    );
  }
  const fields = Object.entries(value).flatMap(([name, field]) =>
    field === undefined ? [] : [`${name} = ${written(field, inner)}`],
  );
  return enclosed('(', fields, ')', indent);
}

function enclosed(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`;
}

/** Array.isArray does not narrow readonly arrays. */
function isList(value: readonly CapnpValue[] | CapnpStruct): value is readonly CapnpValue[] {
  return Array.isArray(value);
}

/** Everything but plain printable ASCII goes as the bytes of its UTF-8, so nothing can end the string or hide in it. */
function quoted(text: string): string {
  if (text.includes('\0')) throw new TypeError('Text for a workerd configuration holds a NUL character');
  const bytes = [...new TextEncoder().encode(text)];
  return `"${bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)).join('')}"`;
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
}
