import { readInput } from '../read-input.ts';
import { CommandError, type Shell } from '../shell.ts';
import { detectSource, type SourceKind } from './detect-source.ts';
import type { Draft } from './draft.ts';
import { madeUpExamples } from './made-up/made-up-examples.ts';
import { draftFromXmlSamples } from './samples/draft-from-xml-samples.ts';
import { pairSamples } from './samples/pair-samples.ts';
import { draftFromWsdl } from './wsdl/draft-from-wsdl.ts';

export interface SourceWish {
  /** The adapter's name. */
  readonly name: string;
  /** Told by the first bytes where it is left out. */
  readonly kind?: SourceKind;
  readonly service?: string;
  readonly port?: string;
}

/** Drafts an adapter from files or URLs of one kind. Throws CommandError in plain words. */
export async function draftFromSource(
  sources: readonly [first: string, ...more: string[]],
  wish: SourceWish,
  shell: Shell,
): Promise<Draft> {
  const [first, ...more] = sources;
  const bytes = await readInput(first, shell);
  const kind = wish.kind ?? detectSource(bytes);
  switch (kind) {
    case 'wsdl': {
      if (more.length > 0) throw new CommandError('A draft is made from one WSDL: what it imports is found by itself');
      const load = async (wanted: string) => (wanted === first ? bytes : readInput(wanted, shell));
      const draft = await draftFromWsdl({ location: first, load }, wish);
      return { ...draft, examples: await madeUpExamples(draft.definition) };
    }
    case 'xml': {
      const others = await Promise.all(
        more.map(async (location) => ({ location, bytes: await readInput(location, shell) })),
      );
      return draftFromXmlSamples(pairSamples([{ location: first, bytes }, ...others]), wish);
    }
    default:
      throw new CommandError(`A draft cannot be made from ${kind} yet`);
  }
}
