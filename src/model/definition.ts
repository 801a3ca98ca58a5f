import type { Field, Fields } from './field.ts';
import type { AdapterLimits } from './limits.ts';

/** A setting by name: a plain variable, or a secret that is never logged. Definitions hold names, never values. */
export interface Reference {
  readonly from: 'variable' | 'secret';
  readonly name: string;
}

/** How the adapter shows itself to the legacy system. */
export type Auth =
  | { readonly scheme: 'basic'; readonly user: Reference; readonly password: Reference }
  | { readonly scheme: 'bearer'; readonly token: Reference }
  | { readonly scheme: 'header'; readonly header: string; readonly value: Reference }
  | {
      /** WS-Security UsernameToken Profile 1.1.1; SOAP only. */
      readonly scheme: 'usernameToken';
      readonly user: Reference;
      readonly password: Reference;
      readonly passwordType?: 'text' | 'digest';
    }
  | OAuth2Auth
  | SessionAuth;

/** OAuth 2.0 client credentials (RFC 6749, 4.4): a bearer token is fetched, and kept until shortly before it expires. */
export interface OAuth2Auth {
  readonly scheme: 'oauth2';
  readonly tokenUrl: Reference;
  readonly clientId: Reference;
  readonly clientSecret: Reference;
  readonly scope?: string;
}

/** A log-in whose cookies go with every call. */
export interface SessionAuth {
  readonly scheme: 'session';
  /** Where the log-in is posted to. */
  readonly loginUrl: Reference;
  /** What is posted, as `application/x-www-form-urlencoded` or as a JSON object: exactly one of the two. */
  readonly form?: LoginFields;
  readonly json?: LoginFields;
  /** How long a session is used, minutes; default 15. Shorter than the legacy system's own. */
  readonly minutes?: number;
  /** What tells that the session is over, besides HTTP 401 and a redirect to the log-in page. */
  readonly loggedOut?: LoggedOutMarks;
}

/** By the legacy side's names; a text that is no reference stands in the definition as it is. */
export type LoginFields = Readonly<Record<string, Reference | string>>;

export interface LoggedOutMarks {
  /** The path of the log-in page, to which calls without a session are redirected; default: that of `loginUrl`. */
  readonly page?: string;
  /** An HTTP status of the legacy system, such as 403 or 440. */
  readonly status?: number;
  /** A SOAP fault, named as in a problem rule. */
  readonly fault?: string;
  /**
   * The content type of a log-in page that comes with HTTP 200, such as `text/html`. Whether such an answer did anything
   * is not known, so that only safe operations are repeated after it.
   */
  readonly contentType?: string;
}

/** When a legacy system may be called. */
export interface OpeningHours {
  /** A name of the IANA time zone database: `Asia/Phnom_Penh`. */
  readonly zone: string;
  /** `Mon-Fri 07:30-17:00`, `Sat 08:00-12:00`; `Daily 20:00-04:00` ends on the next day. */
  readonly open: readonly string[];
}

