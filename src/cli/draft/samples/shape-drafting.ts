import { MAX_FIELDS_PER_MESSAGE } from '../wsdl/drafting.ts';
import type { Notes } from '../wsdl/notes.ts';
import type { StepNames } from '../wsdl/step-names.ts';
import type { ElementShape } from './element-shape.ts';

/** What goes with the drafting of one message's fields. */
export interface ShapeDrafting {
  readonly direction: 'input' | 'output';
  readonly steps: StepNames;
  readonly notes: Notes;
  readonly budget: { fields: number; readonly most: number };
  readonly seen: Seen;
  /** Content-IDs of the samples' attachments: a text that names one is answered as its bytes. */
  readonly attachments: ReadonlySet<string>;
}

/** What is asked once for a message, however many fields it is about: public places of fields. */
export interface Seen {
  /** Records that came at most once in what holds them. */
  readonly once: Map<string, ElementShape>;
  /** Values by what is asked about their type. */
  readonly typed: Map<string, TypeSeen>;
  /** Values that every sample has, texts that are sometimes or always empty, stand in white space, or are XML. */
  readonly always: Set<string>;
  readonly empty: Set<string>;
  readonly spaced: Set<string>;
  readonly embedded: Set<string>;
  readonly secrets: Set<string>;
  /** Types that `xsi:type` names, the same at each place. */
  readonly types: Set<string>;
}

interface TypeSeen {
  readonly guess: string;
  readonly values: { readonly place: string; readonly evidence: string }[];
}

export function shapeDrafting(
  direction: 'input' | 'output',
  steps: StepNames,
  notes: Notes,
  attachments: Iterable<string> = [],
): ShapeDrafting {
  const seen = {
    once: new Map<string, ElementShape>(),
    typed: new Map<string, TypeSeen>(),
    always: new Set<string>(),
    empty: new Set<string>(),
    spaced: new Set<string>(),
    embedded: new Set<string>(),
    secrets: new Set<string>(),
    types: new Set<string>(),
  };
  const budget = { fields: MAX_FIELDS_PER_MESSAGE, most: MAX_FIELDS_PER_MESSAGE };
  return { direction, steps, notes, seen, budget, attachments: new Set(attachments) };
}

/** Asks what was gathered over a message. `samples`: how many it was merged from. */
export function askWhatWasSeen(drafting: ShapeDrafting, place: string, samples: number): void {
  const { direction, seen, notes } = drafting;
  const of = samples === 1 ? 'the one sample' : `all ${samples} samples`;
  const ask = (found: ReadonlySet<string>, question: string, guess: string, evidence = ''): void => {
    const names = [...found].map((name) => within(place, name)).join(', ');
    if (found.size > 0) notes.ask(place, question, guess, `${evidence}${names}`);
  };
  askRecordOrList(drafting, place);
  for (const [question, { guess, values }] of seen.typed) {
    const evidence = values.map((value) => `${within(place, value.place)} (${value.evidence})`).join(', ');
    notes.ask(place, question, guess, evidence);
  }
  const absent = direction === 'output' ? 'an answer without one of them is refused' : 'a request must have them';
  ask(seen.always, 'Which of these values may be absent?', `None: ${absent}`, `in ${of}: `);
  ask(seen.empty, 'What does an empty element mean here?', 'A text is an empty text, any other type is absent');
  ask(seen.spaced, 'Is the white space around these texts a part of them?', 'Yes: it is kept');
  ask(seen.embedded, 'These texts are XML documents themselves: shall they be answered as text?', 'Yes, as they stand');
  ask(seen.types, 'May another type than these stand in xsi:type?', 'No: xsi:type is not answered', `in ${of}: `);
  ask(
    seen.secrets,
    'These inputs look like credentials: shall every consumer send its own?',
    'Yes: they are inputs, as a definition holds no secrets',
  );
}

/** Up to so many records are asked about one by one; a list of more is one question. */
const MAX_ASKED_SINGLY = 8;

function askRecordOrList({ direction, seen, notes }: ShapeDrafting, place: string): void {
  const then = direction === 'output' ? 'a second one in an answer is refused' : 'a request sends one';
  const evidence = ({ owned, owners, place: source }: ElementShape): string => `in ${owned} of ${owners}, ${source}`;
  if (seen.once.size <= MAX_ASKED_SINGLY) {
    for (const [field, shape] of seen.once) {
      const question = `The samples never hold more than one ${shape.local}: one record, or a list?`;
      notes.ask(field, question, `One record: ${then}`, evidence(shape));
    }
    return;
  }
  const all = [...seen.once].map(([field, shape]) => `${within(place, field)} (${evidence(shape)})`);
  const question = `The samples never hold more than one of these ${seen.once.size} elements: is each one record, or a list?`;
  notes.ask(place, question, `One record each: ${then}`, all.join(', '));
}

function within(place: string, name: string): string {
  return name.startsWith(`${place}.`) ? name.slice(place.length + 1) : name;
}
