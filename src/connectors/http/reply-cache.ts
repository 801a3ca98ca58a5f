import type { ReadBytes } from './reply-body.ts';

/** A legacy answer that was read to its end. */
export interface KeptReply {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly read: ReadBytes;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
}

export interface CacheLimits {
  readonly entries: number;
  /** Of all answers and their keys together. */
  readonly bytes: number;
  /** Of one answer. */
  readonly entryBytes: number;
}

const MIB = 1024 * 1024;

/** An isolate has 128 MiB for everything. */
export const DEFAULT_CACHE_LIMITS: CacheLimits = { entries: 1_000, bytes: 16 * MIB, entryBytes: 2 * MIB };

/**
 * Answers of the legacy systems, by operation and call; the least recently used goes first. The answers themselves are
 * kept, not what was made of them: every client gets a statement of its own. In memory of one isolate or process.
 */
export class ReplyCache {
  readonly limits: CacheLimits;
  readonly #kept = new Map<string, KeptReply>();
  #bytes = 0;

  constructor(limits: CacheLimits = DEFAULT_CACHE_LIMITS) {
    this.limits = limits;
  }

  get(key: string): KeptReply | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  /** Copies the bytes: a small answer may stand in a large buffer. */
  put(key: string, reply: KeptReply): void {
    this.#forget(key);
    if (reply.bytes.byteLength > this.limits.entryBytes) return;
    this.#kept.set(key, { ...reply, bytes: reply.bytes.slice() });
    this.#bytes += sizeOf(key, reply);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.limits.entries && this.#bytes <= this.limits.bytes) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= sizeOf(key, kept);
  }
}

/** UTF-16 code units take two bytes. */
function sizeOf(key: string, { bytes }: KeptReply): number {
  return bytes.byteLength + 2 * key.length;
}
