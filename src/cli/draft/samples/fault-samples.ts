import { EnvelopeReader } from '../../../formats/soap/envelope-reader.ts';
import { SOAP_VERSIONS } from '../../../formats/soap/soap-version.ts';
import { compileMatcher } from '../../../formats/xml/element-matcher.ts';
import type { ProblemRule } from '../../../model/definition.ts';
import { faultRules } from '../wsdl/fault-rules.ts';
import type { Notes } from '../wsdl/notes.ts';
import type { SampleSide } from './sample-exchange.ts';

/** Codes that every SOAP stack has for any fault (SOAP 1.1, 4.4.1; SOAP 1.2 part 1, 5.4.6), dotted ones of Axis too. */
const GENERIC =
  /^(?:(?:Server|Client|Receiver|Sender|VersionMismatch|MustUnderstand|DataEncodingUnknown)(?:\..*)?|SERVER|CLIENT)$/;
/** Detail elements that stacks add to any fault: class names, hosts, traces. */
const OF_THE_STACK = /exception|stack|trace|hostname|^(?:string|text|message|error|code|faultData|item|data)$/i;

/** A problem rule for each fault of the samples that can be told from others by a name. */
export function faultProblems(faults: readonly SampleSide[], place: string, notes: Notes): readonly ProblemRule[] {
  const elements = faults.flatMap((fault) => {
    const name = distinctiveName(fault);
    if (name !== undefined) return [{ element: name }];
    notes.ask(
      `${place}.problems`,
      'What does this fault mean? Its codes are those of any fault',
      '502: the legacy system failed',
      fault.content.place,
    );
    return [];
  });
  return faultRules(elements, place, notes);
}

function distinctiveName({ message }: SampleSide): string | undefined {
  const matcher = compileMatcher({ slots: [] }, {}, () => undefined);
  const envelopes = new EnvelopeReader({ version: SOAP_VERSIONS[0], local: '', namespace: '', matcher });
  const names = envelopes.readFault(new TextEncoder().encode(message.text))?.names ?? [];
  return names.find((name) => !GENERIC.test(name) && !OF_THE_STACK.test(name));
}
