import { createHash } from 'node:crypto';
import type { HeaderList } from './headers.ts';

/**
 * `X-Road-Request-Hash` (contract 1.7): SHA-512 of the request line and headers as they are forwarded, and where there
 * is a body, SHA-512 over that digest and the body's.
 */
export function requestHash(method: string, target: string, headers: HeaderList, body: Uint8Array): string {
  const lines = [method, target, ...headers.map(([name, value]) => `${name}:${value}`)];
  const message = sha512(Buffer.from(lines.map((line) => `${line}\r\n`).join('')));
  return (body.length === 0 ? message : sha512(Buffer.concat([message, sha512(body)]))).toString('base64');
}

function sha512(bytes: Uint8Array): Buffer {
  return createHash('sha512').update(bytes).digest();
}
