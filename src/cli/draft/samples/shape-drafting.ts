import { MAX_FIELDS_PER_MESSAGE } from '../wsdl/drafting.ts';
import type { Notes } from '../wsdl/notes.ts';
import type { StepNames } from '../wsdl/step-names.ts';

/** What goes with the drafting of one message's fields. */
export interface ShapeDrafting {
  readonly direction: 'input' | 'output';
  readonly steps: StepNames;
  readonly notes: Notes;
  readonly budget: { fields: number; readonly most: number };
  readonly seen: Seen;
}

/** What is asked once for a message, however many fields it is about. */
export interface Seen {
  /** Types that `xsi:type` names, the same at each place. */
  readonly types: Set<string>;
  /** Public places of single values that every sample has, of texts that are sometimes or always empty, of texts that are XML. */
  readonly always: Set<string>;
  readonly empty: Set<string>;
  readonly spaced: Set<string>;
  readonly embedded: Set<string>;
  readonly secrets: Set<string>;
}

export function shapeDrafting(direction: 'input' | 'output', steps: StepNames, notes: Notes): ShapeDrafting {
  const seen = {
    types: new Set<string>(),
    always: new Set<string>(),
    empty: new Set<string>(),
    spaced: new Set<string>(),
    embedded: new Set<string>(),
    secrets: new Set<string>(),
  };
  return { direction, steps, notes, seen, budget: { fields: MAX_FIELDS_PER_MESSAGE, most: MAX_FIELDS_PER_MESSAGE } };
}

/** At most so many places stand in one question. */
const MAX_PLACES_TOLD = 12;

/** Asks what was gathered over a message. `samples`: how many it was merged from. */
export function askWhatWasSeen({ direction, seen, notes }: ShapeDrafting, place: string, samples: number): void {
  const of = samples === 1 ? 'the one sample' : `all ${samples} samples`;
  const ask = (found: ReadonlySet<string>, question: string, guess: string, evidence = ''): void => {
    if (found.size > 0) notes.ask(place, question, guess, `${evidence}${listed(found, place)}`);
  };
  const absent = direction === 'output' ? 'an answer without one of them is refused' : 'a request must have them';
  ask(seen.always, 'Which of these values may be absent?', `None: ${absent}`, `in ${of}: `);
  ask(seen.empty, 'What does an empty element mean here?', 'A text is an empty text, any other type is absent');
  ask(seen.spaced, 'Is the white space around these texts a part of them?', 'Yes: it is kept');
  ask(
    seen.embedded,
    'These texts are XML documents themselves: shall consumers get them as text?',
    'Yes, as they stand',
  );
  ask(seen.types, 'May another type than these stand in xsi:type?', 'No: xsi:type is not answered', `in ${of}: `);
  ask(
    seen.secrets,
    'These inputs look like credentials: shall every consumer send its own?',
    'Yes: they are inputs; a definition holds no secrets',
  );
}

function listed(found: ReadonlySet<string>, place: string): string {
  const names = [...found].map((name) => (name.startsWith(`${place}.`) ? name.slice(place.length + 1) : name));
  const more = names.length > MAX_PLACES_TOLD ? ` and ${names.length - MAX_PLACES_TOLD} more` : '';
  return names.slice(0, MAX_PLACES_TOLD).join(', ') + more;
}
