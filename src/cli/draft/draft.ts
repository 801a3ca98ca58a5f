import type { AdapterDefinition } from '../../model/definition.ts';

/** What a reader of WSDLs, samples or descriptions makes of them: an adapter as data, and all that it had to guess. */
export interface Draft {
  readonly definition: AdapterDefinition;
  readonly questions: readonly Question[];
  readonly unsupported: readonly Unsupported[];
  readonly examples: readonly DraftExample[];
}

/** Something that the source does not say, with the guess that the draft makes of it. */
export interface Question {
  /** Where in the definition: `operations.getCompany.output.directors`, `legacy.charset`. */
  readonly place: string;
  /** "All samples hold one Director: one record, or a list?" */
  readonly question: string;
  /** What the draft says until someone answers. */
  readonly guess: string;
  /** What in the source speaks for the guess: "3 of 3 rows match dd/MM/yyyy; 2 of them have a day above 12". */
  readonly evidence?: string;
}

/** A construct of the source that an adapter cannot express: left out of the draft, never silently. */
export interface Unsupported {
  /** Where in the source: file, line, and the component's name. */
  readonly place: string;
  /** The construct's name in its own standard: `xsd:any`, `soapenc:Array`, `use="encoded"`. */
  readonly construct: string;
  /** What it means for the draft, and what the integrator can do. */
  readonly consequence: string;
}

/** One example exchange: the files of `examples/<name>/`, `case.json` among them. */
export interface DraftExample {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}
