import type { Settings } from '../model/settings.ts';
import { equalInConstantTime } from './equal-in-constant-time.ts';

/**
 * Whether a request is an operator's: it has the operations token as bearer (RFC 6750), or comes from an operations
 * address. Where neither is set nobody is, except in development, where everybody is.
 */
export function recogniseOperator(
  headers: Headers,
  address: string | undefined,
  { operations, production }: Pick<Settings, 'operations' | 'production'>,
): boolean {
  const { token, addresses } = operations;
  if (token === undefined && addresses === undefined) return !production;
  const given = headers.get('authorization')?.replace(/^Bearer /i, '') ?? '';
  return (
    (token !== undefined && equalInConstantTime(given, token)) ||
    (address !== undefined && (addresses?.includes(address) ?? false))
  );
}
