import { styleText } from 'node:util';
import type { CodeWithDetails } from './api-error.ts';
import { WHOLE_SERVICE } from './endpoints.ts';
import { explainWarning } from './explain-code.ts';
import type { Plan, RemovedEndpoint, Step } from './plan.ts';
import { describeSettings } from './remarks.ts';
import type { Wish } from './wish.ts';

/** The plan for people: what is there, what will change, what to know. */
export function tellPlan(plan: Plan, wish: Wish): string[] {
  const { length } = plan.steps;
  return [
    `${wish.client}/${wish.serviceCode}`,
    ...plan.kept.map((thing) => `  ${styleText('green', '✓')} ${thing}`),
    ...plan.steps.flatMap((step) => {
      const [first = '', ...more] = describeStep(step, wish);
      return [`  ${sign(step)} ${first}`, ...more.map((line) => `      ${line}`)];
    }),
    ...plan.notes.map((note) => `  ${styleText('yellow', '!')} ${note}`),
    length === 0 ? 'Nothing to do' : `${length} change${length === 1 ? '' : 's'}`,
  ];
}

/** A step in words: the first line says it, the others what it comes to. */
export function describeStep(step: Step, { serviceCode }: Pick<Wish, 'serviceCode'>): string[] {
  switch (step.change) {
    case 'add description':
      return [`add description ${step.url} as service ${serviceCode}`, ...step.endpoints];
    case 'move description':
      return [`change description from ${step.from} to ${step.to}`, ...changes(step.added, step.removed)];
    case 'refresh description':
      return ['refresh description', ...changes(step.added, step.removed)];
    case 'upload certificate':
      return ["upload the adapter's TLS certificate for the client", `SHA-256 ${step.fingerprint}`];
    case 'set service':
      return [
        `set service to ${describeSettings(step.to)}`,
        ...(step.from === undefined ? [] : [`is ${describeSettings(step.from)}`]),
      ];
    case 'add endpoint':
      return [`add endpoint ${step.endpoint}, which the description does not have`];
    case 'give access':
      return [
        `give access to ${step.endpoint === WHOLE_SERVICE ? 'the whole service' : step.endpoint}`,
        ...step.serviceClients.map(({ name }) => name),
      ];
    case 'enable':
      return [
        `enable service${step.notice === undefined ? '' : `, which is disabled: ${JSON.stringify(step.notice)}`}`,
      ];
  }
}

/** What comes next. The proxy keeps its configuration for up to a minute (contract 7). */
export function tellUse({ client, serviceCode }: Wish): string {
  return `Consumers call /r1/${client}/${serviceCode}/… on their security server; until this one knows of the changes up to a minute may pass`;
}

/** A warning of the security server: its code, what it is about, what it means and what accepting does. */
export function tellWarning({ code, metadata = [] }: CodeWithDetails): string[] {
  return [
    `${styleText('yellow', '!')} The security server warns: ${code}`,
    `    ${explainWarning(code)}`,
    ...metadata.map((detail) => `    ${detail}`),
  ];
}

function changes(added: readonly string[], removed: readonly RemovedEndpoint[]): string[] {
  return [
    ...added.map((endpoint) => `${styleText('green', '+')} ${endpoint}`),
    ...removed.map(({ endpoint, loseAccess }) => {
      const lost = loseAccess.length === 0 ? '' : `, and with it the access of ${loseAccess.join(', ')}`;
      return `${styleText('red', '-')} ${endpoint}${lost}`;
    }),
  ];
}

function sign({ change }: Step): string {
  return /^(add|give|upload) /.test(change) ? styleText('green', '+') : styleText('yellow', '~');
}
