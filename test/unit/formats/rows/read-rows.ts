import type { Format } from '../../../../src/model/contracts.ts';
import type { Endpoint } from '../../../../src/model/definition.ts';
import { SpeanError } from '../../../../src/model/errors.ts';
import type { LegacyReply } from '../../../../src/model/legacy.ts';
import type { AdapterLimits } from '../../../../src/model/limits.ts';
import type { Cell, RowTest } from '../../../../src/model/source.ts';
import { compileCall, oneOf, plan, recordsOf } from '../../../support/format-call.ts';

export interface RowSketch {
  readonly endpoint?: object;
  /** Positions, one slot each; an array is a slot with several. */
  readonly columns: readonly (string | readonly string[])[];
  readonly tests?: readonly RowTest[];
  readonly limits?: Partial<AdapterLimits>;
  readonly status?: number;
  readonly contentType?: string;
}

export interface ReadRows {
  readonly rows: string[][];
  /** The number of each row. */
  readonly numbers: number[];
  readonly setAside: number;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The bytes cut at these offsets. */
export function cutAt(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const cuts = [0, ...[...offsets].sort((a, b) => a - b).filter((cut) => cut <= bytes.length), bytes.length];
  return cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
}

/** A reply in chunks; `taken` counts those that were asked for, `closed` tells that the reader ended the call. */
export function chunkedReply(chunks: Iterable<Uint8Array>, sketch: Pick<RowSketch, 'status' | 'contentType'> = {}) {
  const state = { taken: 0, closed: false };
  const reply: LegacyReply = {
    status: sketch.status ?? 200,
    contentType: sketch.contentType,
    body: {
      bytes: () => Promise.reject(new Error('Rows are read in chunks')),
      chunks: async function* () {
        try {
          for (const chunk of chunks) {
            state.taken++;
            yield chunk;
          }
        } finally {
          state.closed = true;
        }
      },
    },
  };
  return { reply, state };
}

export async function decodeRows<E extends Endpoint>(format: Format<E>, sketch: RowSketch, reply: LegacyReply) {
  const response = plan(...sketch.columns.map((at) => (typeof at === 'string' ? at : oneOf(...at))));
  const compiled = compileCall(format as Format<never>, {
    call: { get: '/rows' },
    response,
    ...(sketch.endpoint === undefined ? {} : { endpoint: sketch.endpoint }),
    ...(sketch.limits === undefined ? {} : { limits: sketch.limits }),
  });
  return { document: await compiled.decode(reply, sketch.tests ?? []), response };
}

/** Reads a document to its end. */
export async function readRows<E extends Endpoint>(
  format: Format<E>,
  sketch: RowSketch,
  body: string | Uint8Array | readonly Uint8Array[],
): Promise<ReadRows> {
  const chunks = typeof body === 'string' ? [utf8(body)] : body instanceof Uint8Array ? [body] : body;
  const { document } = await decodeRows(format, sketch, chunkedReply(chunks, sketch).reply);
  const rows: string[][] = [];
  const numbers: number[] = [];
  for (const record of await recordsOf(document)) {
    rows.push(record.slots.map((slot) => (slot as Cell).text ?? 'nil'));
    numbers.push(record.offset);
  }
  return { rows, numbers, setAside: document.setAside?.() ?? 0 };
}

/** The coded error that reading ends with, as `code: detail`. */
export async function refusal<E extends Endpoint>(...args: Parameters<typeof readRows<E>>): Promise<string> {
  try {
    const { rows } = await readRows(...args);
    return `read ${JSON.stringify(rows)}`;
  } catch (error) {
    if (error instanceof SpeanError) return `${error.code}: ${error.detail}`;
    throw error;
  }
}

export function equalTest(slot: number, text: string): RowTest {
  return { slot, equals: text, accepts: (cell) => cell.text === text };
}
