import { ENCODED_REFERENCE } from '../../../formats/soap/encoded-reference.ts';
import { SOAP_VERSIONS, type SoapVersion } from '../../../formats/soap/soap-version.ts';
import { CommandError } from '../../shell.ts';
import type { SourceElement } from '../wsdl/source-element.ts';

/** A SOAP envelope taken apart. */
export interface SoapMessage {
  readonly version: SoapVersion;
  readonly envelope: SourceElement;
  readonly headers: readonly SourceElement[];
  readonly header: SourceElement | undefined;
  readonly body: SourceElement;
  /** The one element in the body; undefined where there is none. */
  readonly content: SourceElement | undefined;
  readonly isFault: boolean;
}

/** SOAP 1.2 part 2, 3.1.5; SOAP 1.1's `href` (5.4.1) has no namespace. */
const SOAP12_REF = '{http://www.w3.org/2003/05/soap-encoding}ref';

/** Of any SOAP version, drafts of the standard among them; other vocabularies have a root of this name too. */
export function isEnvelope({ local, namespace }: SourceElement): boolean {
  return local === 'Envelope' && /soap/i.test(namespace);
}

/**
 * Takes an envelope apart. Throws CommandError for what the reader of SOAP answers refuses: an unknown version, no
 * body or several elements in it, multi-reference values (rpc/encoded).
 */
export function readSoapMessage(envelope: SourceElement): SoapMessage {
  const version = SOAP_VERSIONS.find(({ namespace }) => namespace === envelope.namespace);
  if (version === undefined) throw new CommandError(`${envelope.place}: The envelope is of no known SOAP version`);
  const named = (local: string) =>
    envelope.children.filter((child) => child.local === local && child.namespace === version.namespace);
  const [body, second] = named('Body');
  if (body === undefined) throw new CommandError(`${envelope.place}: The SOAP envelope has no Body`);
  if (second !== undefined) throw new CommandError(`${second.place}: The SOAP envelope has two Bodies`);
  const [header] = named('Header');
  const fault = body.children.find(({ local, namespace }) => local === 'Fault' && namespace === version.namespace);
  const [first, other] = body.children;
  if (fault === undefined && body.children.length > 0) refuseReferences(body);
  if (fault === undefined && other !== undefined) {
    throw new CommandError(`${other.place}: The SOAP body holds more than one element: expected one`);
  }
  const content = fault ?? first;
  return { version, envelope, headers: header?.children ?? [], header, body, content, isFault: fault !== undefined };
}

/** An `href` beside text or children is data; one on an empty element stands for another element. */
function refuseReferences(element: SourceElement): void {
  const refers = element.attributes.get('href')?.startsWith('#') === true || element.attributes.has(SOAP12_REF);
  const isReference = refers && element.children.length === 0 && element.text.trim() === '';
  if (isReference || element.local === 'multiRef') throw new CommandError(`${element.place}: ${ENCODED_REFERENCE}`);
  for (const child of element.children) refuseReferences(child);
}
