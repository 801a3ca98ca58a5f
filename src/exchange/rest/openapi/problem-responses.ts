import type { AdapterDefinition, OperationDefinition } from '../../../model/definition.ts';
import { ERRORS, type ErrorCode } from '../../../model/errors.ts';
import type { JsonObject } from '../../../model/json.ts';
import { ownerOfRule } from '../../../model/problem-rule.ts';
import { PROBLEM_TYPE, PROBLEM_TYPE_PREFIX } from '../problem.ts';
import { signedContent } from './envelope-content.ts';
import { type NamedParts, objectSchema } from './schema.ts';

/** What any operation can end in. */
const EVERYWHERE: readonly ErrorCode[] = [
  'client-missing',
  'header-malformed',
  'input-invalid',
  'precondition-failed',
  'target-too-long',
  'server-unrecognised',
  'client-refused',
  'client-limited',
  'not-acceptable',
  'adapter-failed',
  'legacy-fault',
  'legacy-malformed',
  'legacy-unexpected',
  'legacy-value-invalid',
  'legacy-too-large',
  'answer-too-large',
  'legacy-unreachable',
  'legacy-timeout',
  'legacy-busy',
  'legacy-unavailable',
  'legacy-closed',
  'legacy-credentials-refused',
];
const WITH_BODY: readonly ErrorCode[] = ['body-malformed', 'body-too-large', 'media-type-unsupported'];

/** One way to fail: what the problem's `code`, `status` and `title` will be. */
interface Failure {
  /** By what the definition says of this operation, so that the response is its own. */
  readonly declared: boolean;
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly owner: string;
}

/**
 * The responses of an operation's problems by status, ascending, each with the codes that it can have. Those that all
 * operations of its kind share are added to `parts` and referred to.
 */
export function problemResponses(
  operationName: string,
  operation: OperationDefinition,
  mode: NonNullable<AdapterDefinition['envelope']>,
  parts: NamedParts,
): Record<string, JsonObject> {
  const byStatus = Map.groupBy(failuresOf(operation, mode !== 'off'), ({ status }) => status);
  const sorted = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    sorted.map(([status, failures]) => {
      const object = response(failures, mode, detailSchemas(operationName, operation, status, parts));
      if (failures.some(({ declared }) => declared)) return [String(status), object];
      const name = `${hasBody(operation) ? 'Write' : 'Read'}Problem${status}`;
      parts.responses.set(name, object);
      return [String(status), { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function hasBody({ method }: OperationDefinition): boolean {
  return method !== 'get' && method !== 'delete';
}

function failuresOf(operation: OperationDefinition, signed: boolean): Failure[] {
  const codes: ErrorCode[] = [...EVERYWHERE];
  if (hasBody(operation)) codes.push(...WITH_BODY);
  if (signed) codes.push('signer-failed');
  const shared = codes.length;
  if (operation.output.type === 'row') codes.push('not-found');
  if (operation.signedRequest !== undefined) codes.push('request-signature-invalid', 'request-replayed');
  if (operation.idempotencyKey !== undefined)
    codes.push('idempotency-key-reused', 'request-running', 'outcome-unknown');
  if (operation.idempotencyKey === 'Idempotency-Key') codes.push('idempotency-key-missing');
  if (operation.signedRequest === 'required') codes.push('request-unsigned');
  const declared = (operation.problems ?? []).map((rule) => {
    return {
      declared: true,
      code: 'legacy-fault' as const,
      status: rule.status,
      title: rule.title ?? ERRORS['legacy-fault'].title,
      owner: ownerOfRule(rule),
    };
  });
  const coded = codes.map((code, index): Failure => ({ declared: index >= shared, code, ...ERRORS[code] }));
  const stores = operation.signedRequest !== undefined || operation.idempotencyKey !== undefined;
  return [...declared, ...coded, ...(stores ? [STORE_FAILED] : [])];
}

/** The store of such an operation is full, or does not answer. */
const STORE_FAILED: Failure = { declared: true, code: 'adapter-failed', ...ERRORS['adapter-failed'], status: 503 };

/** What declared problems of a status tell in `details`: the fields of the fault's detail that their rules read. */
function detailSchemas(
  operationName: string,
  { problems = [] }: OperationDefinition,
  status: number,
  parts: NamedParts,
): JsonObject[] {
  return problems.flatMap((rule, index) => {
    if (rule.fields === undefined || rule.status !== status) return [];
    const place = `${operationName}.problems.${index}`;
    return [objectSchema(rule.fields, { direction: 'output', place, parts })];
  });
}

function response(
  failures: readonly Failure[],
  mode: NonNullable<AdapterDefinition['envelope']>,
  details: readonly JsonObject[],
): JsonObject {
  const codes = [...new Set(failures.map(({ code }) => code))];
  const titles = [...new Set(failures.map(({ code, title }) => `${title} (\`${code}\`)`))];
  const narrowed = {
    type: 'object',
    properties: {
      code: { type: 'string', enum: codes },
      ...(details.length > 0 && { details: details.length === 1 ? details[0] : { anyOf: details } }),
    },
  };
  const document = {
    schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, narrowed] },
    examples: Object.fromEntries(failures.map((failure, index) => [exampleName(failures, index), example(failure)])),
  };
  return { description: titles.join('; '), ...signedContent(PROBLEM_TYPE, document, mode) };
}

/** The code, numbered where several declared problems share it. */
function exampleName(failures: readonly Failure[], index: number): string {
  const code = failures[index]?.code ?? '';
  const before = failures.slice(0, index).filter((failure) => failure.code === code).length;
  return before === 0 ? code : `${code}-${before + 1}`;
}

function example({ code, status, title, owner }: Failure): JsonObject {
  return { value: { type: `${PROBLEM_TYPE_PREFIX}${code}`, title, status, code, owner } };
}
