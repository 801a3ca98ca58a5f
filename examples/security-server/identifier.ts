import { Failure } from './failure.ts';

/** Each part is percent-decoded as UTF-8; what stands raw is pchar (contract 1.3). */
export function decodeParts(identifier: string): readonly string[] {
  return identifier.split('/').map((part) => {
    if (part === '' || !/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*$/.test(part)) {
      throw new Failure('client', 'invalid_client_identifier', 'The identifier is malformed');
    }
    return decodeURIComponent(part);
  });
}

/** The provider side writes ids with Guava's path segment escaper, which keeps pchar (contract 1.3). */
export function encodeParts(parts: readonly string[]): string {
  return parts
    .map((part) =>
      encodeURIComponent(part).replace(/%(?:24|26|2B|2C|3B|3D|3A|40)/g, (escaped) => decodeURIComponent(escaped)),
    )
    .join('/');
}
