import { compileMapping } from '../../src/mapping/compile.ts';
import type { ProblemRule } from '../../src/model/definition.ts';
import { SpeanError } from '../../src/model/errors.ts';
import type { Field, Fields } from '../../src/model/field.ts';
import type { JsonValue } from '../../src/model/json.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { RecordPlan, Slot, SourceDocument, SourceRecord } from '../../src/model/source.ts';
import { readJson } from './json-bytes.ts';

/** Legacy texts by position: a text, nil, a record, or a list of either; what is left out is absent. */
export interface Legacy {
  readonly [position: string]: string | null | Legacy | readonly (string | Legacy)[] | undefined;
}

/** The slots that a format would fill for these texts. */
export function sourceRecord(plan: RecordPlan, legacy: Legacy): SourceRecord {
  const slots = plan.slots.map(({ at, record, repeats }): Slot => {
    const position = at.find((candidate) => legacy[candidate] !== undefined);
    const value = position === undefined ? undefined : legacy[position];
    if (value === undefined) return undefined;
    const fill = (item: string | null | Legacy) =>
      record !== undefined && typeof item === 'object' && item !== null
        ? sourceRecord(record, item)
        : { text: item as string | null, offset: 7 };
    return (repeats ? (value as readonly (string | Legacy)[]).map(fill) : fill(value as string | Legacy)) as Slot;
  });
  return { slots, offset: 1 };
}

/** Legacy texts by position, of slots that a mapping filled. */
export function legacyOf(plan: RecordPlan, { slots }: SourceRecord): Legacy {
  const show = (slot: NonNullable<Slot> extends infer S ? S : never, index: number): unknown => {
    const record = plan.slots[index]?.record;
    if (Array.isArray(slot)) return slot.map((item) => show(item as never, index));
    if (record !== undefined) return legacyOf(record, slot as SourceRecord);
    return (slot as { text: string | null }).text;
  };
  return Object.fromEntries(
    slots.flatMap((slot, index) =>
      slot === undefined ? [] : [[plan.slots[index]?.at[0] ?? '', show(slot as never, index)]],
    ),
  ) as Legacy;
}

export function compileMistakes(
  input: Fields,
  output: Field,
  more: { problems?: ProblemRule[]; pathParameters?: string[]; inBody?: boolean; rows?: boolean } = {},
): string[] {
  const mistakes: string[] = [];
  compile(input, output, (place, message) => mistakes.push(`${place}: ${message}`), more);
  return mistakes;
}

function compile(
  input: Fields,
  output: Field,
  report: (place: string, message: string) => void,
  more: { problems?: ProblemRule[]; pathParameters?: string[]; inBody?: boolean; rows?: boolean } = {},
) {
  return compileMapping(
    {
      input,
      output,
      problems: [],
      pathParameters: [],
      inBody: true,
      rows: false,
      setAside: false,
      limits: DEFAULT_LIMITS,
      ...more,
    },
    report,
  );
}

function throwMistakes(place: string, message: string): never {
  throw new Error(`mistake of the test: ${place}: ${message}`);
}

/** Maps one legacy answer to its public form. */
export async function mapOut(output: Field, legacy: Legacy, problems: ProblemRule[] = []): Promise<JsonValue> {
  const mapping = compile({}, output, throwMistakes, { problems });
  const document: SourceDocument = {
    batches: [[sourceRecord(mapping.response, legacy)]],
    place: (offset, slot) => ({ offset, ...(slot === undefined ? {} : { path: slot.at[0] ?? '' }) }),
  };
  return readJson((await mapping.mapOut(document)).body);
}

/** Maps a JSON body to what the legacy system is sent. */
export function mapIn(input: Fields, body: JsonValue): Legacy {
  const mapping = compile(input, { type: 'record', fields: {} }, throwMistakes);
  return legacyOf(mapping.request, mapping.mapIn({ path: {}, query: [], body, exchange: {} }).values);
}

/** The same from query parameters. */
export function mapQuery(input: Fields, query: [string, string][]): Legacy {
  const mapping = compile(input, { type: 'record', fields: {} }, throwMistakes, { inBody: false });
  return legacyOf(mapping.request, mapping.mapIn({ path: {}, query, body: undefined, exchange: {} }).values);
}

/** The issues of a refusal as `field: message`. */
export async function issuesOf(run: () => unknown): Promise<string[]> {
  try {
    await run();
  } catch (error) {
    if (error instanceof SpeanError) return error.issues.map(({ field, message }) => `${field ?? ''}: ${message}`);
    throw error;
  }
  return [];
}
