import type { Issue } from './errors.ts';
import type { JsonObject } from './json.ts';
import { describePlace } from './place.ts';

/** Longest field name that is told, UTF-16 code units: unknown members of a body are the caller's text, of any length. */
const FIELD_CHARACTERS = 200;

/** An issue as problem documents and the log tell it: `field` and `place` where they are known, and `message`. */
export function issueFacts({ field, place, message }: Issue): JsonObject {
  const where = place === undefined ? '' : describePlace(place);
  const name = field?.slice(0, FIELD_CHARACTERS).toWellFormed();
  return { ...(name !== undefined && { field: name }), message, ...(where !== '' && { place: where }) };
}
