import type { CompiledCall, Format, FormatPart, Report } from '../../model/contracts.ts';
import type { XmlEndpoint } from '../../model/definition.ts';
import { LegacyFaultError } from '../../model/errors.ts';
import type { SourceDocument } from '../../model/source.ts';
import { placeAt, type XmlLimits, XmlReader, type XmlTag } from '../../syntax/xml-reader.ts';
import { elementNames, errorDocument, isSuccess } from '../error-answer.ts';
import { httpCall } from '../http-call.ts';
import { unexpected } from '../refusal.ts';
import { reportUnknownCharset } from '../report-charset.ts';
import { compileXmlRequest } from './compile-request.ts';
import { compileMatcher } from './element-matcher.ts';
import { Match } from './match.ts';
import { parseStep, type Step } from './position.ts';
import { readLegacyXml, refuseHtml, xmlLimits } from './read-legacy-xml.ts';
import { sourceDocument } from './source-document.ts';

/**
 * Plain XML over HTTP: a GET or a posted form or document, answered by a document. Positions are relative to the root
 * element, of the request as of the answer. Every HTTP status outside 2xx is a fault.
 */
export const xmlFormat: Format<XmlEndpoint> = { name: 'xml', rows: false, compile: compileXmlCall };

function compileXmlCall(part: FormatPart<XmlEndpoint>, report: Report): CompiledCall {
  const { endpoint } = part;
  const call = httpCall(part.call, report);
  reportUnknownCharset(endpoint.charset, report);
  const namespaces = endpoint.namespaces ?? {};
  const match = new Match(compileMatcher(part.response, namespaces, report), '');
  const root = call.answers === undefined ? undefined : answeredRoot(call.answers, namespaces, report);
  const limits = xmlLimits(part.limits);
  const expected = { match, root, limits, reader: new XmlReader(limits) };
  return {
    encode: compileXmlRequest(call, part.request, endpoint, report),
    decode: async (reply) => {
      const bytes = await reply.body.bytes();
      if (!isSuccess(reply.status)) {
        const document = errorDocument(bytes, reply.contentType, endpoint.charset);
        throw new LegacyFaultError({ httpStatus: reply.status, names: elementNames(document, limits) });
      }
      return readLegacyXml(bytes, reply.contentType, endpoint.charset, (document) => readAnswer(document, expected));
    },
  };
}

function answeredRoot(name: string, namespaces: Readonly<Record<string, string>>, report: Report): Step | undefined {
  try {
    return parseStep(name, namespaces);
  } catch (error) {
    report('call.answers', (error as TypeError).message);
    return undefined;
  }
}

/** What reading an answer goes by. */
interface Expected {
  readonly root: Step | undefined;
  readonly limits: XmlLimits;
  /** For all answers of the operation. */
  readonly reader: XmlReader;
  readonly match: Match;
}

function readAnswer(document: Uint8Array, { match, root, limits, reader }: Expected): SourceDocument {
  try {
    reader.read(document, {
      open: (tag) => {
        checkRoot(tag, root, document);
        tag.handInside(match);
        return match.begin(tag, document);
      },
      text: () => {},
      close: () => {},
    });
    return sourceDocument(document, match.record, limits);
  } finally {
    match.forget();
  }
}

function checkRoot(tag: XmlTag, root: Step | undefined, document: Uint8Array): void {
  if (/^html$/i.test(tag.local)) refuseHtml(document);
  if (root === undefined) return;
  const sameNamespace = root.namespace === undefined || root.namespace === tag.namespace;
  if (tag.local === root.local && sameNamespace) return;
  const expected = root.namespace === undefined ? root.local : `${root.local} of namespace ${root.namespace}`;
  throw unexpected(`The answer's root element is not the declared one: expected ${expected}`, {
    ...placeAt(document, tag.offset),
    path: tag.local,
  });
}
