import type { CompiledMapping, MappedOutput, MappingPart, Report } from '../model/contracts.ts';
import type { OutputData, RowOutput, RowsOutput } from '../model/definition.ts';
import { SpeanError } from '../model/errors.ts';
import type { AdapterLimits } from '../model/limits.ts';
import type { SourceDocument, SourceRecord } from '../model/source.ts';
import { compileInput } from './input.ts';
import { Issues } from './issues.ts';
import {
  ARRAY_END,
  ARRAY_START,
  encodeJson,
  JsonWriter,
  memberHead,
  NO_HEAD,
  OBJECT_END,
  OBJECT_START,
} from './json-writer.ts';
import { PlanBuilder } from './plan-builder.ts';
import { compileFaultRules, compileProblemChecks, type ProblemCheck } from './problems.ts';
import { compileReader, compileRecordReader, ITEM, type Reader, type RecordReader } from './response.ts';

/** Compiles the fields of one operation, both ways. Reports every mistake with its place: `output.company.since`. */
export function compileMapping(part: MappingPart, report: Report): CompiledMapping {
  const request = new PlanBuilder();
  const response = new PlanBuilder();
  const mapIn = compileInput(part, request, response, report);
  const mapOut = compileOutput(part, response, report);
  const { details, explain } = compileFaultRules(part.problems, part.limits, report);
  return { request, response, details, mapIn, mapOut, explain };
}

/** Stands beside the rows where some were left out. */
const SET_ASIDE = 'setAside';

type MapOut = (document: SourceDocument) => Promise<MappedOutput>;

function compileOutput(
  { output, problems, rows, setAside, limits }: MappingPart,
  plan: PlanBuilder,
  report: Report,
): MapOut {
  const reportOutput: Report = (place, message) => report(place === '' ? 'output' : `output.${place}`, message);
  if (isRowOutput(output)) {
    if (output.type === 'rows' && output.name === SET_ASIDE) {
      report('output', `Rows cannot be named ${SET_ASIDE}, the count of rows that are left out`);
    }
    if (!rows) report('output', `An output of ${output.type} needs an endpoint that answers rows`);
    const read = compileRecordReader(output.fields, OBJECT_START, plan, reportOutput);
    const check = compileProblemChecks(problems, plan, report);
    return output.type === 'rows'
      ? mapRows(output, read, check, { setAside, limits })
      : mapRow(output, read, check, limits);
  }
  if (rows) report('output', 'An endpoint that answers rows needs an output of rows or row');
  const read = compileReader(output, ITEM, plan, reportOutput);
  const check = compileProblemChecks(problems, plan, report);
  return mapDocument(read, check, limits);
}

function isRowOutput(output: OutputData): output is RowsOutput | RowOutput {
  return output.type === 'rows' || output.type === 'row';
}

const NULL = encodeJson(null);

function mapDocument(read: Reader, check: ProblemCheck, limits: AdapterLimits): MapOut {
  // one for all answers, as each is written without waiting; a writer that need not grow is most of what that saves
  const out = new JsonWriter();
  return async (document) => {
    const issues = new Issues('legacy-value-invalid', limits.issues);
    const record = await firstOf(document);
    check(record);
    if (record === undefined) {
      throw new SpeanError('legacy-unexpected', { detail: 'The legacy answer holds nothing' });
    }
    try {
      read(record, { document, issues, out }, '');
      issues.throwIfAny();
      if (out.length === 0) out.raw(NULL);
      return { body: out.take(), setAside: 0 };
    } finally {
      out.clear();
    }
  };
}

/** The first record, without looking for another. A document's is there, and needs no turn of the queue. */
async function firstOf({ batches }: SourceDocument): Promise<SourceRecord | undefined> {
  if (Symbol.iterator in batches) {
    for (const records of batches) for (const record of records) return record;
    return undefined;
  }
  for await (const records of batches) for (const record of records) return record;
  return undefined;
}

interface RowsPolicy {
  readonly setAside: boolean;
  readonly limits: AdapterLimits;
}

function mapRows(
  { name, maxItems }: RowsOutput,
  read: RecordReader,
  check: ProblemCheck,
  { setAside, limits }: RowsPolicy,
): MapOut {
  const most = maxItems ?? limits.answerRows;
  const head = memberHead(name);
  return async (document) => {
    const issues = new Issues('legacy-value-invalid', limits.issues);
    const out = new JsonWriter();
    out.raw(OBJECT_START);
    out.begin(head);
    out.raw(ARRAY_START);
    let rows = 0;
    let badRows = 0;
    const write = (record: SourceRecord): void => {
      check(record);
      if (rows >= most) {
        throw new SpeanError('answer-too-large', { detail: `More than ${most} rows were found: ask for fewer` });
      }
      const rowIssues = setAside ? new Issues('legacy-value-invalid', Number.POSITIVE_INFINITY) : issues;
      const written = out.length;
      rowIssues.path.push(name, rows);
      out.begin(NO_HEAD);
      read(record, { document, issues: rowIssues, out });
      rowIssues.path.length = 0;
      if (setAside && rowIssues.any) {
        out.rewind(written);
        badRows++;
      } else rows++;
    };
    for await (const records of document.batches) for (const record of records) write(record);
    const count = badRows + (document.setAside?.() ?? 0);
    if (rows === 0) check(undefined, leftOut(count));
    issues.throwIfAny();
    out.raw(ARRAY_END);
    if (setAside) out.member(memberHead(SET_ASIDE), count);
    out.raw(OBJECT_END);
    return { body: out.take(), setAside: count };
  };
}

/** Told where nothing was found, as what was asked for may be among these; undefined where there are none. */
function leftOut(count: number): string | undefined {
  return count === 0 ? undefined : `${count} row(s) could not be read and were left out`;
}

async function onlyOf(document: SourceDocument): Promise<SourceRecord | undefined> {
  let found: SourceRecord | undefined;
  for await (const records of document.batches) {
    for (const record of records) {
      if (found === undefined) found = record;
      else {
        const place = document.place(record.offset);
        const message = 'Expected one row, found another that the inputs select as well';
        throw new SpeanError('legacy-unexpected', { detail: message, issues: [{ message, place }] });
      }
    }
  }
  return found;
}

function mapRow({ first }: RowOutput, read: RecordReader, check: ProblemCheck, limits: AdapterLimits): MapOut {
  return async (document) => {
    const issues = new Issues('legacy-value-invalid', limits.issues);
    const found = await (first ? firstOf(document) : onlyOf(document));
    const count = document.setAside?.() ?? 0;
    check(found, leftOut(count));
    if (found === undefined) {
      const detail = ['No row has these values', leftOut(count)].filter((part) => part !== undefined).join(': ');
      throw new SpeanError('not-found', { detail });
    }
    const out = new JsonWriter();
    read(found, { document, issues, out });
    issues.throwIfAny();
    return { body: out.take(), setAside: count };
  };
}
