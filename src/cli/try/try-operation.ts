import { type CompiledOperation, compileCatalogue } from '../../catalogue/compile.ts';
import { readPath, readQuery } from '../../exchange/rest/input.ts';
import { formats } from '../../formats/index.ts';
import { compileMapping } from '../../mapping/compile.ts';
import type { AdapterDefinition } from '../../model/definition.ts';
import type { JsonValue } from '../../model/json.ts';
import type { LegacyReply } from '../../model/legacy.ts';
import { matchPath } from '../../model/route.ts';
import type { SourceDocument, SourceRecord } from '../../model/source.ts';
import { openWorkbench, type SentMessage, WORKBENCH_EXCHANGE, type WorkbenchRequest } from '../check/workbench.ts';
import { CommandError } from '../shell.ts';
import { type FieldTrace, traceFields } from './trace-fields.ts';

/** So many rows of an answer are traced. */
const TRACED_ROWS = 3;

/** What the legacy system answered, or a file in its place. */
export interface ReceivedReply {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One call with everything that can be seen of it. */
export interface Trial {
  readonly sent: SentMessage | undefined;
  readonly reply: ReceivedReply | undefined;
  readonly status: number;
  readonly answer: JsonValue;
  readonly traces: readonly FieldTrace[];
}

/** Makes one call of an operation through the whole app; `fetchReply` is the legacy system, or a file. */
export async function tryOperation(
  adapter: AdapterDefinition,
  operation: string,
  request: WorkbenchRequest,
  environment: Readonly<Record<string, string>>,
  fetchReply: (request: Request) => Promise<ReceivedReply>,
): Promise<Trial> {
  const call = await openWorkbench(adapter, environment);
  let reply: ReceivedReply | undefined;
  const { response, sent } = await call(request, async (legacy) => {
    reply = await fetchReply(legacy);
    return new Response(reply.bytes, { status: reply.status, headers: { 'content-type': reply.contentType } });
  });
  const answer = (await response.json()) as JsonValue;
  const traces =
    reply === undefined ? [] : await traceReply(adapter, operation, request, reply, response.ok ? answer : undefined);
  return { sent: sent[0], reply, status: response.status, answer, traces };
}

/** Decodes the reply once more, to see what stood in each position; a reply that cannot be decoded has no traces. */
async function traceReply(
  adapter: AdapterDefinition,
  name: string,
  { path, body }: WorkbenchRequest,
  reply: ReceivedReply,
  answer: JsonValue | undefined,
): Promise<FieldTrace[]> {
  const catalogue = compileCatalogue([adapter], { formats, compileMapping });
  const compiled = catalogue.get(adapter.name)?.operations.find((operation) => operation.name === name);
  if (compiled === undefined) throw new CommandError(`There is no operation ${name}`);
  const [rawPath = '', rawQuery = ''] = path.split('?');
  const inPath = matchPath(compiled.template, readPath(rawPath)) ?? {};
  const { tests } = compiled.mapping.mapIn({
    path: inPath,
    query: readQuery(rawQuery),
    body,
    exchange: WORKBENCH_EXCHANGE,
  });
  try {
    const document = await compiled.call.decode(legacyReply(reply), tests);
    const records = await tracedRecords(document);
    const { output } = compiled.definition;
    const plan = compiled.mapping.response;
    if (output.type !== 'rows') return traceFields(output, plan, records[0], answer);
    const rows = [...(((answer as Record<string, JsonValue> | undefined)?.[output.name] ?? []) as JsonValue[])];
    const traces: FieldTrace[] = [];
    for (const [index, record] of records.entries()) {
      const row = (await isSetAside(record, compiled, document)) ? undefined : rows.shift();
      for (const trace of traceFields(output, plan, record, row)) {
        traces.push({ ...trace, field: `${output.name}.${index}.${trace.field}` });
      }
    }
    return traces;
  } catch {
    return [];
  }
}

/** Whether a row is read and then left out, so that those behind it are answered one place earlier. */
async function isSetAside(
  record: SourceRecord,
  { endpoint, mapping }: CompiledOperation,
  document: SourceDocument,
): Promise<boolean> {
  if (!('badRows' in endpoint) || endpoint.badRows !== 'setAside') return false;
  try {
    return (await mapping.mapOut({ batches: [[record]], place: (offset) => document.place(offset) })).setAside > 0;
  } catch {
    return true; // a rule about an answer without rows
  }
}

async function tracedRecords({ batches }: SourceDocument): Promise<SourceRecord[]> {
  const traced: SourceRecord[] = [];
  for await (const records of batches) {
    for (const record of records) {
      traced.push(record);
      if (traced.length === TRACED_ROWS) return traced;
    }
  }
  return traced;
}

function legacyReply({ status, contentType, bytes }: ReceivedReply): LegacyReply {
  return {
    status,
    contentType,
    body: {
      bytes: async () => bytes,
      chunks: async function* () {
        yield bytes;
      },
    },
  };
}
