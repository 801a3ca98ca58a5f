/** A qualified name as it stands in a document, taken apart once however often it stands there. */
export class XmlName {
  readonly raw: string;
  readonly prefix: string;
  readonly local: string;
  /** The prefix that an attribute of this name declares, empty for `xmlns`; undefined where it declares none. */
  readonly declares: string | undefined;
  /** The namespace that the prefix, or the lack of one, stands for in the scope of declarations of this number. */
  namespace = '';
  scope = -1;
  /** The name that came next in the document when this one was last read: most documents repeat themselves. */
  next: XmlName | undefined = undefined;

  constructor(raw: string) {
    const colon = raw.indexOf(':');
    this.raw = raw;
    this.prefix = colon === -1 ? '' : raw.slice(0, colon);
    this.local = raw.slice(colon + 1);
    this.declares = raw === 'xmlns' ? '' : this.prefix === 'xmlns' ? this.local : undefined;
  }
}
