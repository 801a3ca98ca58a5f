import { CommandError } from '../../shell.ts';
import type { SourceElement } from '../wsdl/source-element.ts';
import { readSampleMessage, type SampleMessage } from './sample-message.ts';
import { isEnvelope, readSoapMessage, type SoapMessage } from './soap-message.ts';

/** A recorded exchange with a legacy system: its answer, and what it was asked where that is known. */
export interface XmlSample {
  /** The file's name, for all that is told of it, and for the example that it becomes. */
  readonly name: string;
  readonly request?: Uint8Array;
  readonly response: Uint8Array;
  /** Of the answer; charset and multipart boundary are told from the bytes where it is left out. */
  readonly contentType?: string;
}

/** A message of a sample, read. */
export interface SampleSide {
  readonly message: SampleMessage;
  readonly soap: SoapMessage | undefined;
  /** The SOAP body's element, or the document's root. */
  readonly content: SourceElement;
  readonly location: string;
}

export interface SampleExchange {
  readonly name: string;
  readonly request: SampleSide | undefined;
  readonly response: SampleSide;
  readonly isFault: boolean;
}

/** Reads a sample. Throws CommandError with file, line and reason for what no adapter could read or send. */
export function readSampleExchange(sample: XmlSample): SampleExchange {
  const response = readSide(sample.response, sample.contentType, sample.name);
  const request =
    sample.request === undefined ? undefined : readSide(sample.request, undefined, `${sample.name} (request)`);
  const isFault = response.soap?.isFault ?? false;
  if (request !== undefined) requireSameKind(request, response, isFault);
  return { name: sample.name, request, response, isFault };
}

function readSide(bytes: Uint8Array, contentType: string | undefined, location: string): SampleSide {
  const message = readSampleMessage(bytes, contentType, location);
  if (!isEnvelope(message.root)) return { message, soap: undefined, content: message.root, location };
  const soap = readSoapMessage(message.root);
  if (soap.content === undefined) {
    throw new CommandError(`${soap.body.place}: The SOAP body is empty: expected one element`);
  }
  return { message, soap, content: soap.content, location };
}

function requireSameKind(request: SampleSide, response: SampleSide, isFault: boolean): void {
  if ((request.soap === undefined) !== (response.soap === undefined)) {
    throw new CommandError(`${response.location}: One of request and answer is a SOAP envelope, the other is not`);
  }
  if (request.soap?.isFault === true) throw new CommandError(`${request.location}: A request cannot be a SOAP fault`);
  if (request.soap?.version !== response.soap?.version && !isFault) {
    throw new CommandError(
      `${response.location}: The request is SOAP ${request.soap?.version.name}, the answer SOAP ${response.soap?.version.name}: adapters refuse such an answer`,
    );
  }
}
