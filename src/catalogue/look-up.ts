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
  const adapter = catalogue.get(request.adapter);
  if (adapter === undefined) throw new SpeanError('path-unknown', { detail: 'No adapter of this name' });
  const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
  const allowed = new Set<string>();
  for (const operation of adapter.operations) {
    const pathParameters = matchPath(operation.template, segments);
    if (pathParameters === undefined) continue;
    if (operation.definition.method === method) return { request, adapter, operation, pathParameters };
    allowed.add(operation.definition.method.toUpperCase());
  }
  if (allowed.size === 0) throw new SpeanError('path-unknown', { detail: 'No operation has this path' });
  const allow = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])].sort().join(', ');
  throw new SpeanError('method-not-allowed', { detail: `This path takes ${allow}`, headers: { Allow: allow } });
}
