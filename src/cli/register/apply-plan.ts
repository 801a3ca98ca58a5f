import { CommandError } from '../shell.ts';
import { type CodeWithDetails, WarningsError } from './api-error.ts';
import { WHOLE_SERVICE } from './endpoints.ts';
import type { Endpoint, ManagementApi } from './management-api.ts';
import type { Plan, Step } from './plan.ts';
import { keyOf } from './read-state.ts';
import type { Wish } from './wish.ts';

/** What happens while a plan is applied. */
export interface Progress {
  readonly done: (step: Step) => void;
  /** The warnings are shown; true when the step shall be made all the same. */
  readonly accept: (step: Step, warnings: readonly CodeWithDetails[]) => Promise<boolean>;
}

/** A step was not made because its warnings were not accepted; what was done before it stays. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted';
}

/**
 * Makes the steps in their order. Throws ApiError where the security server refuses one, NotAccepted where its warnings
 * are not accepted, CommandError where the description turns out to be another than the adapter's. Whatever was done
 * until then stays, and the next plan goes on from there.
 */
export async function applyPlan({ steps }: Plan, wish: Wish, api: ManagementApi, progress: Progress): Promise<void> {
  for (const step of steps) {
    await acceptingWarnings(step, progress, (ignoreWarnings) => applyStep(step, wish, api, ignoreWarnings));
    progress.done(step);
    if (step.change.endsWith('description')) await requireEndpoints(wish, api);
  }
}

/** Warnings are ignored only after they were shown and accepted, and only for the step that they belong to. */
async function acceptingWarnings(
  step: Step,
  { accept }: Progress,
  make: (ignoreWarnings: boolean) => Promise<unknown>,
): Promise<void> {
  try {
    await make(false);
  } catch (error) {
    if (!(error instanceof WarningsError)) throw error;
    if (!(await accept(step, error.warnings))) throw new NotAccepted();
    await make(true);
  }
}

async function applyStep(step: Step, wish: Wish, api: ManagementApi, ignoreWarnings: boolean): Promise<unknown> {
  const { clientId, serviceId, serviceCode } = wish;
  switch (step.change) {
    case 'add description':
      return api.addDescription(clientId, step.url, serviceCode, ignoreWarnings);
    case 'move description':
      return api.moveDescription(await descriptionId(wish, api), step.to, serviceCode, ignoreWarnings);
    case 'refresh description':
      return api.refreshDescription(await descriptionId(wish, api), ignoreWarnings);
    case 'upload certificate':
      return wish.tlsCertificate && api.addTlsCertificate(clientId, wish.tlsCertificate.bytes);
    case 'set service':
      return api.updateService(serviceId, step.to, ignoreWarnings);
    case 'add endpoint': {
      const [method = '', path = ''] = step.endpoint.split(' ');
      return api.addEndpoint(serviceId, serviceCode, method, path);
    }
    case 'give access': {
      if (step.endpoint === WHOLE_SERVICE) return api.allowOnService(serviceId, step.serviceClients);
      const endpoints = await endpointsByKey(wish, api);
      return api.allowOnEndpoint(endpoints.get(step.endpoint)?.id ?? '', step.serviceClients);
    }
    case 'enable':
      return api.enableDescription(await descriptionId(wish, api));
  }
}

/** Asked for anew, as a description that was just added has its id only now. */
async function descriptionId({ clientId, serviceCode }: Wish, api: ManagementApi): Promise<string> {
  const descriptions = await api.serviceDescriptions(clientId);
  const found = descriptions.find(({ services }) => services.some(({ service_code }) => service_code === serviceCode));
  if (found !== undefined) return found.id;
  throw new CommandError(`Service ${serviceCode} has gone from the security server in the meantime: run this again`);
}

async function endpointsByKey({ serviceId }: Wish, api: ManagementApi): Promise<Map<string, Endpoint>> {
  const { endpoints = [] } = await api.service(serviceId);
  return new Map(endpoints.map((endpoint) => [keyOf(endpoint), endpoint]));
}

/** What the security server fetched may be an older deployment: its endpoints would be missing for good. */
async function requireEndpoints(wish: Wish, api: ManagementApi): Promise<void> {
  const present = await endpointsByKey(wish, api);
  const missing = wish.endpoints.filter((endpoint) => !present.has(endpoint));
  if (missing.length === 0) return;
  throw new CommandError(
    `The description at ${wish.descriptionUrl} has no ${missing.join(', no ')}: it is not this version of the adapter; deploy it, then run this again`,
  );
}
