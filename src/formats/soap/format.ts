import type { CompiledCall, Format, FormatPart, Report } from '../../model/contracts.ts';
import type { HttpCall, SoapCall, SoapEndpoint } from '../../model/definition.ts';
import type { LegacyFaultError } from '../../model/errors.ts';
import type { LegacyReply } from '../../model/legacy.ts';
import type { SourceDocument } from '../../model/source.ts';
import { placeAt, type XmlLimits, XmlReader, type XmlTag } from '../../syntax/xml-reader.ts';
import { readLegacy, unexpected } from '../refusal.ts';
import { reportUnknownCharset } from '../report-charset.ts';
import { errorText, isSuccess, statusFault } from '../status-fault.ts';
import { compileMatcher } from '../xml/element-matcher.ts';
import type { MatchHooks } from '../xml/match.ts';
import { readLegacyXml, xmlLimits } from '../xml/read-legacy-xml.ts';
import { sourceDocument } from '../xml/source-document.ts';
import { type Attachments, includedText, referencedText } from './attachments.ts';
import { bodyElement, compileSoapRequest } from './compile-request.ts';
import { ENCODED_REFERENCE, encodedReferenceTest } from './encoded-reference.ts';
import { type ExpectedEnvelope, readEnvelope, readFault } from './envelope-reader.ts';
import { compileDetails, type DetailMatchers, readFaultDetail } from './fault-detail.ts';
import { readMessage, type WireMessage } from './multipart.ts';
import { soapVersion } from './soap-version.ts';

/**
 * SOAP 1.1 and 1.2 over HTTP, document/literal and rpc/literal, answers with MTOM/XOP and swaRef attachments. Positions
 * are relative to the body element. A fault is one whatever HTTP status it comes with; rpc/encoded references are refused.
 */
export const soapFormat: Format<SoapEndpoint> = { name: 'soap', rows: false, compile: compileSoapCall };

function compileSoapCall(part: FormatPart<SoapEndpoint>, report: Report): CompiledCall {
  const { endpoint } = part;
  const call = soapCall(part.call, report);
  reportUnknownCharset(endpoint.charset, report);
  const expected = expectedEnvelope(call, part, report);
  const isReference = encodedReferenceTest(part.response);
  const details = compileDetails(part.details, endpoint.namespaces ?? {}, report);
  return {
    encode: compileSoapRequest(call, part.request, endpoint, report),
    decode: async (reply) => {
      const bytes = await reply.body.bytes();
      if (!isSuccess(reply.status)) throw errorAnswer(reply, bytes, endpoint, expected, details);
      const {
        bytes: envelope,
        contentType,
        attachments,
      } = readLegacy(() => readMessage(bytes, reply.contentType, part.limits));
      return readLegacyXml(envelope, contentType, endpoint.charset, (document) => {
        const hooks = matchHooks(document, attachments, isReference);
        return readAnswer(document, { ...expected, hooks }, details, reply.status);
      });
    },
  };
}

function soapCall(call: HttpCall | SoapCall, report: Report): SoapCall {
  if ('operation' in call) return call;
  report('call', 'A SOAP endpoint is called by operation: expected the name of one, not a path');
  return { operation: 'Operation' };
}

function expectedEnvelope(
  call: SoapCall,
  { endpoint, response, limits }: FormatPart<SoapEndpoint>,
  report: Report,
): Expected {
  const namespaces = endpoint.namespaces ?? {};
  const xml = xmlLimits(limits);
  const name = call.response ?? `${call.operation}Response`;
  const { local, namespace } = bodyElement(name, namespaces, 'call.response', report);
  return {
    version: soapVersion(endpoint.version),
    local,
    namespace: namespace ?? call.namespace ?? endpoint.namespace,
    matcher: compileMatcher(response, namespaces, report),
    hooks: {},
    reader: new XmlReader(xml),
    limits: xml,
  };
}

/** What reading an answer goes by. */
interface Expected extends ExpectedEnvelope {
  readonly limits: XmlLimits;
}

function readAnswer(
  document: Uint8Array,
  expected: Expected,
  details: DetailMatchers,
  httpStatus: number,
): SourceDocument {
  const content = readEnvelope(document, expected);
  if ('fault' in content) {
    const { names, text } = content.fault;
    throw statusFault(httpStatus, names, text, readFaultDetail(document, details, expected.limits));
  }
  return sourceDocument(document, content.record, expected.limits);
}

/** An HTTP error is a fault with or without an envelope; SOAP 1.1, 6.2 sends its faults with HTTP 500. */
function errorAnswer(
  reply: LegacyReply,
  bytes: Uint8Array,
  endpoint: SoapEndpoint,
  expected: Expected,
  details: DetailMatchers,
): LegacyFaultError {
  const envelope = envelopeOf(bytes, reply.contentType);
  const text = errorText(envelope.bytes, envelope.contentType, endpoint.charset);
  const document = new TextEncoder().encode(text);
  const fault = readFault(document, expected);
  const detail = fault === undefined ? undefined : readFaultDetail(document, details, expected.limits);
  return statusFault(reply.status, fault?.names ?? [], fault?.text ?? text, detail);
}

/** The envelope of an error answer; the bytes as they are where a multipart cannot be taken apart. */
function envelopeOf(bytes: Uint8Array, contentType: string | undefined): Pick<WireMessage, 'bytes' | 'contentType'> {
  try {
    return readMessage(bytes, contentType);
  } catch {
    return { bytes, contentType };
  }
}

function matchHooks(document: Uint8Array, attachments: Attachments, isReference: (tag: XmlTag) => boolean): MatchHooks {
  return {
    check: (tag) => {
      if (isReference(tag)) throw unexpected(ENCODED_REFERENCE, { ...placeAt(document, tag.offset), path: tag.local });
    },
    inline: (tag) => includedText(tag, document, attachments),
    finish: attachments.size === 0 ? undefined : (text) => referencedText(text, attachments),
  };
}
