import type { CompiledCall, Format, FormatPart, Report } from '../../model/contracts.ts';
import type { FixedWidthEndpoint } from '../../model/definition.ts';
import { SpeanError } from '../../model/errors.ts';
import { isKnownCharset } from '../../syntax/charset.ts';
import { reportUnknownCharset } from '../report-charset.ts';
import { isAscii } from '../rows/cell-matcher.ts';
import { openRowAnswer } from '../rows/row-answer.ts';
import { type RowCharset, rowCharset, UTF_8 } from '../rows/row-charset.ts';
import { rowDocument } from '../rows/row-document.ts';
import { compileRowRequest } from '../rows/row-request.ts';
import { compileLayout, type Layout } from './layout.ts';
import { FixedWidthReader } from './reader.ts';

/**
 * Fixed-width records over HTTP. Positions count bytes, or characters, which are Unicode code points. As with CSV, only
 * cells that a slot asks for become texts, and every byte that is read is checked to be of the charset.
 */
export const fixedWidthFormat: Format<FixedWidthEndpoint> = {
  name: 'fixedWidth',
  rows: true,
  compile: compileFixedWidthCall,
};

function compileFixedWidthCall(part: FormatPart<FixedWidthEndpoint>, report: Report): CompiledCall {
  const { endpoint, response, limits } = part;
  reportUnknownCharset(endpoint.charset, report);
  const layout = compileLayout(endpoint, response, limits.rowBytes, report);
  if (endpoint.charset !== undefined && isKnownCharset(endpoint.charset)) {
    const mistake = unreadable(layout, rowCharset(endpoint.charset));
    if (mistake !== undefined) report('charset', mistake);
  }
  return {
    encode: compileRowRequest(part.call, part.request, report),
    decode: async (reply, tests) => {
      const { charset, pieces } = await openRowAnswer(reply, endpoint.charset);
      const mistake = unreadable(layout, charset);
      if (mistake !== undefined) throw new SpeanError('legacy-unexpected', { detail: mistake });
      const transcodes = layout.unit === 'character' && charset.kind !== 'singleByte';
      const reader = new FixedWidthReader(layout, response, transcodes ? UTF_8 : charset, tests, limits);
      return rowDocument(
        reader,
        pieces(transcodes ? 'utf-8' : 'asIs', () => reader.window.rowToCome),
      );
    },
  };
}

/** Why positions that count bytes cannot be found in a charset; undefined where they can. */
function unreadable(layout: Layout, { kind, name }: RowCharset): string | undefined {
  if (layout.unit === 'character') return undefined;
  if (kind === 'utf-16' || name === 'iso-2022-jp') {
    return `Positions that count bytes have no meaning in ${name}: expected the unit "character"`;
  }
  // a legacy multi-byte charset can be decoded but not written, and these texts are looked for in the bytes
  if (kind === 'multiByte' && !isAscii(layout.footerStart ?? '')) {
    return `The footer's start is looked for in bytes of ${name}: expected ASCII`;
  }
  return undefined;
}
