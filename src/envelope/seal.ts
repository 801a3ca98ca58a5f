import { SpeanError } from '../model/errors.ts';
import type { Evidence, SealedAnswer } from '../model/evidence.ts';
import type { JsonValue } from '../model/json.ts';
import type { Platform } from '../model/platform.ts';
import type { BodyCarriage, Carriage } from './carriage.ts';
import { requireValidity } from './certificate.ts';
import { digestOf } from './digest.ts';
import type { KeyRing } from './keys.ts';
import { compactLength, flattenedOf, signCompact, signingInputOf } from './sign.ts';
import { buildStatement, type StatedAnswer, type StatedBody, type StatementMark } from './statement.ts';
import { randomUuid } from './uuid.ts';

/** The response header that carries a compact statement about the body beside it. */
export const EVIDENCE_HEADER = 'x-evidence-jws';

/** An answer or a problem before it is sealed. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** A JSON value, the bytes of a JSON text, other bytes with their `contentType`, or no body at all. */
  readonly body: JsonValue | Uint8Array<ArrayBuffer> | undefined;
  /** Media type of a body of bytes that are no JSON text. */
  readonly contentType?: string;
  /** The body is a problem document (RFC 9457). */
  readonly problem: boolean;
  /** Largest body, with its envelope where that is in it, bytes; default: what the sealer allows. */
  readonly maxBytes?: number;
}

/**
 * Makes the last form of an answer: serialises it, states it with its evidence, signs, and adds the headers of its
 * carriage. An answer without a body has nothing to carry a statement in, so its statement rides in the header.
 *
 * Throws SpeanError `signer-failed`, or `answer-too-large` where body or envelope are beyond a limit. With carriage
 * `plain` nothing is signed, and nothing is thrown of a problem: that is how the one about such a failure is to be sent.
 */
export type Seal = (answer: Answer, evidence: Evidence, carriage: Carriage) => Promise<SealedAnswer>;

export interface SealOptions {
  /** What becomes of an answer that cannot be signed: it is refused, or it leaves plain, without any envelope. */
  readonly whenSignerFails: 'refuse' | 'unsigned';
  /** Whether statements hold the request's target, which may name a person, or its digest. */
  readonly requestTarget: 'plain' | 'digest';
  /** Longest value of the evidence header, bytes: servers take some 8 KiB of headers altogether. */
  readonly headerBytes: number;
  /** Largest body with its envelope, bytes: a security server's message log refuses more (contract 1.6). */
  readonly bodyBytes: number;
}

export const DEFAULT_SEAL_OPTIONS: SealOptions = {
  whenSignerFails: 'refuse',
  requestTarget: 'plain',
  headerBytes: 2048,
  bodyBytes: 10 * 1024 * 1024,
};

export interface SealerParts {
  readonly ring: KeyRing;
  readonly platform: Pick<Platform, 'now' | 'random'>;
  readonly options?: Partial<SealOptions>;
}

/** The body as it was serialised, once. */
interface Content {
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isJson: boolean;
}

/** One answer on its way through the sealer. */
interface Sealing {
  readonly answer: Answer;
  readonly content: Content | undefined;
  readonly evidence: Evidence;
  readonly mark: StatementMark;
  readonly ring: KeyRing;
  readonly options: SealOptions;
}

/** Makes the sealer of a deployment. */
export function createSealer({ ring, platform, options: chosen }: SealerParts): Seal {
  const options = { ...DEFAULT_SEAL_OPTIONS, ...chosen };
  return async (answer, given, carriage) => {
    const content = serialise(answer);
    if (carriage.form === 'plain') return leavePlain(answer, content, options);
    try {
      const now = platform.now();
      if (ring.certificate !== undefined) requireValidity(ring.certificate, now);
      const evidence = options.requestTarget === 'digest' ? await hideTarget(given) : given;
      const mark = { iat: Math.floor(now / 1000), jti: randomUuid(platform.random) };
      const sealing = { answer, content, evidence, mark, ring, options };
      if (content === undefined || carriage.form === 'header') return await sealInHeader(sealing);
      return await sealInBody(sealing, content, carriage);
    } catch (error) {
      const excused = error instanceof SpeanError && error.code === 'signer-failed';
      if (excused && options.whenSignerFails === 'unsigned') return leave(answer, content);
      throw error;
    }
  };
}

/**
 * Makes a check whether the statement of an exchange will fit its header, given the evidence as it is expected to be:
 * a write whose answer could not be sealed must be refused before it is carried out. Throws SpeanError `not-acceptable`.
 */
export function createRoomCheck({ ring, options: chosen }: Omit<SealerParts, 'platform'>) {
  const options = { ...DEFAULT_SEAL_OPTIONS, ...chosen };
  return async (status: number, evidence: Evidence): Promise<void> => {
    const answer = { status, headers: [], body: {}, problem: true }; // a problem's media type is the longer one
    const mark = { iat: EXPECTED_IAT, jti: EXPECTED_JTI };
    const sealing = { answer, content: serialise(answer), evidence, mark, ring, options };
    await headerInputThatFits(sealing, evidence.request.digest);
  };
}

