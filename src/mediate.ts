import { admit } from './access/admit.ts';
import { ClientLimiter } from './access/client-limiter.ts';
import { permit } from './access/permit.ts';
import { answerOnce, keyedWrite } from './answer-once.ts';
import {
  type Catalogue,
  type CompiledAdapter,
  type CompiledOperation,
  type CompileWhen,
  compileCatalogue,
  DefinitionError,
  type DefinitionMistake,
  mistakesOf,
} from './catalogue/compile.ts';
import { lookUp, type OperationCall } from './catalogue/look-up.ts';
import type { AnsweredCall } from './connectors/http/guarded-call.ts';
import { LegacyGuards } from './connectors/http/legacy-guards.ts';
import { connectors } from './connectors/index.ts';
import { carriageOfRefusal, chooseCarriage } from './envelope/carriage.ts';
import { daysLeft, requireValidity } from './envelope/certificate.ts';
import { createKeyRing, type PublicKeySet } from './envelope/keys.ts';
import { type Answer, createRoomCheck, createSealer, type Seal } from './envelope/seal.ts';
import { readPath, readQuery } from './exchange/rest/input.ts';
import { keptHeaders } from './exchange/rest/kept-headers.ts';
import { requirePreconditions } from './exchange/rest/precondition.ts';
import { codedError, problemDocument } from './exchange/rest/problem.ts';
import { formats } from './formats/index.ts';
import { compileMapping } from './mapping/compile.ts';
import type { EncodeContext, LegacyArguments, RawInput } from './model/contracts.ts';
import type { AdapterDefinition, Reference } from './model/definition.ts';
import { LegacyFaultError, SpeanError } from './model/errors.ts';
import type { SealedAnswer } from './model/evidence.ts';
import type { ExchangeRequest } from './model/exchange.ts';
import type { JsonObject } from './model/json.ts';
import type { LegacyMessage } from './model/legacy.ts';
import type { Platform } from './model/platform.ts';
import { type Settings, SettingsError } from './model/settings.ts';
import type { SourceRecord } from './model/source.ts';
import { newSpanId, traceHeaders } from './model/trace.ts';
import { exchangeRecord } from './observe/exchange-record.ts';
import { Metrics } from './observe/metrics.ts';
import { plainContent, type RequestContent, readRequestContent } from './signed-request.ts';
import { Trail } from './trail.ts';

/** What a deployment is made of. */
export interface HouseParts {
  readonly adapters: readonly AdapterDefinition[];
  readonly settings: Settings;
  readonly platform: Platform;
  /** When fields and calls are compiled, `atOnce` where it is not said: a mistake in them shows then. */
  readonly compile?: CompileWhen;
}

/** What mediation works with, made once at start. */
export interface House {
  readonly catalogue: Catalogue;
  readonly settings: Settings;
  readonly platform: Platform;
  readonly seal: Seal;
  /** A write whose answer could surely not be sealed is refused before it is carried out. */
  readonly requireSigner: () => void;
  readonly requireRoom: ReturnType<typeof createRoomCheck>;
  readonly publicKeySet: PublicKeySet;
  readonly encodeContext: EncodeContext;
  readonly clientLimiter: ClientLimiter;
  readonly metrics: Metrics;
  readonly legacyGuards: LegacyGuards;
  readonly certificateDaysLeft: () => number | undefined;
  /** Of all operations, also those that nobody has called yet. */
  readonly definitionMistakes: () => readonly DefinitionMistake[];
}

/** Compiles the adapters and imports the keys. Throws DefinitionError or SettingsError with every mistake at once. */
export async function openHouse({ adapters, settings, platform, compile }: HouseParts): Promise<House> {
  const catalogue = compileCatalogue(adapters, { formats, compileMapping }, compile);
  requireStores(adapters, platform);
  const ring = await createKeyRing(settings.signing, platform);
  const resolve = ({ name }: Reference): string => settings.references.get(name) ?? '';
  return {
    catalogue,
    settings,
    platform,
    seal: createSealer({ ring, platform, options: settings.sealing }),
    requireSigner: () => {
      const refuses = settings.sealing.whenSignerFails === 'refuse';
      if (refuses && ring.certificate !== undefined) requireValidity(ring.certificate, platform.now());
    },
    requireRoom: createRoomCheck({ ring, options: settings.sealing }),
    publicKeySet: ring.publicKeySet,
    clientLimiter: new ClientLimiter(platform.now),
    metrics: new Metrics(),
    legacyGuards: new LegacyGuards(adapters, { platform, resolve }),
    certificateDaysLeft: () => ring.certificate && daysLeft(ring.certificate, platform.now()),
    definitionMistakes: () => mistakesOf(catalogue),
    encodeContext: {
      resolve,
      now: platform.now,
      random: platform.random,
    },
  };
}

