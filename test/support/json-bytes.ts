import type { JsonValue } from '../../src/model/json.ts';

/** The value of a JSON text in UTF-8. */
export function readJson(bytes: Uint8Array): JsonValue {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
}
