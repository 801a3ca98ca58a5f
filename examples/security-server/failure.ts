import { atLeast, type Version } from './version.ts';

/** Who failed: the consumer, its security server, or the provider's (contract 6). */
export type FailureSide = 'client' | 'server.clientproxy' | 'server.serverproxy';

/** A fault that a security server makes itself. The code is snake_case, as from 7.8.0 on. */
export class Failure extends Error {
  readonly side: FailureSide;
  readonly code: string;

  constructor(side: FailureSide, code: string, message: string) {
    super(message);
    this.side = side;
    this.code = code;
  }
}

const CAMEL_SIDES: Readonly<Record<FailureSide, string>> = {
  client: 'Client',
  'server.clientproxy': 'Server.ClientProxy',
  'server.serverproxy': 'Server.ServerProxy',
};

/** `server.serverproxy.io_error` from 7.8.0 on, `Server.ServerProxy.IOError` before (contract 6). */
export function faultCode({ side, code }: Failure, version: Version): string {
  if (atLeast(version, '7.8.0')) return `${side}.${code}`;
  const camel = code
    .split('_')
    .map((word) => (word === 'io' ? 'IO' : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('');
  return `${CAMEL_SIDES[side]}.${camel}`;
}

/** 400 for the consumer's mistakes, 500 for the servers' (contract 1.8). */
export function faultStatus({ side }: Failure): number {
  return side === 'client' ? 400 : 500;
}

/** JSON, or XML where the consumer's Accept lists it (contract 1.8). */
export function faultBody(
  failure: Failure,
  version: Version,
  detail: string,
  accept: string | undefined,
): { contentType: string; body: string } {
  const type = faultCode(failure, version);
  if (/text\/xml|application\/xml|text\/\*/.test(accept ?? '')) {
    const body = `<?xml version="1.0" encoding="UTF-8"?><error><type>${escapeXml(type)}</type><message>${escapeXml(failure.message)}</message><detail>${detail}</detail></error>`;
    return { contentType: 'text/xml;charset=utf-8', body };
  }
  return {
    contentType: 'application/json;charset=utf-8',
    body: JSON.stringify({ type, message: failure.message, detail }),
  };
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
