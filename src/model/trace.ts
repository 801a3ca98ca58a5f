import type { Platform } from './platform.ts';

/** A caller's trace context (W3C Trace Context, level 1), and the span that this exchange is in it. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** The caller's span, 16 hexadecimal digits. */
  readonly parentId: string;
  /** Two hexadecimal digits; the lowest bit says that the caller records the trace. */
  readonly flags: string;
  /** `tracestate` as it came: other vendors' data, passed on untouched. */
  readonly state?: string;
}

/** Longest `tracestate` passed on, characters (W3C Trace Context, 3.3.1.5). */
export const TRACE_STATE_CHARACTERS = 512;

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads `traceparent` and `tracestate`. What is not well-formed is as if it had not been sent (3.2.2.1): a trace is no
 * reason to refuse a call. A later version is read as far as version 00 goes (3.2.4).
 */
export function readTraceContext(
  traceparent: string | undefined,
  tracestate: string | undefined,
): TraceContext | undefined {
  if (traceparent === undefined) return undefined;
  const [, version, traceId = '', parentId = '', flags = '', more] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  const isPassedOn = tracestate !== undefined && tracestate !== '' && tracestate.length <= TRACE_STATE_CHARACTERS;
  return { traceId, parentId, flags, ...(isPassedOn && /^[\x20-\x7e]+$/.test(tracestate) && { state: tracestate }) };
}

/** The headers that name `spanId`, 16 hexadecimal digits, as the parent of what is called. */
export function traceHeaders({ traceId, flags, state }: TraceContext, spanId: string): (readonly [string, string])[] {
  return [
    ['traceparent', `00-${traceId}-${spanId}-${flags}`],
    ...(state === undefined ? [] : [['tracestate', state] as const]),
  ];
}

const SPAN_ID_BYTES = 8;

export function newSpanId(random: Platform['random']): string {
  return Array.from(random(new Uint8Array(SPAN_ID_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
