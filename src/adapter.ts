/**
 * What adapter authors import: builders for definitions. A builder returns plain data (see `model/field.ts` and
 * `model/definition.ts` for what each property means); inference happens here and costs nothing at run time. It is one
 * long file of short functions so that an adapter has one import.
 */
import type {
  AdapterDefinition,
  Auth,
  CsvEndpoint,
  Endpoint,
  FixedWidthEndpoint,
  HttpCall,
  Method,
  OAuth2Auth,
  OperationDefinition,
  Reference,
  RowOutput,
  RowsOutput,
  SessionAuth,
  SoapCall,
  SoapEndpoint,
  XmlEndpoint,
} from './model/definition.ts';
import type {
  BinaryField,
  BooleanField,
  ChoiceCase,
  ChoiceField,
  CodeField,
  ConstantField,
  CustomRule,
  DateField,
  DateTimeField,
  DecimalField,
  Field,
  FieldData,
  Fields,
  IntegerField,
  ListField,
  PaddingRule,
  Position,
  RecordField,
  RecordOf,
  TextField,
  TimeField,
  ValueOf,
} from './model/field.ts';
import type { JsonValue } from './model/json.ts';

export type { AdapterDefinition } from './model/definition.ts';
export type { Field, Fields, RecordOf, ValueOf } from './model/field.ts';

/** What may be said of a field besides its type, its position and whether it may be missing. */
type Options<F extends FieldData> = Omit<F, 'type' | 'at' | 'optional' | 'nullable' | 'default'>;

function leaf<Value>(data: FieldData): Field<Value, false> {
  return data as Field<Value, false>;
}

/** Text, exactly as it stands; identifiers keep their leading zeros. */
export function text<const O extends Options<TextField>>(
  at: Position,
  options?: O,
): Field<O extends { readonly oneOf: readonly (infer T)[] } ? T : string, false> {
  return leaf({ type: 'text', at, ...options });
}

/** A whole number; a JSON number up to 2^53 - 1, a string with `as: 'string'`. */
export function integer<const O extends Options<IntegerField>>(
  at: Position,
  options?: O,
): Field<O extends { readonly as: 'string' } ? string : number, false> {
  return leaf({ type: 'integer', at, ...options });
}

/** An exact decimal; a JSON string unless `as: 'number'`. */
export function decimal<const O extends Options<DecimalField>>(
  at: Position,
  options?: O,
): Field<O extends { readonly as: 'number' } ? number : string, false> {
  return leaf({ type: 'decimal', at, ...options });
}

export function boolean(at: Position, options?: Options<BooleanField>): Field<boolean, false> {
  return leaf({ type: 'boolean', at, ...options });
}

/** A calendar date, publicly `yyyy-mm-dd`; it never passes through a time zone. */
export function date(at: Position, options?: Options<DateField>): Field<string, false> {
  return leaf({ type: 'date', at, ...options });
}

/** A clock time, publicly `hh:mm:ss`. */
export function time(at: Position, options?: Options<TimeField>): Field<string, false> {
  return leaf({ type: 'time', at, ...options });
}

/** A date and time, publicly as XML Schema and RFC 3339 write it; with an offset only where the legacy text or `zone` gives one. */
export function dateTime(at: Position, options?: Options<DateTimeField>): Field<string, false> {
  return leaf({ type: 'dateTime', at, ...options });
}

/** A legacy code and its public meaning. */
export function code<
  const T extends Readonly<Record<string, string>>,
  const O extends Omit<Options<CodeField>, 'table'>,
>(
  at: Position,
  table: T,
  options?: O,
): Field<T[keyof T] | (O extends { readonly unknown: infer U extends string } ? U : never), false> {
  return leaf({ type: 'code', at, table, ...options });
}

/** Bytes, publicly base64. */
export function binary(at: Position, options?: Options<BinaryField>): Field<string, false> {
  return leaf({ type: 'binary', at, ...options });
}

/** In input: a text that is always sent. In output: a text that is always answered and, with a position, must stand there. */
export function constant<const V extends string>(value: V): Field<V, false>;
export function constant<const V extends string>(at: Position, value: V): Field<V, false>;
export function constant(first: string, second?: string): Field<string, false> {
  const data: ConstantField =
    second === undefined ? { type: 'constant', value: first } : { type: 'constant', at: first, value: second };
  return leaf(data);
}

/** A group of fields; without a position they stand where the record stands. */
export function record<const F extends Fields>(fields: F): Field<RecordOf<F>, false> & RecordField;
export function record<const F extends Fields>(at: Position, fields: F): Field<RecordOf<F>, false> & RecordField;
export function record(first: Position | Fields, second?: Fields): Field<never, false> & RecordField {
  const data: RecordField =
    typeof first === 'string' ? { type: 'record', at: first, fields: second ?? {} } : { type: 'record', fields: first };
  return data as Field<never, false> & RecordField;
}

