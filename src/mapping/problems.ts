import type { DetailPlan, Report } from '../model/contracts.ts';
import type { ProblemRule } from '../model/definition.ts';
import { type LegacyFaultError, SpeanError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { AdapterLimits } from '../model/limits.ts';
import { ownerOfRule } from '../model/problem-rule.ts';
import type { Cell, SourceRecord } from '../model/source.ts';
import { Issues } from './issues.ts';
import { JsonWriter, OBJECT_START } from './json-writer.ts';
import { PlanBuilder } from './plan-builder.ts';
import { compileRecordReader, isPresent, type RecordReader } from './response.ts';

/** Throws the problem that an adapter declares for what stands in a normal answer, with a detail where one is given. */
export type ProblemCheck = (record: SourceRecord | undefined, detail?: string) => void;

/** Compiles the rules about values and absences; their positions get slots. Checked in the order of the definition. */
export function compileProblemChecks(rules: readonly ProblemRule[], plan: PlanBuilder, report: Report): ProblemCheck {
  const checks = rules.flatMap((rule, index): ProblemCheck[] => {
    reportRule(rule, (message) => report(`problems.${index}`, message));
    const holds = compileCheck(rule, plan);
    return holds === undefined ? [] : [(record, detail) => holds(record) && raise(rule, detail)];
  });
  return (record, detail) => {
    for (const check of checks) check(record, detail);
  };
}

function compileCheck(
  rule: ProblemRule,
  plan: PlanBuilder,
): ((record: SourceRecord | undefined) => boolean) | undefined {
  const { value, absent } = rule;
  if (value !== undefined) {
    const slot = plan.text([value.at]);
    return (record) => (record?.slots[slot] as Cell | undefined)?.text === value.equals;
  }
  if (absent === '.') return (record) => record === undefined;
  if (absent !== undefined) {
    const slot = plan.find(absent) ?? plan.record(absent, new PlanBuilder(), false); // whatever stands there is a record
    return (record) => record === undefined || !isPresent(record.slots[slot]);
  }
  return undefined;
}

function reportRule(rule: ProblemRule, report: (message: string) => void): void {
  const kinds = ['fault', 'value', 'absent', 'httpStatus'] as const;
  if (kinds.filter((kind) => rule[kind] !== undefined).length !== 1) {
    report(`A problem rule has exactly one of ${kinds.join(', ')}`);
  }
  if (!Number.isInteger(rule.status) || rule.status < 400 || rule.status > 599) {
    report('The status of a problem is one from 400 to 599');
  }
}

function raise(rule: ProblemRule, detail: string | undefined): never {
  throw declared(rule, undefined, undefined, detail);
}

function declared(rule: ProblemRule, details: JsonObject | undefined, cause: unknown, detail?: string): SpeanError {
  return new SpeanError('legacy-fault', {
    declared: true,
    status: rule.status,
    owner: ownerOfRule(rule),
    title: rule.title,
    detail,
    details,
    cause,
  });
}

/** How a rule reads the detail of the fault that it names. */
interface DetailReader extends DetailPlan {
  readonly read: RecordReader;
}

export interface FaultRules {
  readonly details: readonly DetailPlan[];
  /** The problem for a fault: of the first rule that names it, else one that tells nothing of the fault's own words. */
  explain(fault: LegacyFaultError): SpeanError;
}

/** Compiles the rules about faults and statuses, with the details that they read. */
export function compileFaultRules(rules: readonly ProblemRule[], limits: AdapterLimits, report: Report): FaultRules {
  const details = rules.flatMap((rule, index): DetailReader[] => {
    const { fault: name, fields } = rule;
    if (fields === undefined) return [];
    if (name === undefined) report(`problems.${index}.fields`, 'Only a rule about a fault reads its detail');
    const plan = new PlanBuilder();
    const read = compileRecordReader(fields, OBJECT_START, plan, (place, message) =>
      report(`problems.${index}.fields.${place}`, message),
    );
    return [{ name: name ?? '', plan, read }];
  });
  return {
    details,
    explain(fault) {
      const { names, httpStatus } = fault.facts;
      const rule =
        rules.find(({ fault }) => names.some((name) => name === fault)) ??
        rules.find((candidate) => candidate.httpStatus === httpStatus);
      if (rule !== undefined) return declared(rule, readDetail(rule, fault, details, limits), fault);
      return new SpeanError('legacy-fault', {
        detail: 'The legacy system reported a fault that the adapter does not declare',
        cause: fault,
      });
    },
  };
}

/** The declared problem stands without its details where these are not as declared: a wrong value is never told. */
function readDetail(
  rule: ProblemRule,
  { facts: { detail } }: LegacyFaultError,
  readers: readonly DetailReader[],
  limits: AdapterLimits,
): JsonObject | undefined {
  const reader = readers.find(({ name }) => rule.fields !== undefined && name === rule.fault);
  if (detail === undefined || reader === undefined || detail.name !== reader.name) return undefined;
  const issues = new Issues('legacy-value-invalid', limits.issues);
  try {
    const out = new JsonWriter();
    reader.read(detail.record, { document: detail.document, issues, out });
    return issues.any ? undefined : (JSON.parse(new TextDecoder().decode(out.take())) as JsonObject);
  } catch {
    return undefined;
  }
}
