import { connect } from 'node:tls';
import type { Code } from './refusal.ts';

const TIMEOUT_MS = 10_000;

/**
 * What the security server finds when it tries a service's TLS connection: the leaf has to be, byte for byte, one of
 * the certificates uploaded for the client; neither issuer nor name nor dates count (contract 4).
 */
export async function probeTls(url: string, trusted: readonly Buffer[]): Promise<Code[]> {
  const leaf = await readLeaf(url);
  if (leaf === undefined) return [{ code: 'internal_server_ssl_error', metadata: [url] }];
  if (trusted.some((certificate) => certificate.equals(leaf))) return [];
  return [{ code: 'internal_server_ssl_handshake_error', metadata: [url] }];
}

function readLeaf(url: string): Promise<Buffer | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: Number(port || 443),
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
    });
    const end = (leaf?: Buffer) => {
      socket.destroy();
      resolve(leaf);
    };
    socket.on('secureConnect', () => end(socket.getPeerCertificate().raw));
    socket.on('error', () => end());
    socket.on('timeout', () => end());
  });
}
