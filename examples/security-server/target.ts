import { Failure } from './failure.ts';

/** A consumer's request line taken apart (contract 1.1). */
export interface ConsumerTarget {
  /** `INSTANCE/CLASS/MEMBER/SUBSYSTEM/serviceCode`, parts still percent-encoded. */
  readonly service: string;
  /** Everything behind the service code, raw; empty where nothing follows. */
  readonly path: string;
  /** With its `?`; empty where there is none. */
  readonly query: string;
}

/** `/r1/{instance}/{class}/{member}/{subsystem}/{serviceCode}[/rest][?query]`: split with limit 8, at least 7 parts (contract 1.1). */
export function readConsumerTarget(url: string): ConsumerTarget {
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const parts = path.split('/');
  if (parts.length < 7 || parts[1] !== 'r1') {
    throw new Failure('client', 'bad_request', 'The path is not /r1/instance/class/member/subsystem/service');
  }
  const service = parts.slice(2, 7).join('/');
  return {
    service,
    path: parts.length > 7 ? `/${parts.slice(7).join('/')}` : '',
    query: queryAt === -1 ? '' : url.slice(queryAt),
  };
}

/** What a Java URI does not take raw, broken escapes among it (contract 1.1). */
const ILLEGAL = /[{}|"[\] \\^`<>]|%(?![0-9A-Fa-f]{2})/;

/**
 * The URL that the provider's security server calls: concatenation with exactly one slash dropped, a run of slashes at
 * the path's start collapsed, query raw (contract 1.1).
 */
export function providerUrl(serviceUrl: string, { path, query }: ConsumerTarget): string {
  if (ILLEGAL.test(path + query)) throw new Failure('server.serverproxy', 'internal_error', 'Illegal character in URI');
  const joined = serviceUrl.endsWith('/') && path.startsWith('/') ? serviceUrl + path.slice(1) : serviceUrl + path;
  const [, origin = '', rest = ''] = /^(https?:\/\/[^/?]+)(.*)$/s.exec(joined) ?? [];
  return origin + rest.replace(/^\/{2,}/, '/') + query;
}
