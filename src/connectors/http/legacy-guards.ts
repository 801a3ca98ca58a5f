import type { AdapterDefinition, Endpoint, Reference } from '../../model/definition.ts';
import { createOpeningClock } from '../../model/opening-clock.ts';
import type { Platform } from '../../model/platform.ts';
import { type BreakerState, CircuitBreaker } from './circuit-breaker.ts';
import { ConcurrencyGate } from './concurrency-gate.ts';
import { createCredentials } from './create-credentials.ts';
import type { Credentials } from './credentials.ts';
import { ReplyCache } from './reply-cache.ts';

export interface EndpointNames {
  readonly adapter: string;
  readonly endpoint: string;
}

/** How one legacy endpoint is reached, and what stands before it. */
export interface EndpointGuards {
  /** The adapter's and the endpoint's name, as the definition has them. */
  readonly names: EndpointNames;
  readonly endpoint: Endpoint;
  readonly url: string;
  readonly platform: Platform;
  readonly credentials: Credentials;
  readonly breaker: CircuitBreaker;
  readonly gate: ConcurrencyGate;
  readonly cache: ReplyCache;
  /** Milliseconds until the legacy system opens, 0 while it is open. */
  readonly untilOpenMs: (now: number) => number;
}

/** What an operator may know of one legacy endpoint. */
export interface EndpointState extends EndpointNames {
  readonly breaker: BreakerState;
  readonly running: number;
  readonly queued: number;
  readonly open: boolean;
}

export interface GuardParts {
  readonly platform: Platform;
  readonly resolve: (reference: Reference) => string;
}

/**
 * The guards of every legacy endpoint of a deployment, made once at start. What they count and keep is that of one
 * isolate or process: several isolates each have their own.
 */
export class LegacyGuards {
  readonly #byEndpoint = new Map<Endpoint, EndpointGuards>();
  readonly #now: () => number;

  constructor(adapters: readonly AdapterDefinition[], parts: GuardParts) {
    this.#now = parts.platform.now;
    const cache = new ReplyCache();
    for (const { name, legacy } of adapters) {
      for (const [endpointName, endpoint] of Object.entries(legacy)) {
        const names = { adapter: name, endpoint: endpointName };
        this.#byEndpoint.set(endpoint, endpointGuards(names, endpoint, cache, parts));
      }
    }
  }

  /** `endpoint` is one of the adapters', the very object. */
  of(endpoint: Endpoint): EndpointGuards {
    const guards = this.#byEndpoint.get(endpoint);
    if (guards === undefined) throw new Error('The endpoint is none of the adapters that the guards were made for');
    return guards;
  }

  /** Every endpoint, in the order of the adapters. */
  states(): readonly EndpointState[] {
    const now = this.#now();
    return [...this.#byEndpoint.values()].map(({ names, breaker, gate, untilOpenMs }) => ({
      ...names,
      breaker: breaker.state(now),
      running: gate.running,
      queued: gate.queued,
      open: untilOpenMs(now) === 0,
    }));
  }
}

function endpointGuards(
  names: EndpointNames,
  endpoint: Endpoint,
  cache: ReplyCache,
  { platform, resolve }: GuardParts,
): EndpointGuards {
  const url = resolve(endpoint.endpoint);
  return {
    names,
    endpoint,
    url,
    platform,
    credentials: createCredentials(endpoint.auth, { url, platform, resolve }),
    breaker: new CircuitBreaker(),
    gate: new ConcurrencyGate(platform),
    cache,
    untilOpenMs: endpoint.hours === undefined ? () => 0 : createOpeningClock(endpoint.hours),
  };
}
