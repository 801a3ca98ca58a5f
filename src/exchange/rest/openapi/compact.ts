import type { JsonObject, JsonValue } from '../../../model/json.ts';

/** A JSON object without the members that are undefined: validators take those for members. */
export function compact(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
