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
  const target = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const queryStart = target.indexOf('?');
  const fullPath = queryStart === -1 ? target : target.slice(0, queryStart);
  const query = queryStart === -1 ? '' : target.slice(queryStart);
  const [secret, rest] = withSecret ? cutSegment(fullPath) : [undefined, fullPath];
  const [adapter, path] = cutSegment(rest);
  return { ...(secret !== undefined && { pathSecret: secret }), adapter, path, query };
}

/** `/a/b/c` → `a` and `/b/c`. */
function cutSegment(path: string): readonly [segment: string, rest: string] {
  const end = path.indexOf('/', 1);
  return end === -1 ? [path.slice(1), ''] : [path.slice(1, end), path.slice(end)];
}
