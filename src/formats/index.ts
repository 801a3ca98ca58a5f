import type { Format } from '../model/contracts.ts';
import type { FormatName } from '../model/definition.ts';
import { csvFormat } from './csv/format.ts';
import { fixedWidthFormat } from './fixed-width/format.ts';
import { soapFormat } from './soap/format.ts';
import { xmlFormat } from './xml/format.ts';

/** Every format by its name in a definition. A new one is a folder here and a line below. */
export const formats: Readonly<Record<FormatName, Format>> = {
  soap: soapFormat,
  xml: xmlFormat,
  csv: csvFormat,
  fixedWidth: fixedWidthFormat,
};