/** Without its store a signed request could be sent again and again, and a write be carried out twice. */
function requireStores(adapters: readonly AdapterDefinition[], { replayStore, idempotencyStore }: Platform): void {
  const operations = adapters.flatMap((adapter) => Object.values(adapter.operations));
  const mistakes: string[] = [];
  if (replayStore === undefined && operations.some(({ signedRequest }) => signedRequest !== undefined)) {
    mistakes.push('An operation takes signed requests, and the platform has no replay store (binding REPLAY)');
  }
  if (idempotencyStore === undefined && operations.some(({ idempotencyKey }) => idempotencyKey !== undefined)) {
    mistakes.push(
      'An operation has an idempotency key, and the platform has no idempotency store (binding IDEMPOTENCY)',
    );
  }
  if (mistakes.length > 0) throw new SettingsError(mistakes);
}

/**
 * The way of a request that has been heard: admitted, looked up, mapped in, encoded, sent to the legacy system, its
 * reply decoded, mapped out, and the answer sealed with the evidence of every step. This is the only place where
 * order exists. Whatever fails becomes a problem, which is sealed as an answer is; nothing is thrown.
 */
export async function mediate(heard: ExchangeRequest, house: House): Promise<SealedAnswer> {
  const trail = new Trail(heard, house.settings, house.platform.now);
  if (heard.trace !== undefined) trail.spanId = newSpanId(house.platform.random);
  const sealed = await seal(await produceOrExplain(heard, house, trail), heard, house, trail);
  const facts = trail.facts(sealed);
  house.platform.log(exchangeRecord(facts));
  house.metrics.observe(facts);
  return sealed;
}

async function produceOrExplain(heard: ExchangeRequest, house: House, trail: Trail): Promise<Answer> {
  try {
    return await produce(heard, house, trail);
  } catch (error) {
    if (error instanceof DefinitionError) {
      house.platform.log({ xRequestId: heard.transactionId, definitionMistakes: error.mistakes });
    }
    return problem(error, heard, trail);
  }
}

async function produce(heard: ExchangeRequest, house: House, trail: Trail): Promise<Answer> {
  trail.carriage = { form: 'plain' }; // nothing is stated to a stranger, who can write any client into a header
  const admitted = admit(heard, house.settings.securityServer);
  trail.carriage = undefined;
  const call = trail.found(lookUp(admitted, readPath(admitted.path), house.catalogue));
  permit(admitted, call.operation.clientRules);
  const leave = house.clientLimiter.enter(limitKey(call), call.operation.limits);
  try {
    trail.carriage = chooseCarriage(admitted.accept, call.adapter.definition.envelope);
    return await answer(call, house, trail);
  } finally {
    leave();
  }
}

/** One client of one adapter; the parts of an identifier hold no control characters. */
function limitKey({ request, adapter }: OperationCall): string {
  return `${adapter.definition.name}\n${request.clientParts.join('\n')}`;
}

/** What an admitted client gets: from the legacy system, or what it got before where its write is a repeat. */
async function answer(call: OperationCall, house: House, trail: Trail): Promise<Answer> {
  const { now, replayStore, idempotencyStore } = house.platform;
  const { clientKeys } = house.settings;
  const content =
    call.operation.definition.signedRequest === undefined
      ? plainContent(call)
      : await readRequestContent(call, trail.service, { clientKeys, replayStore, now });
  trail.signedRequest = content.jws;
  const wanted = call.operation.mapping.mapIn(readInput(call, content));
  requirePreconditions(call.request);
  if (!call.operation.safe) {
    if (trail.carriage?.form !== 'plain') house.requireSigner();
    if (trail.carriage?.form === 'header') {
      await house.requireRoom(call.operation.definition.status ?? 200, await trail.expectedEvidence());
    }
  }
  trail.reached('mapIn');
  const write = writer(call, wanted, house, trail);
  const writing = write();
  const message = writing instanceof Promise ? await writing : writing;
  if (call.operation.definition.idempotencyKey === undefined || idempotencyStore === undefined) {
    return ask(message, write, wanted, call, house, trail);
  }
  const keyed = await keyedWrite(call, call.operation.definition.idempotencyKey, trail.service, content.body, now());
  const once = await answerOnce(keyed, idempotencyStore, {
    carryOut: () => ask(message, write, wanted, call, house, trail),
    explain: (error) => problem(error, call.request, trail),
    sources: () => trail.sources(),
    again: (first) => again(first, call.request),
  });
  if (once.repeated !== undefined) trail.repeats(once.repeated);
  return once.answer;
}

