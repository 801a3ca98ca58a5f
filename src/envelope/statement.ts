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
  readonly contentType?: string;
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
  const text = JSON.stringify({
    iss: evidence.issuer,
    aud: evidence.audience,
    svc: evidence.service,
    iat: mark.iat,
    jti: mark.jti,
    txn: evidence.transactionId,
    nonce: evidence.nonce,
    req: requestClaims(evidence),
    res: {
      status: answer.status,
      cty: answer.contentType,
      digest: 'digest' in body ? body.digest : undefined,
      set_aside: evidence.setAside,
    },
    src: evidence.sources.map(sourceClaims),
    map: mappingClaims(evidence),
    adp: { v: evidence.adapterVersion },
    rp: evidence.representedParty,
    uid: evidence.userId,
    data_b64: 'bytes' in body ? encodeBase64(body.bytes) : undefined,
  } satisfies Loose<Statement>);
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

/** Members may be undefined here: JSON.stringify leaves them out. */
type Loose<T> = { readonly [K in keyof T]: Loose<T[K]> | (object extends Pick<T, K> ? undefined : never) };

function requestClaims({ request }: Evidence): Loose<RequestClaims> {
  return {
    id: request.id,
    method: request.method,
    target: request.target,
    digest: request.digest,
    cty: request.contentType,
    jws: request.jws,
  };
}

function sourceClaims(source: Evidence['sources'][number]): Loose<SourceClaims> {
  return {
    sys: source.system,
    op: source.operation,
    at: source.at,
    status: source.status,
    len: source.length,
    digest: source.digest,
    partial: source.partial,
    age: source.age,
  };
}

function mappingClaims({ mapping }: Evidence): Loose<MappingClaims> {
  return { id: mapping.id, rev: mapping.revision, digest: mapping.digest, schema: mapping.schema };
}
