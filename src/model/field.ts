import type { JsonValue } from './json.ts';

/**
 * The field language as plain data. One language serves both directions: in `input` a field says where its value goes
 * in the legacy request, in `output` where it comes from in the legacy answer.
 *
 * `at` is the legacy position:
 * - SOAP and XML: an element path such as `Directors/Director/@name`, relative to the record that holds the field;
 *   `.` is the record's own text, `text()` its own text beside child elements (answers only). A step may carry a prefix
 *   that the endpoint's `namespaces` declares.
 * - CSV: the column's name, or `#3` for the third column. Fixed width: `10-18`, bytes or characters from 1, both
 *   included, or the name of a declared column.
 * - In `input` also: `?name`, a query parameter of the legacy call; `{name}`, a hole in the call's path; `^Path`, an
 *   element of the SOAP header. An input that names a column selects rows.
 */
export type Position = string;

/** A value that a problem or a log may show; all others are masked. */
interface Described {
  readonly title?: string;
  readonly description?: string;
  readonly example?: JsonValue;
  /** The value is public information, so that a problem may quote what stood in the legacy document. */
  readonly public?: true;
}

/** What stands for "no value", and what absent, empty and nil become. Absent is refused unless `optional` or `default`. */
export interface Presence {
  /** Absent leaves the member out. */
  readonly optional?: true;
  /** `xsi:nil="true"` becomes null, and null becomes `xsi:nil="true"`. Without it nil is refused. */
  readonly nullable?: true;
  /** What absent becomes. */
  readonly default?: JsonValue;
  /** Legacy texts that mean "no value": they count as absent, or as nil where only `nullable` is declared. */
  readonly missing?: readonly string[];
  /** What an empty text counts as. Without it, it is a value like any other. */
  readonly empty?: 'absent' | 'nil';
  /** What `xsi:nil` counts as where it is not to become null. */
  readonly nil?: 'absent';
}

interface Leaf extends Described, Presence {
  readonly at: Position;
  /** Further positions, tried in this order when `at` is absent (output only). */
  readonly or?: readonly Position[];
  /** Applied in this order to the legacy text before its type is read, and in reverse when it is written. */
  readonly rules?: readonly Rule[];
  /** In `input`: the value is this part of the X-Road exchange, not one that the consumer gives with its input. */
  readonly exchange?: ExchangePart;
  /** How an input that names a column selects rows; `equal` where nothing is said. */
  readonly selects?: Comparison;
}

/** What X-Road says about a call, as its headers have it: `X-Road-Client`, `-UserId`, `-Issue`, `-Represented-Party`, `-Id`, `-Request-Id`. */
export type ExchangePart = 'client' | 'userId' | 'issue' | 'representedParty' | 'messageId' | 'transactionId';

export type Comparison = 'equal' | 'atLeast' | 'atMost';

export interface TextField extends Leaf {
  readonly type: 'text';
  /** Lengths in Unicode code points, as JSON Schema counts them. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression (ECMA-262, `u` flag) that the whole of the value must match when it is anchored. */
  readonly pattern?: string;
  /** Exactly so many ASCII digits. */
  readonly digits?: number;
  readonly oneOf?: readonly string[];
}

export interface IntegerField extends Leaf {
  readonly type: 'integer';
  readonly min?: number | string;
  readonly max?: number | string;
  /** `string` for integers beyond 2^53 - 1; a `number` that is not safe is refused. */
  readonly as?: 'number' | 'string';
  readonly groupSeparator?: string;
  /** The last digit carries the sign, as COBOL's zoned decimals do (`{` is +0, `}` is -0, `A`..`I`, `J`..`R`). */
  readonly overpunch?: true;
}

export interface DecimalField extends Leaf {
  readonly type: 'decimal';
  /** Exact decimal strings. */
  readonly min?: string;
  readonly max?: string;
  /** Most digits in all, and behind the separator. */
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
  readonly decimalSeparator?: string;
  readonly groupSeparator?: string;
  /** The legacy text has no separator: its last so many digits are the fraction. */
  readonly impliedDecimals?: number;
  readonly overpunch?: true;
  /** `number` only where the value round-trips; the default is the exact string. */
  readonly as?: 'string' | 'number';
}

export interface BooleanField extends Leaf {
  readonly type: 'boolean';
  /** Legacy texts; the first of each list is written. Default: XML Schema's `true`, `1` and `false`, `0`. */
  readonly true?: readonly string[];
  readonly false?: readonly string[];
}

/** Calendar dates and clock times never move through a time zone. */
export interface DateField extends Leaf {
  readonly type: 'date';
  /** Letters `yyyy yy MM M dd d` and literal separators; default `yyyy-MM-dd`. */
  readonly format?: string;
  /** With `yy`: two-digit years from this one on belong to the century of `pivot` (1950: 50 is 1950, 49 is 2049). */
  readonly pivot?: number;
  /** The legacy year counts from 543 years earlier, as the Khmer Buddhist era does. */
  readonly era?: 'buddhist';
  readonly min?: string;
  readonly max?: string;
}

