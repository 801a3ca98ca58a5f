import type { Report } from '../model/contracts.ts';
import type { ProblemRule } from '../model/definition.ts';
import { type LegacyFaultError, SpeanError } from '../model/errors.ts';
import type { Cell, SourceRecord } from '../model/source.ts';
import { PlanBuilder } from './plan-builder.ts';
import { isPresent } from './response.ts';

/** Throws the problem that an adapter declares for what stands in a normal answer. */
export type ProblemCheck = (record: SourceRecord | undefined) => void;

/** Compiles the rules about values and absences; their positions get slots. Checked in the order of the definition. */
export function compileProblemChecks(rules: readonly ProblemRule[], plan: PlanBuilder, report: Report): ProblemCheck {
  const checks = rules.flatMap((rule, index): ((record: SourceRecord | undefined) => boolean)[] => {
    reportRule(rule, (message) => report(`problems.${index}`, message));
    const holds = compileCheck(rule, plan);
    return holds === undefined ? [] : [(record) => holds(record) && raise(rule)];
  });
  return (record) => {
    for (const check of checks) check(record);
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

function raise(rule: ProblemRule, cause?: unknown): never {
  throw declared(rule, cause);
}

function declared({ status, title, owner }: ProblemRule, cause: unknown): SpeanError {
  return new SpeanError('legacy-fault', {
    status,
    owner: owner ?? (status < 500 ? 'caller' : 'legacy'),
    ...(title === undefined ? {} : { title }),
    cause,
  });
}

/** The problem for a fault: the first rule that names it, else one that tells nothing of the fault's own words. */
export function explainFault(rules: readonly ProblemRule[], fault: LegacyFaultError): SpeanError {
  const { names, httpStatus } = fault.facts;
  const rule =
    rules.find((candidate) => candidate.fault !== undefined && names.includes(candidate.fault)) ??
    rules.find((candidate) => candidate.httpStatus === httpStatus);
  if (rule !== undefined) return declared(rule, fault);
  return new SpeanError('legacy-fault', {
    detail: 'The legacy system reported a fault that the adapter does not declare',
    cause: fault,
  });
}
