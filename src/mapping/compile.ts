import type { CompiledMapping, MappedOutput, MappingPart, Report } from '../model/contracts.ts';
import type { OutputData, RowOutput, RowsOutput } from '../model/definition.ts';
import { SpeanError } from '../model/errors.ts';
import type { JsonValue } from '../model/json.ts';
import type { AdapterLimits } from '../model/limits.ts';
import type { SourceDocument, SourceRecord } from '../model/source.ts';
import { compileInput } from './input.ts';
import { Issues } from './issues.ts';
import { ABSENT } from './leaf.ts';
import { PlanBuilder } from './plan-builder.ts';
import { compileFaultRules, compileProblemChecks, type ProblemCheck } from './problems.ts';
import { setMember } from './record-object.ts';
import { compileReader, compileRecordReader, type Reading } from './response.ts';

/** Compiles the fields of one operation, both ways. Reports every mistake with its place: `output.company.since`. */
export function compileMapping(part: MappingPart, report: Report): CompiledMapping {
  const request = new PlanBuilder();
  const response = new PlanBuilder();
  const mapIn = compileInput(part, request, response, report);
  const mapOut = compileOutput(part, response, report);
  const { details, explain } = compileFaultRules(part.problems, part.limits, report);
  return { request, response, details, mapIn, mapOut, explain };
}

type MapOut = (document: SourceDocument) => Promise<MappedOutput>;

function compileOutput(
  { output, problems, rows, setAside, limits }: MappingPart,
  plan: PlanBuilder,
  report: Report,
): MapOut {
  const reportOutput: Report = (place, message) => report(place === '' ? 'output' : `output.${place}`, message);
  if (isRowOutput(output)) {
    if (!rows) report('output', `An output of ${output.type} needs an endpoint that answers rows`);
    const read = compileRecordReader(output.fields, plan, reportOutput);
    const check = compileProblemChecks(problems, plan, report);
    return output.type === 'rows'
      ? mapRows(output, read, check, { setAside, limits })
      : mapRow(output, read, check, limits);
  }
  if (rows) report('output', 'An endpoint that answers rows needs an output of rows or row');
  const read = compileReader(output, plan, reportOutput);
  const check = compileProblemChecks(problems, plan, report);
  return mapDocument(read, check, limits);
}

function isRowOutput(output: OutputData): output is RowsOutput | RowOutput {
  return output.type === 'rows' || output.type === 'row';
}

type ReadRow = (record: SourceRecord, reading: Reading) => JsonValue;

function mapDocument(read: ReturnType<typeof compileReader>, check: ProblemCheck, limits: AdapterLimits): MapOut {
  return async (document) => {
    const issues = new Issues('legacy-value-invalid', limits.issues);
    for await (const record of document.records) {
      check(record);
      const body = read(record, { document, issues }, '');
      issues.throwIfAny();
      return { body: body === ABSENT ? null : body, setAside: 0 };
    }
    check(undefined);
    throw new SpeanError('legacy-unexpected', { detail: 'The legacy answer holds nothing' });
  };
}

interface RowsPolicy {
  readonly setAside: boolean;
  readonly limits: AdapterLimits;
}

function mapRows(
  { name, maxItems }: RowsOutput,
  read: ReadRow,
  check: ProblemCheck,
  { setAside, limits }: RowsPolicy,
): MapOut {
  const most = maxItems ?? limits.answerRows;
  return async (document) => {
    const issues = new Issues('legacy-value-invalid', limits.issues);
    const values: JsonValue[] = [];
    let badRows = 0;
    for await (const record of document.records) {
      check(record);
      if (values.length >= most) {
        throw new SpeanError('answer-too-large', { detail: `More than ${most} rows were found: ask for fewer` });
      }
      const rowIssues = setAside ? new Issues('legacy-value-invalid', Number.POSITIVE_INFINITY) : issues;
      rowIssues.path.push(name, values.length);
      const value = read(record, { document, issues: rowIssues });
      rowIssues.path.length = 0;
      if (setAside && rowIssues.any) badRows++;
      else values.push(value);
    }
    if (values.length === 0) check(undefined);
    issues.throwIfAny();
    const count = badRows + (document.setAside?.() ?? 0);
    const body = {};
    setMember(body, name, values);
    if (count > 0) setMember(body, 'setAside', count);
    return { body, setAside: count };
  };
}

function mapRow({ first }: RowOutput, read: ReadRow, check: ProblemCheck, limits: AdapterLimits): MapOut {
  return async (document) => {
    const issues = new Issues('legacy-value-invalid', limits.issues);
    let found: SourceRecord | undefined;
    for await (const record of document.records) {
      if (found !== undefined) {
        const place = document.place(record.offset);
        const message = 'Expected one row, found another that the inputs select as well';
        throw new SpeanError('legacy-unexpected', { detail: message, issues: [{ message, place }] });
      }
      found = record;
      if (first) break;
    }
    check(found);
    if (found === undefined) throw new SpeanError('not-found', { detail: 'No row has these values' });
    const body = read(found, { document, issues });
    issues.throwIfAny();
    return { body, setAside: document.setAside?.() ?? 0 };
  };
}