export interface TimeField extends Leaf {
  readonly type: 'time';
  /** Letters `HH H mm ss` and `.SSS`; default `HH:mm:ss`. */
  readonly format?: string;
}

export interface DateTimeField extends Leaf {
  readonly type: 'dateTime';
  /** Default: XML Schema's form, with or without offset and fraction, kept as it is. */
  readonly format?: string;
  readonly pivot?: number;
  readonly era?: 'buddhist';
  /** An offset (`+07:00`) or IANA name that the legacy local time belongs to; without it no offset is added. */
  readonly zone?: string;
}

export interface CodeField extends Leaf {
  readonly type: 'code';
  /** Legacy text → public value. */
  readonly table: Readonly<Record<string, string>>;
  /** What an unknown legacy code becomes (output only); without it, it is refused. */
  readonly unknown?: string;
}

export interface BinaryField extends Leaf {
  readonly type: 'binary';
  readonly encoding?: 'base64' | 'hex';
  readonly maxBytes?: number;
}

export interface ConstantField extends Described {
  readonly type: 'constant';
  readonly value: string;
  /** In `input`: where the constant is written. In `output`: where exactly this text must stand. */
  readonly at?: Position;
}

export interface RecordField extends Described, Presence {
  readonly type: 'record';
  /** Without it the record's fields stand where the record itself stands. */
  readonly at?: Position;
  readonly fields: Fields;
}

export interface ListField extends Described, Presence {
  readonly type: 'list';
  readonly at: Position;
  readonly items: Field;
  /** The list stands in one text, its items between separators. */
  readonly separator?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Exactly one of several shapes; the public record carries the case's name in the member `discriminator`. */
export interface ChoiceField extends Described, Presence {
  readonly type: 'choice';
  readonly discriminator: string;
  /**
   * Where the legacy document tells the case (a column, an attribute); without it the case is told by which of the
   * records is there. At `@xsi:type` a tag is the type's name with the endpoint's own prefix, whatever prefix is sent.
   */
  readonly by?: Position;
  readonly cases: Readonly<Record<string, ChoiceCase>>;
}

export interface ChoiceCase {
  /** The legacy text at `by` that stands for this case. */
  readonly tag?: string;
  readonly record: RecordField;
}

export type LeafField =
  | TextField
  | IntegerField
  | DecimalField
  | BooleanField
  | DateField
  | TimeField
  | DateTimeField
  | CodeField
  | BinaryField;

export type FieldData = LeafField | ConstantField | RecordField | ListField | ChoiceField;

declare const SHAPE: unique symbol;

/** A field that TypeScript knows the public type of. The type exists at compile time only; the field is its data. */
export type Field<Value = unknown, Missing extends boolean = boolean> = FieldData & {
  readonly [SHAPE]?: readonly [value: Value, missing: Missing];
};

export type Fields = Readonly<Record<string, Field>>;

/** The public type of a field's value. */
export type ValueOf<F> = F extends { readonly [SHAPE]?: readonly [infer Value, boolean] } ? Value : never;
type MayBeMissing<F> = F extends { readonly [SHAPE]?: readonly [unknown, infer Missing] } ? Missing : false;

/** The public type of a record: members whose field is optional may be left out. */
export type RecordOf<F extends Fields> = Flat<
  { readonly [K in keyof F as MayBeMissing<F[K]> extends true ? never : K]: ValueOf<F[K]> } & {
    readonly [K in keyof F as MayBeMissing<F[K]> extends true ? K : never]?: ValueOf<F[K]>;
  }
>;
type Flat<T> = { [K in keyof T]: T[K] };

/** A rule that changes a text on its way, by name, so that the definition and its digest tell it. */
export type Rule = NamedRule | PaddingRule | CustomRule;

export type NamedRule =
  /** White space (XML's four characters) off both ends. */
  | 'trim'
  /** Trim, and every run of white space inside becomes one space (XML Schema's `collapse`). */
  | 'collapse'
  /** Unicode normalisation forms C and KC. */
  | 'nfc'
  | 'nfkc'
  /** Khmer digits become ASCII digits, and the other way when written. */
  | 'khmerDigits'
  /** Zero-width space, non-joiner, joiner, no-break space and word joiner are taken out; nothing is put in when written. */
  | 'removeZeroWidth'
  /** The time zone that XML Schema allows behind a date or time (`Z`, `+07:00`) is taken off; none is put on when written. */
  | 'dropZone';

export interface PaddingRule {
  /** The legacy text is filled with `with` on this side up to `width`; reading takes the filling off. */
  readonly pad: 'left' | 'right';
  readonly with: string;
  readonly width: number;
}

/** The one escape hatch: a function of the integrator's. Name and version enter the definition's digest. */
export interface CustomRule {
  readonly name: string;
  readonly version: string;
  /** Legacy text → text; throws or returns undefined to refuse. */
  readonly decode: (text: string) => string | undefined;
  /** Text → legacy text; throws or returns undefined to refuse. */
  readonly encode: (text: string) => string | undefined;
}
