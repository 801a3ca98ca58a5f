import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stand-in was sent and what it answered. */
export interface LegacyExchange {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly reply: LegacyAnswer;
}

export interface LegacyAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Wait so long before answering, milliseconds. */
  readonly afterMs?: number;
}

export interface LegacyServer {
  readonly url: string;
  /** Exchanges so far, oldest first. */
  readonly received: readonly LegacyExchange[];
  close(): Promise<void>;
}

type Question = Omit<LegacyExchange, 'reply'>;

/** Serves a stand-in on a port of this machine, a free one where none is given, and keeps what it was sent. */
export async function serveLegacy(answer: (question: Question) => LegacyAnswer, port = 0): Promise<LegacyServer> {
  const received: LegacyExchange[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const question: Question = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts).toString('utf8'),
    };
    const reply = answer(question);
    received.push({ ...question, reply });
    setTimeout(() => {
      response.writeHead(reply.status, { 'content-type': reply.contentType });
      response.end(reply.body);
    }, reply.afterMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An application server's own page, which comes where a document should. */
export const HTML_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>Internal Error</h1></body></html>\n';