/** Always an array, whether the legacy document holds none, one or many. */
export function list<const F extends Fields>(
  at: Position,
  items: F,
  options?: Omit<Options<ListField>, 'items'>,
): Field<readonly RecordOf<F>[], false>;
export function list<const F extends Field>(
  at: Position,
  items: F,
  options?: Omit<Options<ListField>, 'items'>,
): Field<readonly ValueOf<F>[], false>;
export function list(
  at: Position,
  items: Field | Fields,
  options?: Omit<Options<ListField>, 'items'>,
): Field<never, false> {
  return leaf({ type: 'list', at, items: isField(items) ? items : record(items), ...options });
}

/** Fields hold objects only, so that a `type` that is a text tells a field from a group of fields, one of which may be called `type`. */
function isField(items: Field | Fields): items is Field {
  return typeof items.type === 'string';
}

type Cases = Readonly<Record<string, Field & RecordField>>;
type ChoiceOf<D extends string, C extends Cases> = {
  [K in keyof C & string]: { readonly [P in D]: K } & ValueOf<C[K]>;
}[keyof C & string];

/** Exactly one of several records (`xsd:choice`), told by which of them is there. */
export function choice<const D extends string, const C extends Cases>(
  discriminator: D,
  cases: C,
): Field<ChoiceOf<D, C>, false> {
  const data: ChoiceField = { type: 'choice', discriminator, cases: mapCases(cases, (item) => ({ record: item })) };
  return leaf(data);
}

type TaggedCases = Readonly<Record<string, readonly [tag: string, record: Field & RecordField]>>;

/** Exactly one of several records, told by the text at a position: a record-type column, an attribute. */
export function taggedChoice<const D extends string, const C extends TaggedCases>(
  by: Position,
  discriminator: D,
  cases: C,
): Field<ChoiceOf<D, { [K in keyof C]: C[K][1] }>, false> {
  const data: ChoiceField = {
    type: 'choice',
    discriminator,
    by,
    cases: mapCases(cases, ([tag, item]) => ({ tag, record: item })),
  };
  return leaf(data);
}

function mapCases<T>(cases: Readonly<Record<string, T>>, toCase: (item: T) => ChoiceCase): Record<string, ChoiceCase> {
  return Object.fromEntries(Object.entries(cases).map(([name, item]) => [name, toCase(item)]));
}

/** Absent leaves the member out. */
export function optional<V>(field: Field<V>): Field<V, true> {
  return { ...field, optional: true } as Field<V, true>;
}

/** `xsi:nil` becomes null, and null becomes `xsi:nil`. */
export function nullable<V, M extends boolean>(field: Field<V, M>): Field<V | null, M> {
  return { ...field, nullable: true } as Field<V | null, M>;
}

/** Absent becomes this value. */
export function defaultTo<V extends JsonValue>(field: Field<V>, value: NoInfer<V>): Field<V, false> {
  return { ...field, default: value } as Field<V, false>;
}

/** An integrator's own rule; its name and version stand in the definition's digest, so change the version with the code. */
export function rule(custom: CustomRule): CustomRule {
  return custom;
}

/** Filling on the left, such as zeros before a number. */
export function padLeft(filling: string, width: number): PaddingRule {
  return { pad: 'left', with: filling, width };
}

/** Filling on the right, such as the spaces of a fixed-width column. */
export function padRight(filling: string, width: number): PaddingRule {
  return { pad: 'right', with: filling, width };
}

export function variable(name: string): Reference {
  return { from: 'variable', name };
}

export function secret(name: string): Reference {
  return { from: 'secret', name };
}

export function basic(user: Reference, password: Reference): Auth {
  return { scheme: 'basic', user, password };
}

export function bearer(token: Reference): Auth {
  return { scheme: 'bearer', token };
}

/** A key in a header of the legacy system's own naming. */
export function headerKey(header: string, value: Reference): Auth {
  return { scheme: 'header', header, value };
}

/** WS-Security UsernameToken, its password as text or as digest with nonce and time. */
export function usernameToken(user: Reference, password: Reference, passwordType: 'text' | 'digest' = 'text'): Auth {
  return { scheme: 'usernameToken', user, password, passwordType };
}

/** OAuth 2.0 client credentials; the token is shown as a bearer token. */
export function oauth2(options: Omit<OAuth2Auth, 'scheme'>): Auth {
  return { scheme: 'oauth2', ...options };
}

/** A log-in with a form or a JSON object, whose cookies go with every call. */
export function sessionLogin(options: Omit<SessionAuth, 'scheme'>): Auth {
  return { scheme: 'session', ...options };
}

export function soap(options: Omit<SoapEndpoint, 'format'>): SoapEndpoint {
  return { format: 'soap', ...options };
}

