import { recogniseOperator } from './access/recognise-operator.ts';
import type { EndpointState } from './connectors/http/legacy-guards.ts';
import { probe } from './connectors/http/probe.ts';
import type { House } from './mediate.ts';
import { SpeanError } from './model/errors.ts';
import type { JsonObject } from './model/json.ts';
import { EXPOSITION_TYPE, exposition, type Metric, type Sample } from './observe/exposition.ts';

/** From so many days on before the signing certificate expires, readiness and alerts warn. */
const CERTIFICATE_WARNING_DAYS = 30;

/** The operations endpoints, beside the adapters and not under any: a security server cannot reach them. */
export const OPERATIONS_PATHS = ['/ready', '/metrics'] as const;
export type OperationsPath = (typeof OPERATIONS_PATHS)[number];

/**
 * Answers an operations endpoint. Throws SpeanError `path-unknown` to whoever is not an operator, so that nobody learns
 * that there is something, and to requests that came through a security server.
 */
export async function answerOperations(
  path: OperationsPath,
  request: Request,
  address: string | undefined,
  house: House,
): Promise<Response> {
  if (request.headers.has('x-road-client') || !recogniseOperator(request.headers, address, house.settings)) {
    throw new SpeanError('path-unknown', { detail: 'No adapter of this name' });
  }
  if (path === '/metrics') return text(exposition([...house.metrics.collect(), ...gauges(house)]));
  const ready = await readiness(house, new URL(request.url).searchParams.has('probe'));
  return Response.json(ready, { status: ready.ready ? 200 : 503, headers: NO_STORE });
}

const NO_STORE = { 'cache-control': 'no-store, no-transform' };

function text(body: string): Response {
  return new Response(body, { headers: { ...NO_STORE, 'content-type': EXPOSITION_TYPE } });
}

/** What a house that has been opened cannot tell by itself: operations nobody called, a certificate that runs out. */
async function readiness(house: House, probing: boolean): Promise<JsonObject & { ready: boolean }> {
  const days = house.certificateDaysLeft();
  const warnings =
    days !== undefined && days <= CERTIFICATE_WARNING_DAYS ? [`The signing certificate expires in ${days} days`] : [];
  const mistakes = house.definitionMistakes().map((mistake) => ({ ...mistake }));
  return {
    ready: mistakes.length === 0 && (days === undefined || days >= 0),
    ...(mistakes.length > 0 && { mistakes }),
    adapters: [...house.catalogue.keys()],
    keys: house.publicKeySet.keys.map(({ kid, exp }) => ({ kid: kid ?? null, ...(exp !== undefined && { exp }) })),
    ...(days !== undefined && { certificateDaysLeft: days }),
    warnings,
    legacy: await legacyStates(house, probing),
  };
}

/** A legacy system that is left alone does not make the adapter unready: a restart would not mend it. */
async function legacyStates(
  { catalogue, encodeContext, legacyGuards, platform }: House,
  probing: boolean,
): Promise<JsonObject[]> {
  return Promise.all(
    legacyGuards.states().map(async (state) => {
      const endpoint = catalogue.get(state.adapter)?.definition.legacy[state.endpoint];
      const probed = probing && endpoint !== undefined && (await probe(endpoint, encodeContext.resolve, platform));
      return { ...state, ...probed };
    }),
  );
}

function gauges({ publicKeySet, certificateDaysLeft, legacyGuards }: House): Metric[] {
  const days = certificateDaysLeft();
  const keys = publicKeySet.keys.map(({ kid, alg }, index): Sample => {
    return { labels: { kid: String(kid), alg: String(alg), active: String(index === 0) }, value: 1 };
  });
  return [
    gauge('spean_signing_key_info', 'Published keys; the active one signs', keys),
    gauge(
      'spean_signing_certificate_days_left',
      'Whole days until the signing certificate expires',
      days === undefined ? [] : [{ labels: {}, value: days }],
    ),
    ...legacyGauges(legacyGuards.states()),
  ];
}

function legacyGauges(states: readonly EndpointState[]): Metric[] {
  const of = (value: (state: EndpointState) => number): Sample[] =>
    states.map((state) => ({ labels: { adapter: state.adapter, endpoint: state.endpoint }, value: value(state) }));
  return [
    gauge(
      'spean_legacy_breaker_open',
      '1 while a failing legacy endpoint is left alone, until a probe is answered',
      of(({ breaker }) => (breaker === 'closed' ? 0 : 1)),
    ),
    gauge(
      'spean_legacy_open',
      '1 at the opening hours of a legacy endpoint',
      of(({ open }) => (open ? 1 : 0)),
    ),
    gauge(
      'spean_legacy_calls_running',
      'Calls that a legacy endpoint has now',
      of(({ running }) => running),
    ),
    gauge(
      'spean_legacy_calls_queued',
      'Calls that wait for their turn now',
      of(({ queued }) => queued),
    ),
  ];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples };
}
