import { type CapnpStruct, CapnpWord, embed } from './capnp-text.ts';
import type { Installation, ListenerTls } from './installation.ts';
import type { OutgoingOrigin } from './outgoing-origins.ts';

/** What is the same on every machine, read from wrangler.toml when the directory is built. */
export interface Deployment {
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly objects: readonly ObjectClass[];
}

/** Durable Objects of one class, as wrangler.toml binds them. */
export interface ObjectClass {
  readonly binding: string;
  readonly className: string;
}

/** The scheme that the security server called by, told to the worker behind the front. */
const SCHEME_HEADER = 'x-forwarded-proto';

const NO_OPTIONS: CapnpStruct = {};

/**
 * Where workerd's own "internet" is not taken away, it is open to every public address, and no start succeeds on a
 * machine without certificate authorities.
 */
export const NO_INTERNET: CapnpStruct = { name: 'internet', network: { allow: [] } };

/**
 * The front's configuration: the TLS listener and the operations listener. Where the worker and the control socket are
 * is said on the command line (`-e worker=…`, `-s control=…`).
 */
export function frontConfiguration(installation: Installation, deployment: Deployment): CapnpStruct {
  const front = workerService('front', 'front.js', deployment, {
    bindings: [{ name: 'WORKER', service: 'worker' }],
  });
  return {
    services: [NO_INTERNET, front, { name: 'worker', external: { http: { forwardedProtoHeader: SCHEME_HEADER } } }],
    sockets: [
      {
        name: 'public',
        address: installation.listen,
        https: { options: NO_OPTIONS, tlsOptions: listenerTls(installation.tls) },
        service: 'front',
      },
      entrypoint('operations', { address: installation.operationsListen }),
      entrypoint('control', {}),
    ],
  };
}

function entrypoint(name: string, where: CapnpStruct): CapnpStruct {
  return { name, ...where, http: NO_OPTIONS, service: { name: 'front', entrypoint: name } };
}

/** workerd's TLS is rustls: forward-secret AEAD suites only, so there is no cipher list to set. */
function listenerTls({ certificateChain, privateKey, clientAnchors }: ListenerTls): CapnpStruct {
  return {
    keypair: { privateKey, certificateChain },
    minVersion: new CapnpWord('tls1Dot2'),
    ...(clientAnchors.length > 0 && { requireClientCerts: true, trustedCertificates: clientAnchors }),
  };
}

/**
 * The worker's configuration: the same bundle as at the edge, its Durable Objects on disk, and a way out that leads to
 * the declared servers and nowhere else. Where storage and socket are is said on the command line (`-d storage=…`,
 * `-s worker=…`).
 */
export function workerConfiguration(installation: Installation, deployment: Deployment): CapnpStruct {
  return {
    services: workerServices(installation, deployment),
    sockets: [{ name: 'worker', http: { forwardedProtoHeader: SCHEME_HEADER }, service: 'worker' }],
  };
}

/** The worker's configuration without its socket, for `workerd test`: passes when workerd can load all of it. */
export function loadConfiguration(installation: Installation, deployment: Deployment): CapnpStruct {
  const loads = workerService('loads', 'loads.js', deployment, {});
  return { services: [...workerServices(installation, deployment), loads] };
}

function workerServices(installation: Installation, deployment: Deployment): CapnpStruct[] {
  const { objects } = deployment;
  const worker = workerService('worker', 'worker.js', deployment, {
    bindings: [
      ...[...installation.variables].map(([name, text]) => ({ name, text })),
      ...objects.map(({ binding, className }) => ({ name: binding, durableObjectNamespace: className })),
    ],
    globalOutbound: 'outgoing',
    durableObjectNamespaces: objects.map(({ className }) => ({
      className,
      // Part of the path under which objects are stored: a changed key would lose them.
      uniqueKey: `spean-${className}`,
      enableSql: true,
    })),
    durableObjectStorage: { localDisk: 'storage' },
  });
  return [
    worker,
    NO_INTERNET,
    { name: 'storage', disk: { writable: true } },
    outgoingService(installation.origins, deployment),
    ...installation.origins.map((origin, index) => ({ name: serverName(index), network: networkOf(origin) })),
  ];
}

function outgoingService(origins: readonly OutgoingOrigin[], deployment: Deployment): CapnpStruct {
  const bindingOf = Object.fromEntries(origins.map(({ origin }, index) => [origin, serverName(index)]));
  return workerService('outgoing', 'outgoing.js', deployment, {
    bindings: [
      { name: 'ORIGINS', json: JSON.stringify(bindingOf) },
      ...origins.map((_, index) => ({ name: serverName(index), service: serverName(index) })),
    ],
  });
}

function serverName(index: number): string {
  return `server-${index + 1}`;
}

/** Names are resolved anew for every connection; a legacy system may stand on any network, this machine's own included. */
function networkOf({ origin, authorities, client }: OutgoingOrigin): CapnpStruct {
  const allow = ['public', 'private'];
  if (origin.startsWith('http:')) return { allow };
  return {
    allow,
    tlsOptions: {
      ...(authorities === undefined ? { trustBrowserCas: true } : { trustedCertificates: pemBlocks(authorities) }),
      ...(client !== undefined && { keypair: { ...client } }),
    },
  };
}

function pemBlocks(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** A service that runs one module of the built directory. */
export function workerService(
  name: string,
  module: string,
  { compatibilityDate, compatibilityFlags }: Deployment,
  rest: CapnpStruct,
): CapnpStruct {
  return {
    name,
    worker: {
      modules: [{ name: module, esModule: embed(`/${module}`) }],
      compatibilityDate,
      compatibilityFlags,
      ...rest,
    },
  };
}