/** As long as they will be. */
const EXPECTED_IAT = 9_999_999_999;
const EXPECTED_JTI = '00000000-0000-4000-8000-000000000000';

async function sealInHeader(sealing: Sealing): Promise<SealedAnswer> {
  const { answer, content, ring, options } = sealing;
  const bytes = content?.bytes ?? new Uint8Array();
  requireSize(bytes, answer, options);
  const digest = await digestOf(bytes);
  const fitting = headerInputThatFits(sealing, digest);
  const envelope = await signCompact(ring.signer, typeof fitting === 'string' ? fitting : await fitting);
  return leave(answer, content, [
    [EVIDENCE_HEADER, envelope],
    ['repr-digest', digest],
  ]);
}

/** The signing input, with the target's digest in its place where the target is too long: a promise only then. */
function headerInputThatFits(sealing: Sealing, digest: string): string | Promise<string> {
  const { ring, options, evidence } = sealing;
  const input = headerInput(sealing, digest, evidence);
  if (compactLength(ring.signer, input) > options.headerBytes) {
    return hideTarget(evidence).then((hidden) => requireRoom(headerInput(sealing, digest, hidden), sealing));
  }
  return requireRoom(input, sealing);
}

function requireRoom(input: string, { ring, options }: Sealing): string {
  const length = compactLength(ring.signer, input);
  if (length <= options.headerBytes) return input;
  throw new SpeanError('not-acceptable', {
    detail: `The statement takes ${length} bytes, more than the ${options.headerBytes} that fit a header: send shorter ids, or ask for application/jose+json where it is offered`,
  });
}

/** A problem is small, and there is nothing left to say of one that is not. */
function leavePlain(answer: Answer, content: Content | undefined, options: SealOptions): SealedAnswer {
  if (content === undefined || answer.problem) return leave(answer, content);
  requireSize(content.bytes, answer, options);
  return leave(answer, content);
}

/** The chain stays out: two certificates alone are beyond the limit. `x5t#S256` is all that JAdES-B-B demands. */
function headerInput({ answer, content, mark, ring }: Sealing, digest: string, evidence: Evidence): string {
  const statement = buildStatement(evidence, stated(answer, content, { digest }), mark);
  const { certificate } = ring;
  return signingInputOf(ring.signer, statement, {
    iat: mark.iat,
    certificate: certificate && { thumbprint: certificate.thumbprint },
  });
}

async function sealInBody(
  { answer, evidence, mark, ring, options }: Sealing,
  content: Content,
  carriage: BodyCarriage,
): Promise<SealedAnswer> {
  const body = content.isJson ? { json: content.bytes } : { bytes: content.bytes };
  const statement = buildStatement(evidence, stated(answer, content, body), mark);
  const { certificate, signer } = ring;
  const header = { iat: mark.iat, certificate };
  const compact = await signCompact(signer, signingInputOf(signer, statement, header));
  const bytes = new TextEncoder().encode(carriage.form === 'flattened' ? flattenedOf(compact) : compact);
  requireSize(bytes, answer, options, ' with its envelope');
  return leave(answer, { contentType: carriage.mediaType, bytes });
}

/** A security server refuses more, after the legacy system has acted (contract 1.6). */
function requireSize({ length }: Uint8Array, { maxBytes }: Answer, { bodyBytes }: SealOptions, how = ''): void {
  const limit = Math.min(maxBytes ?? bodyBytes, bodyBytes);
  if (length <= limit) return;
  throw new SpeanError('answer-too-large', {
    detail: `The answer takes ${length} bytes${how}, more than ${limit}: ask for less`,
  });
}

function stated(answer: Answer, content: Content | undefined, body: StatedBody): StatedAnswer {
  return { status: answer.status, contentType: content?.contentType, body };
}

function serialise({ body, problem, contentType }: Answer): Content | undefined {
  if (body === undefined) return undefined;
  if (!(body instanceof Uint8Array)) {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    return { contentType: problem ? 'application/problem+json' : 'application/json', bytes, isJson: true };
  }
  return { contentType: contentType ?? 'application/json', bytes: body, isJson: contentType === undefined };
}

/** The target's digest instead of the target, for a verifier that knows which target it asked for. */
async function hideTarget(evidence: Evidence): Promise<Evidence> {
  const target = await digestOf(new TextEncoder().encode(evidence.request.target));
  return { ...evidence, request: { ...evidence.request, target } };
}

const VARY = ['vary', 'accept'] as const;
const NEITHER_STORED_NOR_CHANGED = ['cache-control', 'no-store, no-transform'] as const;

/** `no-transform` keeps proxies from compressing or rewriting what a digest was taken of. */
function leave(
  answer: Answer,
  content: Omit<Content, 'isJson'> | undefined,
  carried: SealedAnswer['headers'] = [],
): SealedAnswer {
  const headers = [...answer.headers];
  if (content !== undefined) headers.push(['content-type', content.contentType]);
  headers.push(...carried, VARY, NEITHER_STORED_NOR_CHANGED);
  return { status: answer.status, headers, body: content?.bytes ?? null };
}
