import { DocumentError, SpeanError } from '../model/errors.ts';
import { describePlace, type Place } from '../model/place.ts';

/** A legacy document that is well-formed but not what the definition says. The message quotes no text content. */
export function unexpected(message: string, place: Place): SpeanError {
  const where = describePlace(place);
  return new SpeanError('legacy-unexpected', {
    detail: where === '' ? message : `${message} (${where})`,
    issues: [{ place, message }],
  });
}

/** Runs a reader of a legacy document; a DocumentError becomes the coded error that names the legacy side. */
export function readLegacy<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new SpeanError(error.failure === 'limit' ? 'legacy-too-large' : 'legacy-malformed', {
      detail: error.message,
      issues: [{ place: error.place, message: error.message }],
      cause: error,
    });
  }
}

/** Runs a writer of a legacy request; a DocumentError is about a value of the caller's that XML cannot hold. */
export function writeRequest<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new SpeanError('input-invalid', { detail: error.message, cause: error });
  }
}
