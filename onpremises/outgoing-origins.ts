import { authReferences } from '../src/model/auth-references.ts';
import type { AdapterDefinition } from '../src/model/definition.ts';

/** A server that the worker may call, by scheme, host and port, and how it is spoken to. */
export interface OutgoingOrigin {
  readonly origin: string;
  /** PEM of the authorities that may vouch for it; without, the ones that browsers trust. */
  readonly authorities?: string;
  /** The client certificate that it is shown. */
  readonly client?: ClientKeypair;
}

interface ClientKeypair {
  readonly certificateChain: string;
  readonly privateKey: string;
}

export interface OutgoingOrigins {
  readonly origins: readonly OutgoingOrigin[];
  /** Names of settings that say how an origin is spoken to. */
  readonly optionNames: readonly string[];
  readonly mistakes: readonly string[];
}

/** Addresses under which others reach this deployment; it never calls them. */
const OWN_ADDRESSES = ['SPEAN_PUBLIC_URL'];

/**
 * The servers that are declared: the endpoints of the adapters, where their credentials come from, and those of the worker's own settings (`SPEAN_…_URL`).
 * For an endpoint named X, `X_AUTHORITIES`, `X_CLIENT_CERTIFICATE` and `X_CLIENT_KEY` (PEM) say how it is spoken to.
 * An address that is missing or malformed is left out: the worker's own check tells about it.
 */
export function outgoingOrigins(
  values: ReadonlyMap<string, string>,
  adapters: readonly AdapterDefinition[],
): OutgoingOrigins {
  const endpoints = adapters.flatMap(({ legacy }) =>
    Object.values(legacy).flatMap(({ endpoint, auth }) =>
      [endpoint, ...authReferences(auth).urls].map(({ name }) => name),
    ),
  );
  const own = [...values.keys()].filter((name) => /^SPEAN_.*_URL$/.test(name) && !OWN_ADDRESSES.includes(name));
  const names = [...new Set([...endpoints, ...own])];
  const origins = new Map<string, OutgoingOrigin>();
  const mistakes: string[] = [];
  for (const name of names) {
    const url = URL.parse(values.get(name) ?? '');
    if (url === null) continue;
    const declared = readOrigin(name, url.origin, values, mistakes);
    const before = origins.get(url.origin);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(declared)) {
      mistakes.push(
        `${name} and another setting name the same server, and differ in authorities or client certificate`,
      );
    }
    origins.set(url.origin, declared);
  }
  return {
    origins: [...origins.values()],
    optionNames: names.flatMap((name) => Object.values(optionsOf(name))),
    mistakes,
  };
}

function optionsOf(name: string) {
  return {
    authorities: `${name}_AUTHORITIES`,
    certificate: `${name}_CLIENT_CERTIFICATE`,
    key: `${name}_CLIENT_KEY`,
  };
}

function readOrigin(
  name: string,
  origin: string,
  values: ReadonlyMap<string, string>,
  mistakes: string[],
): OutgoingOrigin {
  const options = optionsOf(name);
  const authorities = values.get(options.authorities);
  const certificateChain = values.get(options.certificate);
  const privateKey = values.get(options.key);
  for (const [option, value, block] of [
    [options.authorities, authorities, 'CERTIFICATE'],
    [options.certificate, certificateChain, 'CERTIFICATE'],
    [options.key, privateKey, 'PRIVATE KEY'],
  ] as const) {
    if (value !== undefined && !value.includes(`-----BEGIN ${block}-----`))
      mistakes.push(`${option} holds no ${block} in PEM`);
  }
  if ((certificateChain === undefined) !== (privateKey === undefined)) {
    mistakes.push(`${options.certificate} and ${options.key} belong together: one of them is not set`);
  }
  return {
    origin,
    ...(authorities !== undefined && { authorities }),
    ...(certificateChain !== undefined && privateKey !== undefined && { client: { certificateChain, privateKey } }),
  };
}
