import type { CompiledCall, Report } from '../../model/contracts.ts';
import type { HttpCall, XmlEndpoint } from '../../model/definition.ts';
import { SpeanError } from '../../model/errors.ts';
import type { LegacyMessage } from '../../model/legacy.ts';
import type { Cell, RecordPlan, SlotPlan, SourceRecord } from '../../model/source.ts';
import { writeXml } from '../../syntax/xml-writer.ts';
import { writeRequest } from '../refusal.ts';
import { compileRequestLine } from '../request-line.ts';
import { compileRecordWriter } from './compile-record-writer.ts';
import { declareNamespaces, parseStep, qualified } from './position.ts';

type Body = Pick<LegacyMessage, 'headers' | 'body'>;
type BodyWriter = (values: SourceRecord) => Body;

/**
 * Compiles the request of a plain XML call: its line, and for a POST the form or document that the other inputs make.
 * Reports inputs that neither the line nor a body takes.
 */
export function compileXmlRequest(
  call: HttpCall,
  plan: RecordPlan,
  endpoint: XmlEndpoint,
  report: Report,
): CompiledCall['encode'] {
  const line = compileRequestLine(call, plan, report);
  const writeBody = compileBody(call, plan, line.rest, endpoint, report);
  return (values) => ({ ...line.fill(values), ...writeBody(values) });
}

function compileBody(
  call: HttpCall,
  plan: RecordPlan,
  rest: readonly number[],
  endpoint: XmlEndpoint,
  report: Report,
): BodyWriter {
  if (call.post !== undefined && call.form) return compileForm(plan, rest, report);
  if (call.post !== undefined && call.root !== undefined)
    return compileDocument(call.root, plan, rest, endpoint, report);
  if (call.post !== undefined) report('call', 'A POST says what it sends: expected "root" or "form"');
  for (const index of rest) {
    report(
      'input',
      `A GET has no body: expected ?query or {hole} instead of ${JSON.stringify(plan.slots[index]?.at[0])}`,
    );
  }
  const nothing: Body = { headers: [] };
  return () => nothing;
}

function compileDocument(
  root: string,
  plan: RecordPlan,
  rest: readonly number[],
  endpoint: XmlEndpoint,
  report: Report,
): BodyWriter {
  const namespaces = endpoint.namespaces ?? {};
  const writer = compileRecordWriter(plan, rest, namespaces, qualified, report);
  const prefixes = { ...writer.prefixes };
  try {
    const { prefix, namespace } = parseStep(root, namespaces);
    if (prefix !== undefined && namespace !== undefined) prefixes[prefix] = namespace;
  } catch (error) {
    report('call.root', (error as TypeError).message);
  }
  const declarations = declareNamespaces(endpoint.namespace, prefixes);
  const headers: LegacyMessage['headers'] = [['content-type', 'application/xml; charset=utf-8']];
  return (values) => {
    const { attributes, content } = writer.write(values);
    return {
      headers,
      body: writeRequest(() => writeXml({ name: root, attributes: [...declarations, ...attributes], content })),
    };
  };
}

/** `application/x-www-form-urlencoded` as the WHATWG URL Standard writes it, in UTF-8; a position is the name. */
function compileForm(plan: RecordPlan, rest: readonly number[], report: Report): BodyWriter {
  const slots = rest.map((index) => [index, plan.slots[index]] as const);
  for (const [, slot] of slots) {
    if (slot?.record !== undefined) report('input', `A form holds texts, not the record ${JSON.stringify(slot.at[0])}`);
  }
  const headers: LegacyMessage['headers'] = [['content-type', 'application/x-www-form-urlencoded']];
  return (values) => ({
    headers,
    body: new URLSearchParams(slots.flatMap(([index, slot]) => formPairs(slot, values.slots[index]))).toString(),
  });
}

function formPairs(slot: SlotPlan | undefined, value: SourceRecord['slots'][number]): [string, string][] {
  if (value === undefined) return [];
  const name = slot?.at[0] ?? '';
  const cells = (Array.isArray(value) ? value : [value]) as readonly Cell[];
  return cells.map(({ text }) => {
    if (text === null || !text.isWellFormed() || text.includes('\0')) {
      throw new SpeanError('input-invalid', {
        detail: `The form field ${name} holds Unicode text: neither null nor U+0000 can be sent`,
      });
    }
    return [name, text];
  });
}
