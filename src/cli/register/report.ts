import type { CodeWithDetails } from './api-error.ts';
import { explainWarning } from './explain-code.ts';
import type { Plan, Step } from './plan.ts';
import { describeStep } from './tell-plan.ts';
import type { Wish } from './wish.ts';

/** What became of a plan. */
export interface Outcome {
  /** `stopped` at a warning, `declined` by the user, `failed` by an error. */
  readonly state: 'planned' | 'unchanged' | 'applied' | 'declined' | 'stopped' | 'failed';
  readonly done: readonly Step[];
  readonly warnings: readonly (CodeWithDetails & { readonly accepted: boolean })[];
  readonly error?: string;
}

/** Plan and outcome for programs. */
export function reportOf({ steps, kept, notes }: Plan, wish: Wish, { state, done, warnings, error }: Outcome): object {
  return {
    service: `${wish.client}/${wish.serviceCode}`,
    state,
    kept,
    notes,
    steps: steps.map((step) => ({ ...step, text: describeStep(step, wish)[0], done: done.includes(step) })),
    warnings: warnings.map((warning) => ({ ...warning, explanation: explainWarning(warning.code) })),
    ...(error !== undefined && { error }),
  };
}
