import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { Send } from './send.ts';
import { readCertificates } from './tls-certificate.ts';

/**
 * A fetch() that trusts the certificates of a PEM file and no others, for a management port with a certificate that it
 * made itself. Throws CommandError for a file that has none.
 */
export async function trustOnly(file: string, folder: string): Promise<Send> {
  const { pem, certificates: pinned } = await readCertificates('--ca', file, folder);
  // A certificate that stands in the file itself is known for what it is, by whatever name the server is reached
  const checkIdentity = (host: string, certificate: PeerCertificate) =>
    pinned.some((known) => known.equals(certificate.raw)) ? undefined : checkServerIdentity(host, certificate);
  return (url, { method, headers, body, signal }) =>
    new Promise((answer, fail) => {
      const outgoing = request(url, { method, headers, signal, ca: pem, checkServerIdentity: checkIdentity });
      outgoing.on('error', (error) => fail(signal.aborted ? signal.reason : error));
      outgoing.on('response', (incoming) => {
        buffer(incoming).then((bytes) => {
          const { statusCode: status = 0, headersDistinct } = incoming;
          const names = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
            values.map((value): [string, string] => [name, value]),
          );
          answer(new Response(bytes.length === 0 ? null : new Uint8Array(bytes), { status, headers: names }));
        }, fail);
      });
      outgoing.end(body);
    });
}
