import { type Issue, SpeanError } from '../../model/errors.ts';
import type { JsonObject } from '../../model/json.ts';
import { describePlace } from '../../model/place.ts';

/** The media type of problem documents (RFC 9457, section 3). */
export const PROBLEM_TYPE = 'application/problem+json';

/** A problem's `type`; the code behind it is stable. */
export const PROBLEM_TYPE_PREFIX = 'urn:spean:problem:';

/** Longest field name in an issue, UTF-16 code units: unknown members of a body are the caller's text, of any length. */
const FIELD_CHARACTERS = 200;

/** An error as one with a code. What is not ours becomes `adapter-failed`, and only the log learns what it was. */
export function codedError(error: unknown): SpeanError {
  return error instanceof SpeanError ? error : new SpeanError('adapter-failed', { cause: error });
}

/**
 * The problem document (RFC 9457) of an error. It says what the error's public facts say: causes, stack traces and
 * what the legacy system said stay inside. `requestId` is X-Road-Request-Id, under which the log has the detail.
 */
export function problemDocument(error: SpeanError, requestId: string | undefined): JsonObject {
  return {
    type: `${PROBLEM_TYPE_PREFIX}${error.code}`,
    title: error.title,
    status: error.status,
    ...(error.detail !== undefined && { detail: error.detail }),
    code: error.code,
    owner: error.owner,
    ...(requestId !== undefined && { requestId }),
    ...(error.details !== undefined && { details: error.details }),
    ...(error.issues.length > 0 && { issues: error.issues.map(publicIssue) }),
  };
}

function publicIssue({ field, place, message }: Issue): JsonObject {
  const where = place === undefined ? '' : describePlace(place);
  const name = field?.slice(0, FIELD_CHARACTERS).toWellFormed();
  return { ...(name !== undefined && { field: name }), message, ...(where !== '' && { place: where }) };
}
