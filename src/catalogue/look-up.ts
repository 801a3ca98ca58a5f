import { SpeanError } from '../model/errors.ts';
import type { AdmittedRequest } from '../model/exchange.ts';
import { matchPath } from '../model/route.ts';
import type { Catalogue, CompiledAdapter, CompiledOperation } from './compile.ts';

/** An admitted request with the operation that it calls. */
export interface OperationCall {
  readonly request: AdmittedRequest;
  readonly adapter: CompiledAdapter;
  readonly operation: CompiledOperation;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the operation for a request's method and path, given as decoded segments. HEAD asks for what GET would answer.
 * Throws SpeanError `path-unknown`, or `method-not-allowed` with `Allow`.
 */
export function lookUp(request: AdmittedRequest, segments: readonly string[], catalogue: Catalogue): OperationCall {
  const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
  for (const operation of operationsOf(request.adapter, catalogue)) {
    if (operation.definition.method !== method) continue;
    const pathParameters = matchPath(operation.template, segments);
    const adapter = catalogue.get(request.adapter);
    if (pathParameters !== undefined && adapter !== undefined) return { request, adapter, operation, pathParameters };
  }
  const allow = allowedMethods(request.adapter, segments, catalogue).join(', ');
  throw new SpeanError('method-not-allowed', { detail: `This path takes ${allow}`, headers: { Allow: allow } });
}

/** The methods that a path offers, sorted, HEAD with GET. Throws SpeanError `path-unknown` where there are none. */
export function allowedMethods(adapter: string, segments: readonly string[], catalogue: Catalogue): readonly string[] {
  const methods = operationsOf(adapter, catalogue)
    .filter(({ template }) => matchPath(template, segments) !== undefined)
    .flatMap(({ definition }) => (definition.method === 'get' ? ['GET', 'HEAD'] : [definition.method.toUpperCase()]));
  if (methods.length === 0) throw new SpeanError('path-unknown', { detail: 'No operation has this path' });
  return [...new Set(methods)].sort();
}

function operationsOf(adapter: string, catalogue: Catalogue): readonly CompiledOperation[] {
  const found = catalogue.get(adapter);
  if (found === undefined) throw new SpeanError('path-unknown', { detail: 'No adapter of this name' });
  return found.operations;
}
