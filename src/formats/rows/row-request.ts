import type { CompiledCall, Report } from '../../model/contracts.ts';
import type { HttpCall, SoapCall } from '../../model/definition.ts';
import type { RecordPlan } from '../../model/source.ts';
import { httpCall } from '../http-call.ts';
import { compileRequestLine } from '../request-line.ts';

/** Compiles the request for rows: its first line is all of it, since an input that names a column selects rows. */
export function compileRowRequest(
  given: HttpCall | SoapCall,
  plan: RecordPlan,
  report: Report,
): CompiledCall['encode'] {
  const call = httpCall(given, report);
  const line = compileRequestLine(call, plan, report);
  for (const name of ['root', 'form', 'answers'] as const) {
    if (call[name] !== undefined)
      report(`call.${name}`, 'An endpoint of rows takes its inputs as ?query and {hole} only');
  }
  for (const index of line.rest) {
    const position = JSON.stringify(plan.slots[index]?.at[0]);
    report('input', `Nothing takes the input at ${position}: expected ?query or {hole}`);
  }
  return (values) => ({ ...line.fill(values), headers: [] });
}