/** Writes the legacy message, anew for each attempt: a nonce in it serves once. */
function writer(
  { operation, request }: OperationCall,
  { values }: LegacyArguments,
  { encodeContext }: House,
  { spanId }: Trail,
): () => LegacyMessage | Promise<LegacyMessage> {
  const { call, endpoint } = operation;
  const { trace } = request;
  if (endpoint.traceContext === undefined || trace === undefined || spanId === undefined) {
    return () => call.encode(values, encodeContext);
  }
  return async () => {
    const message = await call.encode(values, encodeContext);
    return { ...message, headers: [...message.headers, ...traceHeaders(trace, spanId)] };
  };
}

function ask(
  message: LegacyMessage,
  encodeAnew: () => LegacyMessage | Promise<LegacyMessage>,
  { values, tests }: LegacyArguments,
  { operation, adapter }: OperationCall,
  { legacyGuards }: House,
  trail: Trail,
): Promise<Answer> {
  const { definition, mapping, call: format, endpoint, limits, safe } = operation;
  const read = async ({ reply, kept }: AnsweredCall): Promise<Answer> => {
    trail.reached('call');
    try {
      const output = await mapping.mapOut(await format.decode(reply, tests));
      trail.setAside = output.setAside;
      const headers = kept === undefined ? [] : keptHeaders(kept);
      const { status = 200 } = definition;
      return { status, headers, body: output.body, problem: false, maxBytes: limits.answerBytes };
    } catch (error) {
      throw error instanceof LegacyFaultError ? mapping.explain(error) : error;
    } finally {
      trail.reached('mapOut');
    }
  };
  const context = {
    guards: legacyGuards.of(endpoint),
    limits,
    heardAt: trail.heardAt,
    safe,
    cache: definition.cache && { rule: definition.cache, key: cacheKey(adapter, operation, values) },
    encodeAnew,
    answered: (call: AnsweredCall) => trail.answered(call),
  };
  return connectors[endpoint.format](message, context, read);
}

/** What is asked, without credentials and nonces: those stand in the message, and differ each time. */
function cacheKey({ definition }: CompiledAdapter, { name }: CompiledOperation, values: SourceRecord): string {
  return JSON.stringify([definition.name, name, values]);
}

function readInput(call: OperationCall, { body }: RequestContent): RawInput {
  return {
    path: call.pathParameters,
    query: readQuery(call.request.query),
    body,
    exchange: call.request,
  };
}

/** One handler turns errors into problems. */
function problem(error: unknown, heard: ExchangeRequest, trail: Trail): Answer {
  const known = trail.failed(codedError(error));
  return {
    status: known.status,
    headers: Object.entries(known.headers),
    body: problemDocument(known, heard.transactionId),
    problem: true,
  };
}

/** A problem that is told a second time names the exchange that it is told in. */
function again(first: Answer, { transactionId }: ExchangeRequest): Answer {
  return first.problem ? { ...first, body: { ...(first.body as JsonObject), requestId: transactionId } } : first;
}

/** What cannot be sealed is not answered: the problem about that leaves unsigned, as nothing could sign it. */
async function seal(answer: Answer, heard: ExchangeRequest, house: House, trail: Trail): Promise<SealedAnswer> {
  const evidence = await trail.evidence();
  const carriage = trail.carriage ?? carriageOfRefusal(house.catalogue.get(heard.adapter)?.definition.envelope);
  try {
    return await house.seal(answer, evidence, carriage);
  } catch (error) {
    const isLarge = error instanceof SpeanError && error.code === 'answer-too-large';
    return await house.seal(problem(error, heard, trail), evidence, isLarge ? carriage : { form: 'plain' });
  } finally {
    trail.reached('seal');
  }
}