export function xml(options: Omit<XmlEndpoint, 'format'>): XmlEndpoint {
  return { format: 'xml', ...options };
}

export function csv(options: Omit<CsvEndpoint, 'format'>): CsvEndpoint {
  return { format: 'csv', ...options };
}

export function fixedWidth(options: Omit<FixedWidthEndpoint, 'format'>): FixedWidthEndpoint {
  return { format: 'fixedWidth', ...options };
}

declare const ROW: unique symbol;
type Typed<Data, Value> = Data & { readonly [ROW]?: Value };

/** All rows that the inputs select, as one named array. */
export function rows<const N extends string, const F extends Fields>(
  name: N,
  fields: F,
  options?: Pick<RowsOutput, 'maxItems'>,
): Typed<RowsOutput, { readonly [K in N]: readonly RecordOf<F>[] }> {
  return { type: 'rows', name, fields, ...options };
}

/** The one row that the inputs select; none is a 404. */
export function row<const F extends Fields>(
  fields: F,
  options?: Pick<RowOutput, 'first'>,
): Typed<RowOutput, RecordOf<F>> {
  return { type: 'row', fields, ...options };
}

type AnyOutput = Field | Typed<RowsOutput | RowOutput, unknown>;

/** The names between braces in a path template. */
type PathParameter<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathParameter<Rest>
  : never;

/** Exactly one method with its path. */
type Route<P extends string> = {
  [M in Method]: { readonly [K in M]: P } & { readonly [K in Exclude<Method, M>]?: never };
}[Method];

type OperationOptions<I extends Fields, O extends AnyOutput, V extends string | undefined> = Omit<
  OperationDefinition,
  'method' | 'path' | 'call' | 'input' | 'output' | 'via'
> & {
  readonly via?: V;
  /** A SOAP operation by its name, or what the call looks like. */
  readonly call: string | SoapCall | HttpCall;
  readonly input?: I;
  readonly output: O;
};

/** An operation whose public types TypeScript knows. */
export interface Operation<
  I extends Fields = Fields,
  O extends AnyOutput = AnyOutput,
  V extends string | undefined = string | undefined,
> extends OperationDefinition {
  readonly input: I;
  readonly output: O;
  readonly via?: NonNullable<V>;
}

/** The public type of an operation's input and of its answer. */
export type InputOf<T extends Operation> = RecordOf<T['input']>;
export type OutputOf<T extends Operation> =
  T['output'] extends Typed<RowsOutput | RowOutput, infer V> ? V : ValueOf<T['output']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const satisfies readonly Method[];

/** One REST operation. Every name between braces in the path needs a field in `input`. */
export function operation<
  const P extends string,
  const O extends AnyOutput,
  const I extends Fields = Record<never, never>,
  const V extends string | undefined = undefined,
>(
  definition: Route<P> &
    OperationOptions<I, O, V> &
    ([PathParameter<P>] extends [keyof I] ? unknown : { readonly input: Record<PathParameter<P>, Field> }),
): Operation<I, O, V> {
  const {
    get,
    post,
    put,
    patch,
    delete: remove,
    call,
    input,
    ...rest
  } = definition as OperationOptions<Fields, AnyOutput, string> & Partial<Record<Method, string>>;
  const paths = { get, post, put, patch, delete: remove };
  const method = METHODS.find((name) => paths[name] !== undefined) ?? 'get';
  return {
    method,
    path: paths[method] ?? '/',
    ...rest,
    call: typeof call === 'string' ? { operation: call } : call,
    input: input ?? {},
  } as unknown as Operation<I, O, V>;
}

type Legacy = Endpoint | Readonly<Record<string, Endpoint>>;
type EndpointName<L extends Legacy> = L extends Endpoint ? undefined : keyof L & string;

/** The name that a single endpoint gets in the definition. */
const ONLY_ENDPOINT = 'legacy';

/**
 * One legacy system and what it offers. With several endpoints, each operation names its own in `via`. The result is
 * data; `catalogue/` compiles it at start and reports every mistake with its place.
 */
export function defineAdapter<
  const L extends Legacy,
  const O extends Readonly<Record<string, Operation<Fields, AnyOutput, EndpointName<L>>>>,
>(
  definition: Omit<AdapterDefinition, 'legacy' | 'operations'> & { readonly legacy: L; readonly operations: O },
): Omit<AdapterDefinition, 'operations'> & { readonly operations: O } {
  const { legacy } = definition;
  return { ...definition, legacy: isEndpoint(legacy) ? { [ONLY_ENDPOINT]: legacy } : legacy } as Omit<
    AdapterDefinition,
    'operations'
  > & { readonly operations: O };
}

function isEndpoint(legacy: Legacy): legacy is Endpoint {
  return typeof legacy.format === 'string';
}
