import type { CompiledCall, Format, FormatPart, Report } from '../../model/contracts.ts';
import type { CsvEndpoint } from '../../model/definition.ts';
import { reportUnknownCharset } from '../report-charset.ts';
import { openRowAnswer } from '../rows/row-answer.ts';
import { UTF_8 } from '../rows/row-charset.ts';
import { rowDocument } from '../rows/row-document.ts';
import { compileRowRequest } from '../rows/row-request.ts';
import { compileDialect } from './dialect.ts';
import { reportColumns } from './header.ts';
import { CsvReader } from './reader.ts';

/**
 * CSV over HTTP (RFC 4180 and its dialects). Rows are found in the bytes as they come; only the cells that a slot asks
 * for, of rows that the tests accept, become texts. Every byte that is read is checked to be of the charset, in cells
 * that nobody asks for as well; what lies behind the row at which the consumer stops is neither read nor checked.
 */
export const csvFormat: Format<CsvEndpoint> = { name: 'csv', rows: true, compile: compileCsvCall };

function compileCsvCall(part: FormatPart<CsvEndpoint>, report: Report): CompiledCall {
  const { endpoint, response, limits } = part;
  reportUnknownCharset(endpoint.charset, report);
  const dialect = compileDialect(endpoint, report);
  reportColumns(response, dialect.header > 0, report);
  return {
    encode: compileRowRequest(part.call, part.request, report),
    decode: async (reply, tests) => {
      const { charset, pieces } = await openRowAnswer(reply, endpoint.charset);
      // separators cannot be found in the bytes of these charsets: they are read as UTF-8
      const transcodes = charset.kind === 'utf-16' || charset.kind === 'multiByte';
      const reader = new CsvReader(dialect, response, transcodes ? UTF_8 : charset, tests, limits);
      return rowDocument(
        reader,
        pieces(transcodes ? 'utf-8' : 'asIs', () => reader.window.rowToCome),
      );
    },
  };
}
