import type { Caller } from '../../model/exchange.ts';

/** A request's URL as a security server builds it: the service URL, then the consumer's path and query (contract 1.1). */
export interface ServiceUrl {
  readonly pathSecret?: string;
  readonly adapter: string;
  readonly path: string;
  readonly query: string;
}

/**
 * Takes `https://host[/secret]/adapter[/path][?query]` apart. Path and query stay raw, as they were sent and as both
 * sides sign them; the URL class would fold dot segments and change escapes. `adapter` is empty where the URL has none.
 */
export function splitServiceUrl(url: string, withSecret: boolean): ServiceUrl {
  const target = withoutFragment(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ''));
  const queryStart = target.indexOf('?');
  const fullPath = queryStart === -1 ? target : target.slice(0, queryStart);
  const query = queryStart === -1 ? '' : target.slice(queryStart);
  if (!withSecret) {
    const end = segmentEnd(fullPath);
    return { adapter: fullPath.slice(1, end), path: fullPath.slice(end), query };
  }
  const secretEnd = segmentEnd(fullPath);
  const rest = fullPath.slice(secretEnd);
  const end = segmentEnd(rest);
  return { pathSecret: fullPath.slice(1, secretEnd), adapter: rest.slice(1, end), path: rest.slice(end), query };
}

function withoutFragment(target: string): string {
  const start = target.indexOf('#');
  return start === -1 ? target : target.slice(0, start);
}

/** A caller with the secret that it knew, which `access` compares. */
export function callerThrough({ pathSecret }: ServiceUrl, caller: Caller): Caller {
  return pathSecret === undefined ? caller : { ...caller, pathSecret };
}

/** Where the first segment ends: 2 of `/a/b/c`. */
function segmentEnd(path: string): number {
  const end = path.indexOf('/', 1);
  return end === -1 ? path.length : end;
}
