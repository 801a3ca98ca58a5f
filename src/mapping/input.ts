import type { LegacyArguments, MappingPart, RawInput, Report } from '../model/contracts.ts';
import type { ExchangePart, Field, LeafField } from '../model/field.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { RowTest, Slot } from '../model/source.ts';
import { join } from './field-checks.ts';
import { Issues, refusalMessage } from './issues.ts';
import { compileLeaf } from './leaf.ts';
import type { PlanBuilder } from './plan-builder.ts';
import { compileWriter, sourceRecord, type Writer } from './request.ts';
import { compileSelection, type SelectingField, type Selection } from './selection.ts';
import { reportSharedPositions } from './shared-positions.ts';
import { Refusal } from './types/value-type.ts';

/** One public input: where its value comes from, and where it goes. */
interface Input {
  readonly name: string;
  readonly field: Field;
  readonly from: 'path' | 'query' | 'body' | 'exchange' | 'nowhere';
  /** Turns the texts of a path or query into a value. */
  readonly parse: (text: string) => JsonValue;
  readonly write: Writer | undefined;
  readonly selection: Selection | undefined;
}

/**
 * Compiles the inputs: what goes into the request gets slots in `request`; in a row format an input that names a
 * column gets one in `response` and becomes a test of rows.
 */
export function compileInput(
  part: MappingPart,
  request: PlanBuilder,
  response: PlanBuilder,
  report: Report,
): (raw: RawInput) => LegacyArguments {
  const selects = (field: Field): field is SelectingField =>
    part.rows && field.type !== 'constant' && !inRequestLine(field);
  const sent = Object.fromEntries(Object.entries(part.input).filter(([, field]) => !selects(field)));
  reportSharedPositions(sent, (place, message) => report(`input.${place}`, message));
  const inputs = Object.entries(part.input).map(([name, field]): Input => {
    const reportField: Report = (place, message) => report(join(`input.${name}`, place), message);
    const from = origin(name, field, part);
    reportOrigin(field, from, reportField);
    if (from === 'exchange' && part.pathParameters.includes(name)) {
      reportField('exchange', 'A path parameter is given by the consumer');
    }
    return {
      name,
      field,
      from,
      parse: parserOf(field),
      write: selects(field) ? undefined : compileWriter(field, request, reportField),
      selection: selects(field) ? compileSelection(field, response, reportField) : undefined,
    };
  });
  const namesFrom = (from: Input['from']): ReadonlySet<string> =>
    new Set(inputs.filter((input) => input.from === from).map(({ name }) => name));
  const known = { query: namesFrom('query'), body: namesFrom('body') };
  return (raw) => mapIn(inputs, known, raw, request, part);
}

/** The names that inputs have in the query and in the body. */
interface KnownNames {
  readonly query: ReadonlySet<string>;
  readonly body: ReadonlySet<string>;
}

function origin(name: string, field: Field, { pathParameters, inBody }: MappingPart): Input['from'] {
  if (field.type === 'constant') return 'nowhere';
  if (exchangePart(field) !== undefined) return 'exchange';
  if (pathParameters.includes(name)) return 'path';
  return inBody ? 'body' : 'query';
}

function exchangePart(field: Field): ExchangePart | undefined {
  return 'exchange' in field ? field.exchange : undefined;
}

/** `?name` and `{name}`: the two positions that every format's request has. */
function inRequestLine(field: Field): boolean {
  return 'at' in field && /^[?{]/.test(field.at ?? '');
}

function reportOrigin(field: Field, from: Input['from'], report: Report): void {
  const composite = field.type === 'record' || field.type === 'choice' || (field.type === 'list' && from === 'path');
  if ((from === 'path' || from === 'query') && composite) report('', `A ${field.type} cannot be a ${from} parameter`);
  if (from !== 'path') return;
  if ('optional' in field || 'default' in field)
    report('', 'A path parameter is always there: neither optional nor default');
  if ('nullable' in field) report('', 'A path parameter cannot be null');
}

/** Mistakes of the field are reported where its writer is compiled. */
function parserOf(field: Field): Input['parse'] {
  const leaf = field.type === 'list' ? field.items : field;
  const isLeaf = !['record', 'list', 'choice', 'constant'].includes(leaf.type);
  return isLeaf ? compileLeaf(leaf as LeafField, () => undefined).parse : (text) => text;
}

function mapIn(
  inputs: readonly Input[],
  known: KnownNames,
  raw: RawInput,
  request: PlanBuilder,
  part: MappingPart,
): LegacyArguments {
  const issues = new Issues('input-invalid', part.limits.issues);
  const body = readBody(raw.body, part, issues);
  refuseUnknown(known, raw, body, issues);
  const slots: Slot[] = [];
  const tests: RowTest[] = [];
  for (const input of inputs) {
    try {
      const value = inputValue(input, raw, body);
      input.write?.(value, slots, issues, input.name);
      const test = input.selection?.(value);
      if (test !== undefined) tests.push(test);
    } catch (error) {
      issues.add(input.name, refusalMessage(error));
    }
  }
  issues.throwIfAny();
  return { values: sourceRecord(slots, request), tests };
}

function readBody(body: JsonValue | undefined, { inBody }: MappingPart, issues: Issues): JsonObject {
  if (!inBody || body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  issues.add(undefined, 'Expected the request body to be a JSON object');
  return {};
}

function refuseUnknown(known: KnownNames, { query }: RawInput, body: JsonObject, issues: Issues): void {
  for (const [index, [name]] of query.entries()) {
    if (known.query.has(name) || query.findIndex(([other]) => other === name) < index) continue;
    issues.add(name, 'Expected no query parameter of this name');
  }
  for (const name of Object.keys(body)) {
    if (!known.body.has(name)) issues.add(name, 'Expected no member of this name');
  }
}

function inputValue({ name, field, from, parse }: Input, raw: RawInput, body: JsonObject): JsonValue | undefined {
  if (from === 'body') return Object.hasOwn(body, name) ? body[name] : undefined;
  if (from === 'path') return Object.hasOwn(raw.path, name) ? parse(raw.path[name] ?? '') : undefined;
  if (from === 'nowhere') return undefined;
  if (from === 'exchange') return exchangeValue(field, raw, parse);
  const texts: string[] = [];
  for (const [given, text] of raw.query) if (given === name) texts.push(text);
  const [text] = texts;
  if (field.type === 'list' && (text !== undefined || (field.optional !== true && field.default === undefined))) {
    // in one text, an empty text is a list with none
    return field.separator !== undefined && texts.join() === '' ? [] : texts.map(parse);
  }
  if (text === undefined) return undefined;
  return texts.length === 1 ? parse(text) : refuseRepeated(texts.length);
}

/** Headers that a call may go without; the others are always there. */
const HEADERS: Readonly<Partial<Record<ExchangePart, string>>> = {
  userId: 'X-Road-UserId',
  issue: 'X-Road-Issue',
  representedParty: 'X-Road-Represented-Party',
  messageId: 'X-Road-Id',
};

function exchangeValue(field: Field, { exchange }: RawInput, parse: Input['parse']): JsonValue | undefined {
  const part = exchangePart(field) ?? 'client';
  const text = exchange[part];
  if (text !== undefined) return parse(text);
  if ('optional' in field || 'default' in field) return undefined;
  throw new Refusal(`Expected the header ${HEADERS[part]}, which this operation needs`);
}

function refuseRepeated(times: number): never {
  throw new Refusal(`Expected the parameter once, found it ${times} times`);
}
