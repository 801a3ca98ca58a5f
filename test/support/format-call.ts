import type { CompiledCall, EncodeContext, Format } from '../../src/model/contracts.ts';
import type { Endpoint, HttpCall, SoapCall } from '../../src/model/definition.ts';
import type { LegacyMessage, LegacyReply } from '../../src/model/legacy.ts';
import { type AdapterLimits, DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { Cell, RecordPlan, Slot, SlotPlan, SourceDocument, SourceRecord } from '../../src/model/source.ts';

/** A position, or a slot with more to it. */
export type SlotSketch = string | SlotPlan;

export function plan(...slots: readonly SlotSketch[]): RecordPlan {
  return { slots: slots.map((slot) => (typeof slot === 'string' ? { at: [slot], repeats: false } : slot)) };
}

export function oneOf(...at: readonly string[]): SlotPlan {
  return { at, repeats: false };
}

/** A list of texts, or of records where slots are given. */
export function many(at: string, ...slots: readonly SlotSketch[]): SlotPlan {
  return slots.length === 0 ? { at: [at], repeats: true } : { at: [at], repeats: true, record: plan(...slots) };
}

export function group(at: string, ...slots: readonly SlotSketch[]): SlotPlan {
  return { at: [at], repeats: false, record: plan(...slots) };
}

export interface CallSketch {
  readonly endpoint?: object;
  readonly call: SoapCall | HttpCall;
  readonly request?: RecordPlan;
  readonly response?: RecordPlan;
  readonly limits?: Partial<AdapterLimits>;
  readonly details?: readonly { readonly name: string; readonly plan: RecordPlan }[];
}

/** Compiles a call and its mistakes, each as `place: message`. */
export function compileSketch(
  format: Format<never>,
  sketch: CallSketch,
): { compiled: CompiledCall; mistakes: string[] } {
  const mistakes: string[] = [];
  const endpoint = { format: format.name, endpoint: { from: 'variable', name: 'URL' }, ...sketch.endpoint };
  const compiled = (format as Format).compile(
    {
      endpoint: endpoint as Endpoint,
      call: sketch.call,
      request: sketch.request ?? plan(),
      response: sketch.response ?? plan(),
      details: sketch.details ?? [],
      limits: { ...DEFAULT_LIMITS, ...sketch.limits },
    },
    (place, message) => mistakes.push(`${place}: ${message}`),
  );
  return { compiled, mistakes };
}

export function compileCall(format: Format<never>, sketch: CallSketch): CompiledCall {
  const { compiled, mistakes } = compileSketch(format, sketch);
  if (mistakes.length > 0) throw new Error(`The sketch has mistakes: ${mistakes.join('; ')}`);
  return compiled;
}

export function reply(body: string | Uint8Array, facts: { status?: number; contentType?: string } = {}): LegacyReply {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return {
    status: facts.status ?? 200,
    contentType: facts.contentType,
    body: {
      bytes: async () => bytes,
      chunks: async function* () {
        yield bytes;
      },
    },
  };
}

/** Values by position: a text, null for nil, an array for a list, an object for a record, undefined for absent. */
export type Read = undefined | null | string | Read[] | { [position: string]: Read };

/** Decodes an answer of one record into plain values. */
export async function decodeOne(format: Format<never>, sketch: CallSketch, answer: LegacyReply): Promise<Read> {
  const document = await compileCall(format, sketch).decode(answer, []);
  const [record] = await recordsOf(document);
  return record === undefined ? undefined : readRecord(record, sketch.response ?? plan());
}

export async function recordsOf(document: SourceDocument): Promise<SourceRecord[]> {
  const all: SourceRecord[] = [];
  for await (const batch of document.batches) for (const record of batch) all.push(record);
  return all;
}

export function readRecord(record: SourceRecord, { slots }: RecordPlan): Read {
  if (record.nil && slots.length === 0) return null;
  const entries = slots.map((slot, index): [string, Read] => [slot.at.join('|'), readSlot(record.slots[index], slot)]);
  return Object.fromEntries(record.nil ? [['nil', 'true'], ...entries] : entries);
}

function readSlot(value: Slot, slot: SlotPlan): Read {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.map((item: Cell | SourceRecord) => readSlot(item, slot));
  return 'slots' in value ? readRecord(value, slot.record ?? plan()) : (value as Cell).text;
}

/** Values by slot for encoding, in the plan's order. */
export function values(...slots: readonly Slot[]): SourceRecord {
  return { slots, offset: 0 };
}

export function cell(text: string | null): Cell {
  return { text, offset: 0 };
}

export const FIXED_CONTEXT: EncodeContext = {
  resolve: ({ name }) => `${name} resolved`,
  now: () => Date.UTC(2024, 4, 17, 3, 0, 0),
  random: (bytes) => bytes.fill(7),
};

export async function encodeOne(
  format: Format<never>,
  sketch: CallSketch,
  record: SourceRecord,
): Promise<LegacyMessage> {
  return compileCall(format, sketch).encode(record, FIXED_CONTEXT);
}
