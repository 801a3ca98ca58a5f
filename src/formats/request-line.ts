import type { Report } from '../model/contracts.ts';
import type { HttpCall } from '../model/definition.ts';
import { SpeanError } from '../model/errors.ts';
import type { LegacyMessage } from '../model/legacy.ts';
import type { Cell, RecordPlan, SlotPlan, SourceRecord } from '../model/source.ts';

/** The first line of a legacy HTTP call, compiled: method, path with its holes, query. */
export interface RequestLine {
  /** Indexes of the request plan's slots that are neither a query parameter nor a hole: the body's. */
  readonly rest: readonly number[];
  /** Throws SpeanError `input-invalid` for a hole without a value and for what a path or query cannot hold. */
  fill(values: SourceRecord): Pick<LegacyMessage, 'method' | 'path' | 'query'>;
}

/** A path segment in pieces: literals as they stand, holes by the index of the slot that fills them. */
type Segment = readonly (string | number)[];

/**
 * Compiles the path template and query of a call. A position `?name` is a query parameter, `{name}` fills the hole of
 * that name, as a whole segment or a part of one (`/export/{year}.csv`). Reports holes that nothing fills, positions
 * that name no hole, and slots whose shape neither place can hold.
 */
export function compileRequestLine(call: HttpCall, plan: RecordPlan, report: Report): RequestLine {
  const method = call.post === undefined ? 'GET' : 'POST';
  const template = call.post ?? call.get ?? '';
  if ((call.get === undefined) === (call.post === undefined)) {
    report('call', 'A call has exactly one of "get" and "post", the path under the endpoint');
  }
  const holes = slotsOfHoles(plan, report);
  const segments = compileTemplate(template, holes, report);
  const parameters = plan.slots.flatMap((slot, index) =>
    isParameter(slot) ? [[parameterName(slot), index] as const] : [],
  );
  for (const [name, index] of parameters) {
    if (name === '') report('input', 'Position "?" names no query parameter');
    if (plan.slots[index]?.record !== undefined) report('input', `A record cannot be the query parameter "?${name}"`);
  }
  return {
    rest: [...plan.slots.keys()].filter((index) => !isLinePosition(plan.slots[index])),
    fill: (values) => ({
      method,
      path: segments.map((segment) => fillSegment(segment, values, plan)).join('/'),
      query: parameters.flatMap(([name, index]) => parameterValues(name, values.slots[index])),
    }),
  };
}

function firstPosition(slot: SlotPlan | undefined): string {
  return slot?.at[0] ?? '';
}

function isParameter(slot: SlotPlan | undefined): boolean {
  return firstPosition(slot).startsWith('?');
}

function parameterName(slot: SlotPlan): string {
  return firstPosition(slot).slice(1);
}

function isLinePosition(slot: SlotPlan | undefined): boolean {
  return isParameter(slot) || firstPosition(slot).startsWith('{');
}

function slotsOfHoles(plan: RecordPlan, report: Report): Map<string, number> {
  const holes = new Map<string, number>();
  for (const [index, slot] of plan.slots.entries()) {
    const position = firstPosition(slot);
    if (!position.startsWith('{')) continue;
    const name = /^\{([^{}]+)\}$/.exec(position)?.[1];
    if (name === undefined) report('input', `Position ${JSON.stringify(position)} is not a hole: expected {name}`);
    else if (holes.has(name)) report('input', `Two inputs fill the hole {${name}}`);
    else holes.set(name, index);
    if (slot.repeats || slot.record !== undefined) report('input', `The hole ${position} takes one text`);
  }
  return holes;
}

/** RFC 3986, 3.3 and 3.4: what stands in a path and a query as it is; a fragment or a space is a mistake. */
const LITERAL = /^[A-Za-z0-9\-._~!$&'()*+,;=:@%?]*$/;

function compileTemplate(template: string, holes: ReadonlyMap<string, number>, report: Report): Segment[] {
  const unnamed = new Set(holes.keys());
  const segments = template.split('/').map((segment) =>
    segment.split(/(\{[^{}]*\})/).map((piece) => {
      if (!piece.startsWith('{')) {
        if (!LITERAL.test(piece)) report('call', `Path ${JSON.stringify(template)} holds characters that a URL cannot`);
        return piece;
      }
      const name = piece.slice(1, -1);
      const slot = holes.get(name);
      if (slot === undefined) report('call', `No input fills the hole {${name}} of the path`);
      unnamed.delete(name);
      return slot ?? '';
    }),
  );
  for (const name of unnamed) report('input', `The path ${JSON.stringify(template)} has no hole {${name}}`);
  return segments;
}

/** `.` and `..`, also in parts percent-encoded: URL parsers resolve them, and the call would leave its path. */
const DOT_SEGMENT = /^(\.|%2e){1,2}$/i;

function fillSegment(segment: Segment, values: SourceRecord, plan: RecordPlan): string {
  let hole: string | undefined;
  const filled = segment.map((piece) => {
    if (typeof piece === 'string') return piece;
    hole = firstPosition(plan.slots[piece]);
    const text = (values.slots[piece] as Cell | undefined)?.text ?? '';
    if (text === '') throw new SpeanError('input-invalid', { detail: `The legacy call needs a value for ${hole}` });
    return encodeURIComponent(wellFormed(text, hole));
  });
  const result = filled.join('');
  if (hole !== undefined && DOT_SEGMENT.test(result)) {
    throw new SpeanError('input-invalid', { detail: `The value for ${hole} would change the path of the legacy call` });
  }
  return result;
}

function parameterValues(name: string, slot: SourceRecord['slots'][number]): (readonly [string, string])[] {
  if (slot === undefined) return [];
  const cells = (Array.isArray(slot) ? slot : [slot]) as readonly Cell[];
  return cells.map(({ text }) => {
    if (text === null) {
      throw new SpeanError('input-invalid', {
        detail: `The query parameter ?${name} of the legacy call cannot be null`,
      });
    }
    return [name, wellFormed(text, `?${name}`)];
  });
}

/**
 * Percent-encoding is of UTF-8, which has no form for a surrogate that stands alone. Many a legacy system takes U+0000 for
 * the end of a text, and would look for another value than was checked here.
 */
function wellFormed(text: string, position: string): string {
  if (text.includes('\0')) {
    throw new SpeanError('input-invalid', { detail: `The value for ${position} holds the character U+0000` });
  }
  if (text.isWellFormed()) return text;
  throw new SpeanError('input-invalid', {
    detail: `The value for ${position} is no Unicode text: a surrogate stands alone`,
  });
}
