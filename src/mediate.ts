import { admit } from './access/admit.ts';
import type { Catalogue } from './catalogue/compile.ts';
import { lookUp, type OperationCall } from './catalogue/look-up.ts';
import { connectors } from './connectors/index.ts';
import { type Carriage, chooseCarriage } from './envelope/carriage.ts';
import type { Seal } from './envelope/seal.ts';
import { readJsonBody, readPath, readQuery } from './exchange/rest/input.ts';
import { problemDocument } from './exchange/rest/problem.ts';
import type { EncodeContext, RawInput } from './model/contracts.ts';
import { LegacyFaultError, SpeanError } from './model/errors.ts';
import type { SealedAnswer } from './model/evidence.ts';
import type { ExchangeRequest } from './model/exchange.ts';
import type { JsonValue } from './model/json.ts';
import type { Platform } from './model/platform.ts';
import type { Settings } from './model/settings.ts';
import { exchangeRecord } from './observe/exchange-record.ts';
import { Trail } from './trail.ts';

/** What mediation works with; made once at start. */
export interface House {
  readonly catalogue: Catalogue;
  readonly settings: Settings;
  readonly platform: Platform;
  readonly seal: Seal;
}

/** What is answered, before it is sealed. */
interface Answer {
  readonly status: number;
  readonly body: JsonValue;
  readonly headers: readonly (readonly [string, string])[];
  readonly problem: boolean;
}

/**
 * The way of a request that has been heard: admitted, looked up, mapped in, encoded, sent to the legacy system, its
 * reply decoded, mapped out, and the answer sealed with the evidence of every step. This is the only place where
 * order exists. Whatever fails becomes a problem, which is sealed as well; nothing is thrown.
 */
export async function mediate(heard: ExchangeRequest, house: House): Promise<SealedAnswer> {
  const trail = new Trail(heard, house.settings.provider, house.platform);
  const answer = await produce(heard, house, trail).catch((error: unknown) => problemAnswer(error, heard, trail));
  const sealed = await house.seal(answer, await trail.evidence(), trail.carriage);
  house.platform.log(exchangeRecord(trail.facts(sealed)));
  return sealed;
}

async function produce(heard: ExchangeRequest, house: House, trail: Trail): Promise<Answer> {
  const admitted = admit(heard, house.settings.securityServer);
  const call = trail.found(lookUp(admitted, readPath(admitted.path), house.catalogue));
  trail.carriage = chooseCarriage(admitted.accept, call.adapter.definition.envelope);
  const { definition, mapping, call: format, endpoint, limits } = call.operation;

  const legacyArguments = mapping.mapIn(readInput(call));
  const message = await format.encode(legacyArguments.values, encodeContext(house));
  const { resolve } = encodeContext(house);
  const { platform } = house;
  const legacy = await connectors[endpoint.format](message, { endpoint, resolve, platform, limits, heardAt: trail.heardAt });
  const reply = trail.called(legacy);
  try {
    const source = await format.decode(reply, legacyArguments.tests);
    const output = await mapping.mapOut(source);
    trail.setAside = output.setAside;
    return { status: definition.status ?? 200, body: output.body, headers: [], problem: false };
  } catch (error) {
    throw error instanceof LegacyFaultError ? mapping.explain(error) : error;
  }
}

function readInput(call: OperationCall): RawInput {
  return {
    path: call.pathParameters,
    query: readQuery(call.request.query),
    body: call.operation.inBody ? readJsonBody(call.request) : undefined,
  };
}

function encodeContext({ settings, platform }: House): EncodeContext {
  return {
    resolve: ({ name }) => settings.references.get(name) ?? '',
    now: platform.now,
    random: platform.random,
  };
}

/** One handler turns errors into problems; what is not ours tells nothing. */
function problemAnswer(error: unknown, heard: ExchangeRequest, trail: Trail): Answer {
  const known = trail.failed(error instanceof SpeanError ? error : new SpeanError('adapter-failed', { cause: error }));
  return {
    status: known.status,
    body: problemDocument(known, heard.transactionId),
    headers: Object.entries(known.headers),
    problem: true,
  };
}
