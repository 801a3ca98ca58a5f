import { readInput } from '../read-input.ts';
import { CommandError, type Shell } from '../shell.ts';
import { detectSource, type SourceKind } from './detect-source.ts';
import type { Draft } from './draft.ts';
import { madeUpExamples } from './made-up/made-up-examples.ts';
import { readCsvwMetadata } from './rows/csvw-metadata.ts';
import { draftFromDescription } from './rows/draft-from-description.ts';
import { draftFromFixedWidth } from './rows/draft-from-fixed-width.ts';
import { draftFromRows } from './rows/draft-from-rows.ts';
import { readTableSchema } from './rows/table-schema.ts';
import { draftFromXmlSamples } from './samples/draft-from-xml-samples.ts';
import { pairSamples } from './samples/pair-samples.ts';
import { draftFromWsdl } from './wsdl/draft-from-wsdl.ts';
import { wsdlSource } from './wsdl/wsdl-source.ts';

export interface SourceWish {
  /** The adapter's name. */
  readonly name: string;
  /** Told by the first bytes where it is left out. */
  readonly kind?: SourceKind;
  readonly service?: string;
  readonly port?: string;
  /** Columns of a fixed-width sample: `1-8,9-20`. */
  readonly columns?: string;
}

/** Drafts an adapter from files or URLs of one kind. Throws CommandError in plain words. */
export async function draftFromSource(
  sources: readonly [first: string, ...more: string[]],
  wish: SourceWish,
  shell: Shell,
): Promise<Draft> {
  const [first, ...more] = sources;
  const bytes = await readInput(first, shell);
  const kind = wish.kind ?? (wish.columns === undefined ? detectSource(bytes) : 'fixed-width');
  if (wish.columns !== undefined && kind !== 'fixed-width') {
    throw new CommandError(`--columns are those of a fixed-width sample: ${first} is taken for ${kind}`);
  }
  switch (kind) {
    case 'wsdl': {
      if (more.length > 0) throw new CommandError('A draft is made from one WSDL: what it imports is found by itself');
      const draft = await draftFromWsdl(wsdlSource(first, bytes, shell), wish);
      return { ...draft, examples: await madeUpExamples(draft.definition) };
    }
    case 'xml': {
      const others = await Promise.all(
        more.map(async (location) => ({ location, bytes: await readInput(location, shell) })),
      );
      return draftFromXmlSamples(pairSamples([{ location: first, bytes }, ...others]), wish);
    }
    case 'csv':
      requireOne(more, 'one sample of rows');
      return draftFromRows(bytes, { ...wish, location: first });
    case 'fixed-width':
      requireOne(more, 'one sample of records');
      return draftFromFixedWidth(bytes, { ...wish, location: first });
    case 'table-schema':
    case 'csvw': {
      const [sample, ...others] = more;
      requireOne(others, 'one description, with one sample of its rows');
      const described = (kind === 'csvw' ? readCsvwMetadata : readTableSchema)(parseDescription(bytes, first));
      const rows = sample === undefined ? undefined : { location: sample, bytes: await readInput(sample, shell) };
      return draftFromDescription(described, { ...wish, location: first }, rows);
    }
  }
}

function requireOne(more: readonly string[], what: string): void {
  if (more.length > 0)
    throw new CommandError(`A draft is made from ${what}: ${more.join(', ')} cannot be taken as well`);
}

function parseDescription(bytes: Uint8Array, location: string): object {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof document === 'object' && document !== null) return document;
  } catch {}
  throw new CommandError(`${location} is not a JSON object`);
}