interface EndpointCommon {
  /** The endpoint's URL; a call's path is appended to it. */
  readonly endpoint: Reference;
  readonly auth?: Auth;
  /** Outside them no call is made; default: always open. */
  readonly hours?: OpeningHours;
  /** The charset of answers that name none themselves; a label of the WHATWG Encoding Standard. */
  readonly charset?: string;
  /** The caller's trace context (W3C) travels on to the legacy system; default: it ends here. */
  readonly traceContext?: true;
  /** Sent with every call, such as a system code that the legacy side expects. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Prefixes that positions use → namespace names; one for `''` stands for names in no namespace, as no prefix matches any. */
type Namespaces = Readonly<Record<string, string>>;

export interface SoapEndpoint extends EndpointCommon {
  readonly format: 'soap';
  /** The namespace of the operations' elements. */
  readonly namespace: string;
  readonly namespaces?: Namespaces;
  readonly version?: '1.1' | '1.2';
  readonly style?: 'document' | 'rpc';
  /** `unqualified`: only the wrapper has the namespace (elementFormDefault, and always so for rpc parts). */
  readonly elements?: 'qualified' | 'unqualified';
}

export interface XmlEndpoint extends EndpointCommon {
  readonly format: 'xml';
  readonly namespace?: string;
  readonly namespaces?: Namespaces;
}

export interface CsvEndpoint extends EndpointCommon, RowPolicy {
  readonly format: 'csv';
  /** One ASCII character; default `,`. A first line `sep=;`, which Excel writes, must agree. */
  readonly separator?: string;
  /** One ASCII character, default `"`; `null`: no quoting, quotes are data. */
  readonly quote?: string | null;
  /** What stands before a quote inside a quoted cell: the quote itself (RFC 4180, default), or a character such as `\`. */
  readonly escape?: string;
  /** The header's row after the preamble, empty lines not counted; default 1. `false`: columns have numbers only. */
  readonly header?: number | false;
  /** Lines after the preamble that start with this text, as the file has it, are skipped. */
  readonly comment?: string;
}

export interface FixedWidthEndpoint extends EndpointCommon, RowPolicy {
  readonly format: 'fixedWidth';
  /** Named columns: first and last position from 1. */
  readonly columns?: Readonly<Record<string, readonly [first: number, last: number]>>;
  /** What positions count; default `character`, a Unicode code point. */
  readonly unit?: 'byte' | 'character';
  /** Exact record length without its line end; a shorter or longer record is an error. Default: as long as the columns need. */
  readonly length?: number;
  /** Records without line ends, each `length` long. */
  readonly unseparated?: true;
  /** Where a record tells its type, and which types are rows, trailers, or to be passed over; any other is an error. */
  readonly records?: {
    readonly tag: readonly [first: number, last: number];
    readonly rows: readonly string[];
    readonly skip?: readonly string[];
    /** Trailer records; `count` is where the trailer declares the number of rows, which is checked. */
    readonly trailer?: { readonly tag: string; readonly count?: readonly [first: number, last: number] };
  };
}

interface RowPolicy {
  /** Lines at the start that are no rows, empty ones too, the `sep=` line aside. */
  readonly preamble?: number;
  /** Lines at the end that are no rows: so many, empty ones aside, or from the first one that starts with a text. */
  readonly footer?: number | { readonly startsWith: string };
  /**
   * A row that cannot be read: refuse the document (default), or set the row aside and count it in the answer. A bad
   * CSV row of several lines always refuses the document, as it may have swallowed others.
   */
  readonly badRows?: 'refuse' | 'setAside';
}

export type Endpoint = SoapEndpoint | XmlEndpoint | CsvEndpoint | FixedWidthEndpoint;
export type FormatName = Endpoint['format'];

/**
 * What a SOAP operation's messages look like where its name does not say it all. Inputs stand in the request's body
 * element, outputs in the answer's; in document/literal bare these have names of their own.
 */
export interface SoapCall {
  readonly operation: string;
  /** The request's body element, `p:Name` for a declared prefix; default: the operation's name. */
  readonly request?: string;
  /** The answer's body element, likewise; default: the operation's name and `Response`. */
  readonly response?: string;
  readonly action?: string;
  /** The namespace of the body elements where it is not the endpoint's. */
  readonly namespace?: string;
}

/** An HTTP call of a plain XML, CSV or fixed-width endpoint; the path may have `{holes}` that inputs fill. */
export interface HttpCall {
  readonly get?: string;
  readonly post?: string;
  /** POST: the XML document's root element. */
  readonly root?: string;
  /** POST: inputs travel as `application/x-www-form-urlencoded` instead of a document. */
  readonly form?: true;
  /** The root element that the answer must have (XML). */
  readonly answers?: string;
}

/** How an outcome of the legacy system becomes a problem of the adapter's own choosing. */
export interface ProblemRule {
  /** A SOAP fault: the local name of a detail element, a fault code, or a `faultstring` that is a code (`INVALID_INPUT`), compared whole. */
  readonly fault?: string;
  /** With `fault`, the name of a detail element: what of it the problem tells in its member `details`. */
  readonly fields?: Fields;
  /** A value in a normal body that means an error. */
  readonly value?: { readonly at: string; readonly equals: string };
  /** This position, or the whole answer (`.`), is absent. */
  readonly absent?: string;
  /** The legacy system's HTTP status. */
  readonly httpStatus?: number;
  /** The problem's status and, where given, its title and owner. */
  readonly status: number;
  readonly title?: string;
  readonly owner?: 'caller' | 'legacy';
}

/**
 * Who may call. Each list that is there is demanded; where neither is, every client that X-Road's own access rights let
 * through.
 */
export interface AllowList {
  /** X-Road clients, cut off behind any part for all below it: `CAMBODIA/GOV`, `CAMBODIA/GOV/0002/tax`. */
  readonly clients?: readonly string[];
  /** `[CLASS/]CODE`: the call must name one of them in `X-Road-Represented-Party`. */
  readonly representedParties?: readonly string[];
}

/** How long a legacy answer may be given again, in memory of one isolate or process. */
export interface CacheRule {
  readonly seconds: number;
  /** When the legacy system cannot be asked, an answer up to so many seconds old is given, marked as such. */
  readonly lastGoodSeconds?: number;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An output of rows: a JSON object with one array, and the number of rows set aside where the endpoint's policy allows it. */
export interface RowsOutput {
  readonly type: 'rows';
  /** The array's public name. */
  readonly name: string;
  readonly fields: Fields;
  readonly maxItems?: number;
}

/** An output of exactly one row; none is a 404, a second one is refused unless `first`. */
export interface RowOutput {
  readonly type: 'row';
  readonly fields: Fields;
  /** Take the first that matches and read no further: for keys that are known to be unique. */
  readonly first?: true;
}

export type OutputData = Field | RowsOutput | RowOutput;

export interface OperationDefinition {
  readonly method: Method;
  /** Path under the adapter's service URL, `{name}` for a whole segment that is an input. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** The endpoint's name where the adapter's `legacy` has several. */
  readonly via?: string;
  readonly call: SoapCall | HttpCall;
  readonly input: Fields;
  readonly output: OutputData;
  /** HTTP status of a normal answer; others go without a body, or with a part of one. Default 200. */
  readonly status?: 200 | 201 | 202 | 203;
  readonly problems?: readonly ProblemRule[];
  /** Whether a consumer may or must sign its requests (docs/envelope.md); a signed body is not taken where this is left out. */
  readonly signedRequest?: 'accepted' | 'required';
  /**
   * What tells a repeat of a write from a new one, so that it is carried out once: an input (required, a single value),
   * the header `Idempotency-Key`, or `X-Road-Request-Id`, which only tells apart what security servers send twice.
   */
  readonly idempotencyKey?: 'X-Road-Request-Id' | 'Idempotency-Key' | { readonly input: string };
  /** Who may call this operation; stands in place of the adapter's list. */
  readonly allow?: AllowList;
  /** The operation changes nothing, so that it may be repeated; default for GET. */
  readonly safe?: boolean;
  /** Only where the operation is safe; default: every call asks the legacy system. */
  readonly cache?: CacheRule;
  readonly limits?: Partial<AdapterLimits>;
}

/** An adapter as data. `JSON.stringify` of it loses nothing but the functions of custom rules, whose name and version stay. */
export interface AdapterDefinition {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** The mapping's revision, as its authors count. */
  readonly revision?: string;
  /** The service code under which the security server offers this adapter; default: its name. */
  readonly serviceCode?: string;
  /** One endpoint, or several by name. */
  readonly legacy: Readonly<Record<string, Endpoint>>;
  readonly operations: Readonly<Record<string, OperationDefinition>>;
  readonly allow?: AllowList;
  readonly envelope?: 'off' | 'header' | 'body' | 'negotiate';
  readonly limits?: Partial<AdapterLimits>;
}
