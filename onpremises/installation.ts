import { checkSettings } from '../src/check-settings.ts';
import type { AdapterDefinition } from '../src/model/definition.ts';
import { type Settings, SettingsError } from '../src/model/settings.ts';
import { clientPins, serverCertificateMistakes } from './check-tls.ts';
import { type OutgoingOrigin, outgoingOrigins } from './outgoing-origins.ts';
import type { WrittenSettings } from './settings-text.ts';

const DEFAULT_LISTEN = '*:8443';
const DEFAULT_OPERATIONS_LISTEN = '127.0.0.1:8481';
const MAX_PORT = 65_535;

/** Settings of the installation itself; the worker is not told them. */
const OWN_NAMES = [
  'SPEAN_LISTEN',
  'SPEAN_OPERATIONS_LISTEN',
  'SPEAN_TLS_CERTIFICATE',
  'SPEAN_TLS_KEY',
  'SPEAN_TLS_CLIENT_CERTIFICATES',
] as const;

/** One machine's installation, checked: what the configurations of front and worker are made of. */
export interface Installation {
  /** `address:port` for the security server, and for operators. */
  readonly listen: string;
  readonly operationsListen: string;
  readonly tls: ListenerTls;
  readonly origins: readonly OutgoingOrigin[];
  /** Variables and secrets of the worker, by name. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface ListenerTls {
  readonly certificateChain: string;
  readonly privateKey: string;
  /** What to trust so that exactly the pinned client certificates are accepted; none: no client certificate is demanded. */
  readonly clientAnchors: readonly string[];
}

/**
 * Checks all that was written down, as the start does. `now` in milliseconds since the epoch. Throws SettingsError with
 * every mistake at once; none repeats a value.
 */
export async function readInstallation(
  { values, mistakes: writing }: WrittenSettings,
  adapters: readonly AdapterDefinition[],
  now: number,
): Promise<Installation> {
  const mistakes = [...writing, ...misplacedMistakes(values)];
  const clientCertificates = values.get('SPEAN_TLS_CLIENT_CERTIFICATES');
  const pins = clientCertificates === undefined ? undefined : clientPins(clientCertificates, now);
  mistakes.push(...(await listenerMistakes(values, now)), ...(pins?.mistakes ?? []));

  const outgoing = outgoingOrigins(values, adapters);
  mistakes.push(...outgoing.mistakes);
  const taken = new Set<string>([...OWN_NAMES, ...outgoing.optionNames]);
  const variables = new Map([...values].filter(([name]) => !taken.has(name)));
  if (pins !== undefined) variables.set('SPEAN_TLS_FRONT', 'pinned');
  mistakes.push(...(await workerMistakes(variables, adapters)));

  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return {
    listen: values.get('SPEAN_LISTEN') ?? DEFAULT_LISTEN,
    operationsListen: values.get('SPEAN_OPERATIONS_LISTEN') ?? DEFAULT_OPERATIONS_LISTEN,
    tls: {
      certificateChain: values.get('SPEAN_TLS_CERTIFICATE') ?? '',
      privateKey: values.get('SPEAN_TLS_KEY') ?? '',
      clientAnchors: pins?.anchors ?? [],
    },
    origins: outgoing.origins,
    variables,
  };
}

/** Settings that mean something elsewhere, and would be believed to mean something here. */
function misplacedMistakes(values: ReadonlyMap<string, string>): string[] {
  const mistakes: string[] = [];
  if (values.has('SPEAN_SECURITY_SERVER_CERTIFICATES')) {
    mistakes.push(
      'SPEAN_SECURITY_SERVER_CERTIFICATES is for the edge, where the worker sees the certificate: on premises put the ' +
        'certificate itself into SPEAN_TLS_CLIENT_CERTIFICATES',
    );
  }
  if (values.has('SPEAN_TLS_FRONT')) {
    mistakes.push('SPEAN_TLS_FRONT is set by the start itself, where SPEAN_TLS_CLIENT_CERTIFICATES is: leave it out');
  }
  return mistakes;
}

async function listenerMistakes(values: ReadonlyMap<string, string>, now: number): Promise<string[]> {
  const chain = values.get('SPEAN_TLS_CERTIFICATE');
  const key = values.get('SPEAN_TLS_KEY');
  const missing = Object.entries({ SPEAN_TLS_CERTIFICATE: chain, SPEAN_TLS_KEY: key }).flatMap(([name, value]) =>
    value === undefined ? [`${name} is not set: the listener has no TLS without it`] : [],
  );
  const addresses = ['SPEAN_LISTEN', 'SPEAN_OPERATIONS_LISTEN'].flatMap((name) => {
    const value = values.get(name);
    const [, port] = /^(?:\*|[0-9.]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(value ?? '*:1') ?? [];
    const isPort = Number(port) >= 1 && Number(port) <= MAX_PORT;
    return isPort ? [] : [`${name} is not *:port, IPv4:port or [IPv6]:port, with a port from 1 to ${MAX_PORT}`];
  });
  const pair = chain === undefined || key === undefined ? [] : await serverCertificateMistakes(chain, key, now);
  return [...missing, ...pair, ...addresses];
}

/** What the worker itself would refuse to start for, and names that it would never ask for: mostly misspelt ones. */
async function workerMistakes(
  variables: ReadonlyMap<string, string>,
  adapters: readonly AdapterDefinition[],
): Promise<string[]> {
  const asked = new Set<string>();
  const environment = new Proxy(Object.fromEntries(variables), {
    get: (target, name) => {
      asked.add(String(name));
      return target[String(name)];
    },
  });
  const mistakes = await checkSettings(environment, adapters).then(
    (_: Settings): readonly string[] => [],
    (error: unknown) => {
      if (error instanceof SettingsError) return error.mistakes;
      throw error;
    },
  );
  const unknown = [...variables.keys()].filter((name) => !asked.has(name));
  return [
    ...mistakes.map(ofThisPlace),
    ...unknown.map((name) => `${name} is set, and nothing here reads a setting of this name`),
  ];
}

const NO_MARK = 'Nothing tells the security server from anyone else: set ';

/** The worker's own words for a missing mark name settings of the edge, which are refused here. */
function ofThisPlace(mistake: string): string {
  if (!mistake.startsWith(NO_MARK)) return mistake;
  return `${NO_MARK}SPEAN_TLS_CLIENT_CERTIFICATES, or SPEAN_PATH_SECRET with SPEAN_SECURITY_SERVER_ADDRESSES`;
}
