/** The legacy system of every contender: answers that were made before they are asked for, so that it costs next to nothing. */
import { createServer, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { soapAnswer } from '../fixtures/company-documents.ts';
import { type TableFormat, tableLength, tablePieces, tableRows } from '../fixtures/payment-tables.ts';
import { listen } from './listen.ts';

const soapAnswers = new Map<number, Buffer>();
const tables = new Map<TableFormat, Uint8Array>();

function held<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

function answerSoap(request: string, response: ServerResponse): void {
  const count = Number(/Count>(\d+)</.exec(request)?.[1]);
  const body = held(soapAnswers, count, () => Buffer.from(soapAnswer(count)));
  response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length }).end(body);
}

function answerTable(format: TableFormat, megabytes: number, response: ServerResponse): void {
  const rows = held(tables, format, () => tableRows(format, 'Sokha Trading'));
  const length = tableLength(format, megabytes, rows);
  response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8', 'content-length': length });
  Readable.from(tablePieces(format, megabytes, rows)).pipe(response);
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://upstream');
  if (url.pathname === '/soap') {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => answerSoap(body, response));
    return;
  }
  answerTable(url.pathname.slice(1) as TableFormat, Number(url.searchParams.get('megabytes')), response);
});
server.keepAliveTimeout = 60_000; // no contender may meet a connection that is just being closed
listen(server);
