import { compileCatalogue } from '../../../catalogue/compile.ts';
import { formats } from '../../../formats/index.ts';
import { compileMapping } from '../../../mapping/compile.ts';
import type {
  AdapterDefinition,
  Endpoint,
  HttpCall,
  OperationDefinition,
  SoapCall,
} from '../../../model/definition.ts';
import type { Field, Fields } from '../../../model/field.ts';
import type { JsonValue } from '../../../model/json.ts';

/** The name of an output that is no record of its own. */
const WHOLE = 'whole';

/**
 * The document that a legacy system would answer so that the operation's answer is `answer`: one language serves both
 * directions, so the output is compiled as the input of a call whose request is that document. Undefined for rows, and
 * where an output cannot be written.
 */
export async function mirroredReply(
  adapter: AdapterDefinition,
  name: string,
  answer: JsonValue,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const operation = adapter.operations[name];
  const [endpointName, endpoint] =
    Object.entries(adapter.legacy).find(([key]) => key === (operation?.via ?? key)) ?? [];
  if (operation === undefined || endpoint === undefined || endpointName === undefined) return undefined;
  const call = mirroredCall(operation.call);
  const { output } = operation;
  if (call === undefined || output.type === 'rows' || output.type === 'row') return undefined;
  const { auth: _, ...open } = endpoint;
  const isGroup = output.type === 'record' && output.at === undefined;
  const mirrored: AdapterDefinition = {
    name: adapter.name,
    title: adapter.title,
    legacy: { [endpointName]: open as Endpoint },
    operations: { mirrored: mirroredOperation(isGroup ? output.fields : { [WHOLE]: output }, call) },
  };
  try {
    const [compiled] = compileCatalogue([mirrored], { formats, compileMapping }).get(adapter.name)?.operations ?? [];
    if (compiled === undefined) return undefined;
    const body = isGroup ? answer : { [WHOLE]: answer };
    const { values } = compiled.mapping.mapIn({ path: {}, query: [], body, exchange: {} });
    const context = { resolve: () => '', now: () => 0, random: (bytes: Uint8Array<ArrayBuffer>) => bytes };
    const { body: document } = await compiled.call.encode(values, context);
    return typeof document === 'string' ? new TextEncoder().encode(document) : document && new Uint8Array(document);
  } catch {
    return undefined; // what can be read cannot always be written: alternatives, text beside elements
  }
}

function mirroredCall(call: SoapCall | HttpCall): SoapCall | HttpCall | undefined {
  if ('operation' in call) {
    const { operation, response = `${operation}Response`, namespace } = call;
    return { operation, request: response, ...(namespace === undefined ? {} : { namespace }) };
  }
  return call.answers === undefined ? undefined : { post: 'mirrored', root: call.answers };
}

function mirroredOperation(input: Fields, call: SoapCall | HttpCall): OperationDefinition {
  const output: Field = { type: 'record', fields: {} };
  return { method: 'post', path: '/mirrored', summary: 'mirrored', call, input, output };
}
