import type { Question, Unsupported } from '../draft.ts';

/** A construct that stops what is being drafted: an operation, a field or, where nothing is left, the draft. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
  readonly unsupported: Unsupported;

  constructor(place: string, construct: string, consequence: string) {
    super(`${place}: ${construct}: ${consequence}`);
    this.unsupported = { place, construct, consequence };
  }
}

/** Gathers what a draft has to tell; the same thing is told once, however many operations meet it. */
export class Notes {
  readonly #questions = new Map<string, Question>();
  readonly #unsupported = new Map<string, Unsupported>();

  ask(place: string, question: string, guess: string, evidence?: string): void {
    const key = `${place}\n${question}`;
    if (this.#questions.has(key)) return;
    this.#questions.set(key, { place, question, guess, ...(evidence === undefined ? {} : { evidence }) });
  }

  cannot(place: string, construct: string, consequence: string): void {
    this.add({ place, construct, consequence });
  }

  add(unsupported: Unsupported): void {
    const key = `${unsupported.place}\n${unsupported.construct}\n${unsupported.consequence}`;
    if (!this.#unsupported.has(key)) this.#unsupported.set(key, unsupported);
  }

  /** What a construct stops is left out and told; `instead` takes its place. `operation` is lost with it. */
  orLeftOut<T>(instead: T, draft: () => T, operation?: string): T {
    try {
      return draft();
    } catch (error) {
      if (!(error instanceof UnsupportedError)) throw error;
      this.add(operation === undefined ? error.unsupported : namingLoss(error.unsupported, operation));
      return instead;
    }
  }

  get questions(): readonly Question[] {
    return [...this.#questions.values()];
  }

  get unsupported(): readonly Unsupported[] {
    return [...this.#unsupported.values()];
  }
}

function namingLoss(unsupported: Unsupported, operation: string): Unsupported {
  const loss = `peration ${operation} is left out`;
  const { consequence } = unsupported;
  return consequence.includes(loss) ? unsupported : { ...unsupported, consequence: `${consequence}: o${loss}` };
}
