import { SpeanError } from '../../model/errors.ts';
import { issueFacts } from '../../model/issue-facts.ts';
import type { JsonObject } from '../../model/json.ts';

/** The media type of problem documents (RFC 9457, section 3). */
export const PROBLEM_TYPE = 'application/problem+json';

/** A problem's `type`; the code behind it is stable. */
export const PROBLEM_TYPE_PREFIX = 'urn:spean:problem:';

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
    ...(error.issues.length > 0 && { issues: error.issues.map(issueFacts) }),
  };
}
