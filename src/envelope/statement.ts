import type { Evidence } from '../model/evidence.ts';
import type { JsonValue } from '../model/json.ts';
import { encodeBase64 } from './base64.ts';

/** The `typ` of a statement's protected header (RFC 8725, 3.11): no other kind of JWT is taken for one. */
export const STATEMENT_TYPE = 'xroad-evidence+jwt';

/**
 * The claims about one answered exchange. Registered: `iss aud iat jti` (RFC 7519), `txn` (RFC 8417), `nonce` (OpenID
 * Connect). Exactly one of `data`, `data_b64` and `res.digest` is present. There is no `exp`: evidence does not
 * expire, its freshness is the verifier's to judge; and no `sub`, so that it cannot pass for an access token.
 */
export interface Statement {
  /** The provider's subsystem. */
  readonly iss: string;
  /** The client's id as `X-Road-Client` gave it. */
  readonly aud: string;
  /** The full service id. */
  readonly svc: string;
  /** When the statement was made, seconds since the epoch; equal to the header's `iat`. */
  readonly iat: number;
  /** UUID of this statement. It identifies the statement; the JWS text does not, since ECDSA signatures are malleable. */
  readonly jti: string;
  /** `X-Road-Request-Id`. */
  readonly txn: string;
  readonly nonce?: string;
  readonly req: RequestClaims;
  readonly res: ResponseClaims;
  readonly src: readonly SourceClaims[];
  readonly map: MappingClaims;
  readonly adp: { readonly v: string };
  /** The represented party. */
  readonly rp?: string;
  /** `X-Road-UserId`. */
  readonly uid?: string;
  /** The answer's body, a JSON value. */
  readonly data?: JsonValue;
  /** The answer's body where it is not JSON, in standard base64 with padding. */
  readonly data_b64?: string;
}

export interface RequestClaims {
  /** `X-Road-Id`. */
  readonly id?: string;
  readonly method: string;
  /** Service path and raw query, or their digest (of the UTF-8 text) in RFC 9530 member syntax. */
  readonly target: string;
  /** Of the body's octets. */
  readonly digest: string;
  readonly cty?: string;
  /** Digest of the signing input of the consumer's signed request. */
  readonly jws?: string;
}

export interface ResponseClaims {
  readonly status: number;
  /** Media type of the body; absent where there is none. */
  readonly cty?: string;
  /** Of the body's octets, which then travel beside the statement. */
  readonly digest?: string;
  /** Rows of the legacy answer that are not in the body. */
  readonly set_aside?: number;
}

export interface SourceClaims {
  readonly sys: string;
  readonly op?: string;
  /** Seconds since the epoch. */
  readonly at: number;
  readonly status?: number;
  /** Bytes. */
  readonly len: number;
  readonly digest: string;
  readonly partial?: boolean;
  /** Seconds. */
  readonly age?: number;
}

export interface MappingClaims {
  readonly id: string;
  readonly rev?: string;
  readonly digest: string;
  readonly schema?: string;
}

/** How a statement holds the answer's body: as the JSON text that is answered, as other bytes, or by digest. */
export type StatedBody = { readonly json: Uint8Array } | { readonly bytes: Uint8Array } | { readonly digest: string };

export interface StatedAnswer {
  readonly status: number;
  /** Absent where there is no body. */
  readonly contentType?: string | undefined;
  readonly body: StatedBody;
}

/** Which statement this is and when it is made: `iat` in seconds since the epoch. */
export interface StatementMark {
  readonly iat: number;
  readonly jti: string;
}

const encoder = new TextEncoder();

/**
 * The statement as the JSON text that is signed. A JSON body stands in `data` as the very text that is answered:
 * parsing and writing it again could change it, and costs as much as making it.
 */
export function buildStatement(evidence: Evidence, answer: StatedAnswer, mark: StatementMark): Uint8Array<ArrayBuffer> {
  const { body } = answer;
  const text = object(
    member<Statement>('iss', evidence.issuer) +
      member<Statement>('aud', evidence.audience) +
      member<Statement>('svc', evidence.service) +
      member<Statement>('iat', mark.iat) +
      member<Statement>('jti', mark.jti) +
      member<Statement>('txn', evidence.transactionId) +
      member<Statement>('nonce', evidence.nonce) +
      nested<Statement>('req', requestClaims(evidence)) +
      nested<Statement>('res', responseClaims(evidence, answer)) +
      nested<Statement>('src', `[${evidence.sources.map(sourceClaims).join()}]`) +
      nested<Statement>('map', mappingClaims(evidence)) +
      nested<Statement>('adp', object(member<Statement['adp']>('v', evidence.adapterVersion))) +
      member<Statement>('rp', evidence.representedParty) +
      member<Statement>('uid', evidence.userId) +
      member<Statement>('data_b64', 'bytes' in body ? encodeBase64(body.bytes) : undefined),
  );
  return 'json' in body ? withData(text, body.json) : encoder.encode(text);
}

function withData(claims: string, json: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(`${claims.slice(0, -1)},"data":`);
  const statement = new Uint8Array(head.length + json.length + 1);
  statement.set(head);
  statement.set(json, head.length);
  statement[statement.length - 1] = 0x7d; // }
  return statement;
}

function requestClaims({ request }: Evidence): string {
  return object(
    member<RequestClaims>('id', request.id) +
      member<RequestClaims>('method', request.method) +
      member<RequestClaims>('target', request.target) +
      member<RequestClaims>('digest', request.digest) +
      member<RequestClaims>('cty', request.contentType) +
      member<RequestClaims>('jws', request.jws),
  );
}

function responseClaims({ setAside }: Evidence, { status, contentType, body }: StatedAnswer): string {
  return object(
    member<ResponseClaims>('status', status) +
      member<ResponseClaims>('cty', contentType) +
      member<ResponseClaims>('digest', 'digest' in body ? body.digest : undefined) +
      member<ResponseClaims>('set_aside', setAside),
  );
}

function sourceClaims(source: Evidence['sources'][number]): string {
  return object(
    member<SourceClaims>('sys', source.system) +
      member<SourceClaims>('op', source.operation) +
      member<SourceClaims>('at', source.at) +
      member<SourceClaims>('status', source.status) +
      member<SourceClaims>('len', source.length) +
      member<SourceClaims>('digest', source.digest) +
      member<SourceClaims>('partial', source.partial) +
      member<SourceClaims>('age', source.age),
  );
}

function mappingClaims({ mapping }: Evidence): string {
  return object(
    member<MappingClaims>('id', mapping.id) +
      member<MappingClaims>('rev', mapping.revision) +
      member<MappingClaims>('digest', mapping.digest) +
      member<MappingClaims>('schema', mapping.schema),
  );
}

/** Written member by member: JSON.stringify took twice as long for the same text. Each begins with its comma. */
function member<T>(name: keyof T & string, value: string | number | boolean | undefined): string {
  if (value === undefined) return '';
  return `,"${name}":${typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value)}`;
}

function nested<T>(name: keyof T & string, json: string): string {
  return `,"${name}":${json}`;
}

function object(members: string): string {
  return `{${members.slice(1)}}`;
}

/** What a JSON string holds as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
