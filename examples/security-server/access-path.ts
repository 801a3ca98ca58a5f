import { Failure } from './failure.ts';
import { atLeast, type Version } from './version.ts';

/** One endpoint of a service that a client may call: a method or `*`, and a path in which `*` is a segment, `**` anything. */
export interface EndpointRight {
  readonly method: string;
  readonly path: string;
}

/**
 * The path that rights are checked against (contract 1.1): percent-decoded, so that an encoded slash separates. Up to
 * 7.5 it is normalised first and decoded second. From 7.6 on the decoded path goes through `URI.create`, which refuses
 * some characters and ends a path at `?` and `#`; from 7.7.1 on what still leads upwards is denied.
 */
export function accessPath(path: string, version: Version): string {
  if (!atLeast(version, '7.6.3')) return decoded(withoutDots(path));
  const text = decoded(path);
  if (/[{}"|[\] ]|%(?![0-9A-Fa-f]{2})/.test(text)) {
    throw new Failure('server.serverproxy', 'internal_error', 'Illegal character in path');
  }
  const normalised = withoutDots(text.replace(/[?#].*$/s, ''));
  if (atLeast(version, '7.7.1') && normalised.split('/').includes('..')) {
    throw new Failure('server.serverproxy', 'access_denied', 'Request is not allowed');
  }
  return normalised;
}

/** Whether one of the rights names the call. */
export function isGranted(rights: readonly EndpointRight[], method: string, path: string): boolean {
  return rights.some((right) => (right.method === '*' || right.method === method) && glob(right.path).test(path));
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/\*\*|\\\*|\*|[\\^$.|?+()[\]{}]/g, (token) => {
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    return token === '\\*' ? '\\*' : `\\${token}`;
  });
  return new RegExp(`^${source}$`, 's');
}

/** Bytes that are no UTF-8 become U+FFFD. `%2D` stays: code that means to keep encoded slashes tests for it (contract 1.1). */
function decoded(path: string): string {
  return path.replace(/(?:%(?!2d)[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

/** RFC 3986, 5.2.4, as `URI.normalize` does it: what leads above the root stays. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '.') continue;
    if (segment === '..' && kept.length > 1 && kept.at(-1) !== '..') kept.pop();
    else kept.push(segment);
  }
  return kept.join('/');
}
