import type { Group } from '../group.ts';
import { catalogueGroup } from './catalogue.ts';
import { csvReaderGroup } from './csv-reader.ts';
import { envelopesGroup } from './envelopes.ts';
import { growthGroup } from './growth.ts';
import { guardsGroup } from './guards.ts';
import { profileGroup } from './profile.ts';
import { rowsGroup } from './rows.ts';
import { soapGroup } from './soap.ts';
import { startGroup } from './start.ts';
import { xmlReaderGroup } from './xml-reader.ts';

/** Every group by its name on the command line, in the order of the run. */
export const groups: Readonly<Record<string, Group>> = {
  soap: soapGroup,
  guards: guardsGroup,
  rows: rowsGroup,
  'xml-reader': xmlReaderGroup,
  'csv-reader': csvReaderGroup,
  start: startGroup,
  envelopes: envelopesGroup,
  catalogue: catalogueGroup,
  growth: growthGroup,
  profile: profileGroup,
};
