import { digestOf } from '../../envelope/digest.ts';
import type { ExpectedRequest } from '../../envelope/expectations.ts';
import { type HttpMessage, readHttpMessage } from '../http-message.ts';
import { CommandError } from '../shell.ts';

/** What a saved request says must stand in the statement. */
export interface RequestOnFile {
  readonly request: ExpectedRequest;
  /** `X-Road-Client`, where the file has it. */
  readonly audience?: string;
}

/**
 * Reads a request that was saved as an HTTP/1.1 message. Its target may be the one that the consumer sent to its own
 * security server (`/r1/INSTANCE/…/service/path`): the statement has what follows the service's id. Throws CommandError.
 */
export async function readRequestOnFile(bytes: Uint8Array<ArrayBuffer>): Promise<RequestOnFile> {
  const message = readHttpMessage(bytes, 'The request');
  const [, method, target] = /^([A-Z]+) (\S+)( HTTP\/1\.[01])?$/.exec(message.startLine) ?? [];
  if (method === undefined || target === undefined) {
    throw new CommandError('The request does not begin with a request line such as "GET /companies/1 HTTP/1.1"');
  }
  const id = message.headers.get('x-road-id');
  const audience = message.headers.get('x-road-client');
  const signingInput = signingInputOf(message);
  return {
    request: {
      method,
      target: servicePath(target),
      body: message.body,
      ...(id !== null && { id }),
      ...(signingInput !== undefined && { jws: await digestOf(new TextEncoder().encode(signingInput)) }),
    },
    ...(audience !== null && { audience }),
  };
}

/** Behind `/r1/` and the five parts of a service id (X-Road REST protocol, 4.3); empty where nothing follows them. */
function servicePath(target: string): string {
  return target.replace(/^(https?:\/\/[^/]+)?\/r1(\/[^/?]+){5}/, '');
}

/** The part of a signed request that its signature covers: the same in either serialisation. */
function signingInputOf({ headers, body }: HttpMessage): string | undefined {
  const inBody = /^application\/jose/i.test(headers.get('content-type') ?? '');
  const envelope = inBody ? new TextDecoder().decode(body).trim() : headers.get('x-evidence-jws');
  if (!envelope) return undefined;
  if (!envelope.startsWith('{')) return envelope.slice(0, envelope.lastIndexOf('.'));
  try {
    const { protected: header, payload } = JSON.parse(envelope) as { protected: string; payload: string };
    return `${header}.${payload}`;
  } catch {
    throw new CommandError("The request's body is no JWS in flattened form");
  }
}
