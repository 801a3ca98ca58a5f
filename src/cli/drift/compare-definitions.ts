import type { AdapterDefinition, OperationDefinition } from '../../model/definition.ts';
import type { Finding } from '../check/finding.ts';
import { type PositionFacts, positionsOf } from './positions.ts';

/**
 * How an adapter differs from what its legacy system declares now (`fresh`, drafted from its WSDL). A mistake breaks
 * calls or changes what they mean; a warning may do so one day, or is news. Positions that the adapter does not read
 * are not missed.
 */
export function compareDefinitions(adapter: AdapterDefinition, fresh: AdapterDefinition): Finding[] {
  const operations = Object.entries(adapter.operations).flatMap(([name, operation]) => {
    const call = callName(operation);
    if (call === undefined) return [];
    const declared = Object.values(fresh.operations).find((candidate) => callName(candidate) === call);
    const place = `operations.${name}`;
    if (declared === undefined) return [breaking(place, `The legacy system no longer declares ${call}`)];
    return [
      ...compareNamespaces(place, adapter, operation, fresh, declared),
      ...compareInputs(place, operation, declared),
      ...compareOutputs(place, operation, declared),
    ];
  });
  const known = new Set(Object.values(adapter.operations).map(callName));
  const news = Object.values(fresh.operations)
    .map(callName)
    .filter((call) => call !== undefined && !known.has(call));
  const told = news.length === 0 ? [] : [notBreaking('operations', `Not in this adapter: ${news.join(', ')}`)];
  return [...operations, ...told];
}

function callName({ call }: OperationDefinition): string | undefined {
  return 'operation' in call ? call.operation : undefined;
}

function compareNamespaces(
  place: string,
  adapter: AdapterDefinition,
  operation: OperationDefinition,
  fresh: AdapterDefinition,
  declared: OperationDefinition,
): Finding[] {
  const [is, was] = [namespaceOf(fresh, declared), namespaceOf(adapter, operation)];
  if (is === was) return [];
  return [breaking(`${place}.call`, `The namespace is ${is} now, the adapter says ${was}`)];
}

function namespaceOf(adapter: AdapterDefinition, { via, call }: OperationDefinition): string | undefined {
  const endpoint = adapter.legacy[via ?? Object.keys(adapter.legacy)[0] ?? ''];
  return 'namespace' in call ? call.namespace : endpoint && 'namespace' in endpoint ? endpoint.namespace : undefined;
}

function compareInputs(place: string, operation: OperationDefinition, declared: OperationDefinition): Finding[] {
  const sent = positionsOf({ type: 'record', fields: withConstants(operation) });
  const taken = positionsOf({ type: 'record', fields: withConstants(declared) });
  const gone = [...sent].flatMap(([at, { name }]) =>
    taken.has(at) ? [] : [breaking(`${place}.input.${name}`, `${at} is no longer an element of the request`)],
  );
  const demanded = [...taken].flatMap(([at, { optional }]) =>
    sent.has(at) || optional ? [] : [breaking(`${place}.input`, `The request demands ${at} now`)],
  );
  return [...gone, ...demanded];
}

/** Constants are sent too: they count as texts. */
function withConstants({ input }: OperationDefinition): OperationDefinition['input'] {
  const fields = Object.entries(input).map(([name, field]) =>
    field.type === 'constant' && field.at !== undefined ? [name, { type: 'text', at: field.at }] : [name, field],
  );
  return Object.fromEntries(fields);
}

function compareOutputs(place: string, operation: OperationDefinition, declared: OperationDefinition): Finding[] {
  const read = positionsOf(operation.output);
  const answered = positionsOf(declared.output);
  const changed = [...read].flatMap(([at, facts]) =>
    comparePosition(`${place}.output.${facts.name}`, at, facts, answered.get(at)),
  );
  const news = [...answered.keys()].filter((at) => !read.has(at));
  const told = news.length === 0 ? [] : [notBreaking(`${place}.output`, `Not in this adapter: ${news.join(', ')}`)];
  return [...changed, ...told];
}

function comparePosition(
  place: string,
  at: string,
  adapter: PositionFacts,
  declared: PositionFacts | undefined,
): Finding[] {
  if (declared === undefined) {
    const message = `${at} is no longer an element of the answer`;
    return [adapter.optional ? notBreaking(place, message) : breaking(place, message)];
  }
  const findings: Finding[] = [];
  if (declared.list && !adapter.list)
    findings.push(breaking(place, `${at} may come more than once now: declare a list`));
  if (declared.optional && !adapter.optional) {
    findings.push(
      notBreaking(place, `${at} may be absent, and the adapter then refuses the answer: declare it optional`),
    );
  }
  const missing = declared.codes?.filter((code) => adapter.codes?.includes(code) === false) ?? [];
  if (missing.length > 0) {
    findings.push(breaking(place, `The adapter refuses codes that ${at} may have: ${missing.join(', ')}`));
  }
  return findings;
}

function breaking(place: string, message: string): Finding {
  return { severity: 'mistake', place, message };
}

function notBreaking(place: string, message: string): Finding {
  return { severity: 'warning', place, message };
}
