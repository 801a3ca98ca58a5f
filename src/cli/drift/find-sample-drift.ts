import { type CompiledOperation, compileCatalogue } from '../../catalogue/compile.ts';
import { formats } from '../../formats/index.ts';
import { compileMapping } from '../../mapping/compile.ts';
import type { AdapterDefinition, FormatName, OperationDefinition } from '../../model/definition.ts';
import { LegacyFaultError, SpeanError } from '../../model/errors.ts';
import type { LegacyReply } from '../../model/legacy.ts';
import type { Finding } from '../check/finding.ts';
import { draftFromXmlSamples } from '../draft/samples/draft-from-xml-samples.ts';
import { readSampleExchange, type XmlSample } from '../draft/samples/sample-exchange.ts';
import { CommandError } from '../shell.ts';
import { positionsOf } from './positions.ts';

const XML_FORMATS: readonly FormatName[] = ['soap', 'xml'];
const ROW_FORMATS: readonly FormatName[] = ['csv', 'fixedWidth'];

/**
 * How a fresh answer of the legacy system, SOAP or plain XML, differs from what the adapter reads: a mistake where an
 * operation refuses it, a warning for elements that none of its fields reads. One answer cannot show what is gone from
 * all others: an optional element that it lacks is no drift. Throws CommandError for what is no answer.
 */
export async function findXmlDrift(adapter: AdapterDefinition, sample: XmlSample): Promise<Finding[]> {
  const { response, isFault } = readSampleExchange(sample);
  if (isFault) throw new CommandError(`${sample.name}: A fault shows nothing of an answer: give an answer`);
  const { local } = response.content;
  const all = operationsOf(adapter, XML_FORMATS);
  const operations = all.filter(({ definition }) => [local, undefined].includes(answeredElement(definition)));
  if (operations.length === 0) {
    const expected = all.map(({ definition }) => answeredElement(definition)).join(', ');
    return [breaking('operations', `${sample.name} answers with ${local}: the adapter knows ${expected}`)];
  }
  const reply = replyOf(sample, response.message.contentType ?? 'text/xml', response.message.bytes);
  const { definition: fresh } = await draftFromXmlSamples([sample], { name: adapter.name });
  const findings = operations.map(async (operation) => [
    ...(await refusals(operation, reply)),
    ...news(operation, Object.values(fresh.operations)[0]),
  ]);
  return (await Promise.all(findings)).flat();
}

/**
 * How a fresh file of rows differs from what the adapter reads. A file that one of the operations reads to its end is
 * taken for that operation's.
 */
export async function findRowDrift(adapter: AdapterDefinition, name: string, bytes: Uint8Array): Promise<Finding[]> {
  const operations = operationsOf(withAllRows(adapter), ROW_FORMATS);
  const found = await Promise.all(
    operations.map((operation) => refusals(operation, replyOf({ name }, 'text/plain', bytes))),
  );
  return found.some((findings) => findings.length === 0) ? [] : found.flat();
}

function operationsOf(adapter: AdapterDefinition, wanted: readonly FormatName[]): readonly CompiledOperation[] {
  const [compiled] = compileCatalogue([adapter], { formats, compileMapping }).values();
  const operations = (compiled?.operations ?? []).filter(({ definition: { via } }) => {
    const endpoint = adapter.legacy[via ?? Object.keys(adapter.legacy)[0] ?? ''];
    return endpoint !== undefined && wanted.includes(endpoint.format);
  });
  if (operations.length > 0) return operations;
  throw new CommandError(`${adapter.name} has no endpoint of the sample's format: it has none of ${wanted.join(', ')}`);
}

/** One row is asked for by inputs, which a comparison has none of: every row is read instead. */
function withAllRows(adapter: AdapterDefinition): AdapterDefinition {
  const operations = Object.entries(adapter.operations).map(([name, operation]): [string, OperationDefinition] => {
    const { output } = operation;
    return [
      name,
      output.type === 'row' ? { ...operation, output: { ...output, type: 'rows', name: 'rows' } } : operation,
    ];
  });
  return { ...adapter, operations: Object.fromEntries(operations) };
}

/** The local name of the element that an answer must have; undefined where any will do. */
function answeredElement({ call }: OperationDefinition): string | undefined {
  const name = 'operation' in call ? (call.response ?? `${call.operation}Response`) : call.answers;
  return name?.split(':').at(-1);
}

function replyOf({ name }: { readonly name: string }, contentType: string, bytes: Uint8Array): LegacyReply {
  if (bytes.length === 0) throw new CommandError(`${name} is empty`);
  const whole = new Uint8Array(bytes);
  const body = {
    bytes: async () => whole,
    async *chunks() {
      yield whole;
    },
  };
  return { status: 200, contentType, body };
}

async function refusals({ name, call, mapping }: CompiledOperation, reply: LegacyReply): Promise<Finding[]> {
  const place = `operations.${name}`;
  try {
    await mapping.mapOut(await call.decode(reply, []));
    return [];
  } catch (error) {
    if (error instanceof LegacyFaultError || (error instanceof SpeanError && error.declared)) return [];
    if (!(error instanceof SpeanError)) throw error;
    const { issues, message } = error;
    if (issues.length === 0) return [breaking(place, message)];
    return issues.map((issue) => {
      const field = issue.field === undefined ? `${place}.call` : `${place}.output.${issue.field}`;
      const line = issue.place?.line ?? issue.place?.row;
      const isTold = line === undefined || /\bline \d/.test(issue.message);
      return breaking(field, isTold ? issue.message : `${issue.message} (line ${line})`);
    });
  }
}

function news({ name, definition }: CompiledOperation, fresh: OperationDefinition | undefined): Finding[] {
  const read = positionsOf(definition.output);
  const answered = fresh === undefined ? [] : [...positionsOf(fresh.output).keys()];
  const known = [...read.keys(), ...(definition.problems ?? []).flatMap(({ value }) => value?.at ?? [])];
  // an empty list is a text to whom nobody tells otherwise
  const unread = answered.filter((at) => !known.some((other) => other === at || other.startsWith(`${at}/`)));
  if (unread.length === 0) return [];
  const message = `Not in this adapter: ${unread.join(', ')}`;
  return [{ severity: 'warning', place: `operations.${name}.output`, message }];
}

function breaking(place: string, message: string): Finding {
  return { severity: 'mistake', place, message };
}
