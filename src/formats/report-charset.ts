import type { Report } from '../model/contracts.ts';
import { isKnownCharset } from '../syntax/charset.ts';

/** Reports a declared charset that the runtime cannot decode: at start, not at the first answer that needs it. */
export function reportUnknownCharset(charset: string | undefined, report: Report): void {
  if (charset === undefined || isKnownCharset(charset)) return;
  report(
    'charset',
    `The charset ${JSON.stringify(charset)} is not known: expected a label of the WHATWG Encoding Standard`,
  );
}
