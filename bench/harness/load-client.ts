import { connect, type Socket } from 'node:net';

/** So many requests, all alike, to one server on this machine. */
export interface Load {
  readonly port: number;
  /** The request as it goes over the wire, head and body. */
  readonly request: string;
  readonly count: number;
  /** Requests under way at a time, each on its own kept connection. */
  readonly connections: number;
}

export interface LoadResult {
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** Bytes of the answers' bodies. */
  readonly bytes: number;
}

const RECEIVE_BUFFER_BYTES = 256 * 1024;
const HEAD_END = '\r\n\r\n';

/**
 * Sends the load and reads the answers. A client of its own because it shares a core with the upstream: reading into
 * one buffer and looking at nothing but the length, it costs a fraction of a general client. Every answer must be a 200 with a
 * Content-Length; anything else throws, as figures over refusals would be worthless.
 */
export async function sendLoad(load: Load): Promise<LoadResult> {
  let [left, bytes] = [load.count, 0];
  const latenciesMs: number[] = [];
  const started = performance.now();
  const channels = Array.from({ length: Math.min(load.connections, load.count) }, async () => {
    const channel = await Channel.open(load.port);
    while (left-- > 0) {
      const sent = performance.now();
      const bodyBytes = await channel.ask(load.request);
      bytes += bodyBytes; // not in one statement with await: the other channels add meanwhile
      latenciesMs.push(performance.now() - sent);
    }
    channel.close();
  });
  await Promise.all(channels);
  return { seconds: (performance.now() - started) / 1000, latenciesMs, bytes };
}

/** One connection with at most one request under way. */
class Channel {
  readonly #socket: Socket;
  #settle: { resolve: (bodyBytes: number) => void; reject: (error: Error) => void } | undefined;
  #head = '';
  #bodyBytes = 0;
  #bodyLeft = -1;

  static open(port: number): Promise<Channel> {
    return new Promise((resolve, reject) => {
      const channel: Channel = new Channel(port, (length, buffer) => channel.#received(buffer, length));
      channel.#socket.once('connect', () => resolve(channel));
      channel.#socket.once('error', reject);
    });
  }

  private constructor(port: number, received: (length: number, buffer: Uint8Array) => void) {
    const onread = {
      buffer: Buffer.allocUnsafe(RECEIVE_BUFFER_BYTES),
      callback: (length: number, buffer: Uint8Array) => {
        received(length, buffer);
        return true;
      },
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('error', (error) => this.#settle?.reject(error));
    this.#socket.on('close', () => this.#settle?.reject(new Error('The connection was closed before the answer')));
  }

  ask(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #received(buffer: Uint8Array, length: number): void {
    let bodyPart = length;
    if (this.#bodyLeft < 0) {
      const headBytes = this.#readHead(buffer.subarray(0, length));
      if (headBytes === undefined) return;
      bodyPart = length - headBytes;
    }
    this.#bodyLeft -= bodyPart;
    if (this.#bodyLeft === 0) this.#answered();
  }

  /** Bytes of this piece that belong to the head, once the head is complete. */
  #readHead(piece: Uint8Array): number | undefined {
    const before = this.#head.length;
    this.#head += Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const head = this.#head.slice(0, end);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (!/^HTTP\/1\.1 200 /.test(head) || length === undefined) {
      this.#settle?.reject(new Error(`Expected a 200 with a Content-Length, got: ${this.#head.slice(0, 2000)}`));
      return undefined;
    }
    this.#head = '';
    this.#bodyBytes = Number(length);
    this.#bodyLeft = this.#bodyBytes;
    return end + HEAD_END.length - before;
  }

  #answered(): void {
    const { resolve } = this.#settle ?? {};
    this.#bodyLeft = -1;
    resolve?.(this.#bodyBytes);
  }
}
