import type { CompiledCall, Report } from '../../model/contracts.ts';
import type { HttpCall, SoapCall } from '../../model/definition.ts';
import { SpeanError } from '../../model/errors.ts';
import type { Cell, RecordPlan, Slot } from '../../model/source.ts';
import { compileRequestLine } from '../request-line.ts';

/**
 * Compiles the request for rows: a GET, or a POST with the inputs as a form (WHATWG URL Standard, in UTF-8).
 * Reports inputs that neither the line nor a form takes.
 */
export function compileRowRequest(call: HttpCall | SoapCall, plan: RecordPlan, report: Report): CompiledCall['encode'] {
  if ('operation' in call) {
    report('call', 'An endpoint of rows is called by path: expected "get" or "post", not a SOAP operation');
    return compileRowRequest({ get: '' }, plan, report);
  }
  const line = compileRequestLine(call, plan, report);
  if (call.root !== undefined) report('call.root', 'An endpoint of rows takes no document: expected "form"');
  if (call.answers !== undefined) report('call.answers', 'Rows have no root element');
  if (call.form === undefined || call.post === undefined) {
    for (const index of line.rest)
      report('input', `Nothing takes the input at ${name(plan, index)}: expected ?query or {hole}`);
    return (values) => ({ ...line.fill(values), headers: [] });
  }
  for (const index of line.rest) {
    if (plan.slots[index]?.record !== undefined) report('input', `A form has no record at ${name(plan, index)}`);
  }
  return (values) => ({
    ...line.fill(values),
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    body: new URLSearchParams(
      line.rest.flatMap((index) => formPairs(plan.slots[index]?.at[0] ?? '', values.slots[index])),
    ).toString(),
  });
}

function name(plan: RecordPlan, index: number): string {
  return JSON.stringify(plan.slots[index]?.at[0]);
}

function formPairs(field: string, slot: Slot): [string, string][] {
  if (slot === undefined) return [];
  const cells = (Array.isArray(slot) ? slot : [slot]) as readonly Cell[];
  return cells.map(({ text }) => {
    if (text?.isWellFormed()) return [field, text];
    throw new SpeanError('input-invalid', { detail: `The form field ${field} takes Unicode text only` });
  });
}
