import { DocumentError, SpeanError } from '../../model/errors.ts';
import type { ExchangeRequest } from '../../model/exchange.ts';
import type { JsonValue } from '../../model/json.ts';
import { JsonError, readJson } from '../../syntax/json-reader.ts';
import { decodeUtf8 } from '../../syntax/utf8.ts';

/**
 * The request's JSON body, or undefined where it is empty: X-Road sends a POST without a body with Content-Length 0.
 * Throws SpeanError `media-type-unsupported` unless the type is `application/json` or ends in `+json`, in UTF-8, and for
 * `application/jose+json`, whose data is the body only where it has been verified;
 * `body-malformed` for what is no JSON or JSON that readers could understand differently.
 */
export function readJsonBody(request: ExchangeRequest): JsonValue | undefined {
  if (request.body.length === 0) return undefined;
  checkMediaType(request.contentType);
  try {
    return readJson(decodeUtf8(request.body));
  } catch (error) {
    throw error instanceof DocumentError ? bodyMalformed(error) : error;
  }
}

/**
 * A query's names and values in order, percent-decoded as UTF-8; `+` is a space, as every HTTP client library that
 * writes forms or search parameters means it, and a plus is `%2B`. Throws SpeanError `input-invalid` for a broken escape.
 */
export function readQuery(query: string): readonly (readonly [name: string, value: string])[] {
  const read: (readonly [name: string, value: string])[] = [];
  for (const pair of query.slice(query.startsWith('?') ? 1 : 0).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    const value = equals === -1 ? '' : pair.slice(equals + 1);
    read.push([decodeQuery(name), decodeQuery(value)]);
  }
  return read;
}

function decodeQuery(text: string): string {
  return decode(text.includes('+') ? text.replaceAll('+', ' ') : text, 'query');
}

/**
 * The segments of a path behind the adapter's name, percent-decoded as UTF-8: an encoded slash is part of its segment.
 * Throws SpeanError `path-unknown` for empty and dot segments, also encoded ones, since X-Road's access check and this
 * adapter could read different paths there (contract 1.1); `input-invalid` for a broken escape.
 */
export function readPath(path: string): readonly string[] {
  if (path === '' || path === '/') return [];
  return path
    .slice(1)
    .split('/')
    .map((raw) => {
      const segment = decode(raw, 'path');
      if (segment === '') throw new SpeanError('path-unknown', { detail: 'The path has an empty segment' });
      if (segment === '.' || segment === '..') {
        throw new SpeanError('path-unknown', { detail: 'The path has a dot segment' });
      }
      return segment;
    });
}

function decode(text: string, where: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SpeanError('input-invalid', { issues: [{ message: `The ${where} is not percent-encoded UTF-8` }] });
  }
}

function checkMediaType(contentType: string | undefined): void {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (!/^application\/(?:json|(?!jose\+)[!#$&^_.+a-z0-9-]+\+json)$/.test(type)) {
    throw new SpeanError('media-type-unsupported', {
      detail: 'The request body must be JSON, with Content-Type application/json',
    });
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !['utf-8', '"utf-8"'].includes(charset)) {
    throw new SpeanError('media-type-unsupported', { detail: 'JSON is UTF-8 (RFC 8259, section 8.1)' });
  }
}

function bodyMalformed(error: DocumentError): SpeanError {
  if (!(error instanceof JsonError))
    return new SpeanError('body-malformed', { detail: 'The request body is not UTF-8' });
  const { field, place, summary } = error;
  return new SpeanError('body-malformed', {
    detail: 'The request body is not the JSON that is taken',
    issues: [{ ...(field !== '' && { field }), place, message: summary }],
  });
}
