import type { Endpoint, Reference } from '../../model/definition.ts';
import type { Platform } from '../../model/platform.ts';

/** How long a probe waits, milliseconds. */
const PROBE_TIMEOUT_MS = 5_000;

/** Whether something answers HTTP at a legacy endpoint; what it answers is not looked at. */
export interface Probe {
  readonly reachable: boolean;
  readonly milliseconds: number;
}

/** Asks an endpoint's address with HEAD and without credentials: any status is an answer. Never throws. */
export async function probe(
  { endpoint }: Endpoint,
  resolve: (reference: Reference) => string,
  { fetch, now }: Pick<Platform, 'fetch' | 'now'>,
): Promise<Probe> {
  const since = now();
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const request = new Request(resolve(endpoint), { method: 'HEAD', redirect: 'manual', signal });
  const reachable = await fetch(request).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
  return { reachable, milliseconds: now() - since };
}
