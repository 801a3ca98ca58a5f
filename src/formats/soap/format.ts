import type { CompiledCall, Format, FormatPart, Report } from '../../model/contracts.ts';
import type { HttpCall, SoapCall, SoapEndpoint } from '../../model/definition.ts';
import { LegacyFaultError } from '../../model/errors.ts';
import type { LegacyReply } from '../../model/legacy.ts';
import type { SourceDocument } from '../../model/source.ts';
import { placeAt, type XmlLimits, type XmlTag } from '../../syntax/xml-reader.ts';
import { errorDocument, isSuccess } from '../error-answer.ts';
import { readLegacy, unexpected } from '../refusal.ts';
import { reportUnknownCharset } from '../report-charset.ts';
import { compileMatcher } from '../xml/element-matcher.ts';
import type { MatchHooks } from '../xml/match.ts';
import { readLegacyXml, xmlLimits } from '../xml/read-legacy-xml.ts';
import { sourceDocument } from '../xml/source-document.ts';
import { type Attachments, includedText, referencedText } from './attachments.ts';
import { bodyElement, compileSoapRequest } from './compile-request.ts';
import { ENCODED_REFERENCE, encodedReferenceTest } from './encoded-reference.ts';
import { EnvelopeReader, type ExpectedEnvelope } from './envelope-reader.ts';
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
  const limits = xmlLimits(part.limits);
  const envelopes = new EnvelopeReader({ ...expectedEnvelope(call, part, report), limits });
  const isReference = encodedReferenceTest(part.response);
  const expected = { envelopes, details: compileDetails(part.details, endpoint.namespaces ?? {}, report), limits };
  return {
    encode: compileSoapRequest(call, part.request, endpoint, report),
    decode: async (reply) => {
      const bytes = await reply.body.bytes();
      if (!isSuccess(reply.status)) throw errorAnswer(reply, bytes, endpoint, expected);
      const {
        bytes: envelope,
        contentType,
        attachments,
      } = readLegacy(() => readMessage(bytes, reply.contentType, part.limits));
      return readLegacyXml(envelope, contentType, endpoint.charset, (document) => {
        const hooks = matchHooks(document, attachments, isReference);
        return readAnswer(document, hooks, expected, reply.status);
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
  { endpoint, response }: FormatPart<SoapEndpoint>,
  report: Report,
): ExpectedEnvelope {
  const namespaces = endpoint.namespaces ?? {};
  const name = call.response ?? `${call.operation}Response`;
  const { local, namespace } = bodyElement(name, namespaces, 'call.response', report);
  return {
    version: soapVersion(endpoint.version),
    local,
    namespace: namespace ?? call.namespace ?? endpoint.namespace,
    matcher: compileMatcher(response, namespaces, report),
  };
}

/** What reading an answer goes by. */
interface Expected {
  readonly envelopes: EnvelopeReader;
  readonly details: DetailMatchers;
  readonly limits: XmlLimits;
}

function readAnswer(
  document: Uint8Array,
  hooks: MatchHooks,
  { envelopes, details, limits }: Expected,
  httpStatus: number,
): SourceDocument {
  const content = envelopes.read(document, hooks);
  if ('fault' in content) {
    const { names } = content.fault;
    throw new LegacyFaultError({ httpStatus, names, detail: readFaultDetail(document, details, limits) });
  }
  return sourceDocument(document, content.record, limits);
}

/** An HTTP error is a fault with or without an envelope; SOAP 1.1, 6.2 sends its faults with HTTP 500. */
function errorAnswer(
  reply: LegacyReply,
  bytes: Uint8Array,
  endpoint: SoapEndpoint,
  { envelopes, details, limits }: Expected,
): LegacyFaultError {
  const envelope = envelopeOf(bytes, reply.contentType);
  const document = errorDocument(envelope.bytes, envelope.contentType, endpoint.charset);
  const fault = envelopes.readFault(document);
  const detail = fault === undefined ? undefined : readFaultDetail(document, details, limits);
  return new LegacyFaultError({ httpStatus: reply.status, names: fault?.names ?? [], detail });
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
