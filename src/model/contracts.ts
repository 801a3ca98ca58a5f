import type { Endpoint, FormatName, HttpCall, OutputData, ProblemRule, Reference, SoapCall } from './definition.ts';
import type { LegacyFaultError } from './errors.ts';
import type { ExchangePart, Fields } from './field.ts';
import type { JsonValue } from './json.ts';
import type { LegacyMessage, LegacyReply } from './legacy.ts';
import type { AdapterLimits } from './limits.ts';
import type { RecordPlan, RowTest, SourceDocument, SourceRecord } from './source.ts';

/** Takes one mistake of a definition, with its place inside the adapter: `operations.getCompany.output.name`. */
export type Report = (place: string, message: string) => void;

/** A format knows how one kind of legacy document is written and read. The registry is `formats/index.ts`. */
export interface Format<E extends Endpoint = Endpoint> {
  readonly name: FormatName;
  /** Answers are rows: inputs that name a column select among them, and the output is `rows` or `row`. */
  readonly rows: boolean;
  /**
   * Everything that can be known at start: matchers, names, charsets. Reports every mistake; what it returns is used
   * only when none was reported.
   */
  compile(part: FormatPart<E>, report: Report): CompiledCall;
}

export interface FormatPart<E extends Endpoint = Endpoint> {
  readonly endpoint: E;
  readonly call: SoapCall | HttpCall;
  /** Slots of the request; an input that selects rows has none. */
  readonly request: RecordPlan;
  /** Slots of the answer, or of each row. */
  readonly response: RecordPlan;
  /** Elements of a fault's detail that problem rules read; only SOAP has them. */
  readonly details: readonly DetailPlan[];
  readonly limits: AdapterLimits;
}

export interface DetailPlan {
  readonly name: string;
  readonly plan: RecordPlan;
}

export interface CompiledCall {
  /** Throws SpeanError `input-invalid` for characters that the document cannot hold. */
  encode(values: SourceRecord, context: EncodeContext): LegacyMessage | Promise<LegacyMessage>;
  /**
   * Throws LegacyFaultError for faults and error statuses, SpeanError `legacy-malformed`, `legacy-unexpected` or
   * `legacy-too-large` with the place for documents that are refused. Rows are read while the caller iterates.
   */
  decode(reply: LegacyReply, tests: readonly RowTest[]): Promise<SourceDocument>;
}

/** What encoding needs from outside. */
export interface EncodeContext {
  readonly resolve: (reference: Reference) => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Fills the bytes with randomness and returns them. */
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
}

/** The raw inputs of one call, not yet checked. */
export interface RawInput {
  /** Percent-decoded path parameters by name. */
  readonly path: Readonly<Record<string, string>>;
  /** Query parameters in order, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The JSON body, parsed; undefined where the method has none. */
  readonly body: JsonValue | undefined;
  readonly exchange: Readonly<Partial<Record<ExchangePart, string>>>;
}

export interface MappingPart {
  readonly input: Fields;
  readonly output: OutputData;
  readonly problems: readonly ProblemRule[];
  /** Names of the inputs that are path parameters. */
  readonly pathParameters: readonly string[];
  /** Inputs that are no path parameters travel in the JSON body rather than in the query. */
  readonly inBody: boolean;
  readonly rows: boolean;
  /** Rows whose values are not as declared are set aside and counted, rather than refusing the document. */
  readonly setAside: boolean;
  readonly limits: AdapterLimits;
}

export interface CompiledMapping {
  readonly request: RecordPlan;
  readonly response: RecordPlan;
  readonly details: readonly DetailPlan[];
  /** Throws SpeanError `input-invalid` with every bad field named at once. */
  mapIn(input: RawInput): LegacyArguments;
  /** Throws SpeanError `legacy-value-invalid` with every bad value, or what a problem rule declares. */
  mapOut(document: SourceDocument): Promise<MappedOutput>;
  /** The problem that the adapter declares for a fault, or `legacy-fault`. */
  explain(fault: LegacyFaultError): Error;
}

/** Checked values with legacy names, in wire order. */
export interface LegacyArguments {
  readonly values: SourceRecord;
  /** How the inputs select rows. */
  readonly tests: readonly RowTest[];
}

export interface MappedOutput {
  /** A JSON text in UTF-8. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly setAside: number;
}
