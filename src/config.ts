import { authReferences } from './model/auth-references.ts';
import type { AdapterDefinition } from './model/definition.ts';
import type { JsonObject } from './model/json.ts';
import {
  type ClientKeys,
  type OperationsSettings,
  type SecurityServerMarks,
  type Settings,
  SettingsError,
  type SigningSettings,
} from './model/settings.ts';

/** The variables and secrets of a deployment, as the runtime hands them over. */
export type Environment = Readonly<Record<string, unknown>>;

/** The shortest path secret or token taken, characters: some 128 bits when it is random base64url. */
const SECRET_MIN_CHARACTERS = 22;

const IP_ADDRESS = /^[0-9a-fA-F.:]+$/;

/**
 * Reads the settings of a deployment: the `SPEAN_…` variables, and every variable and secret that the adapters refer
 * to. Throws SettingsError with every mistake at once; no message repeats a value.
 */
export function readSettings(environment: Environment, adapters: readonly AdapterDefinition[]): Settings {
  const mistakes: string[] = [];
  const reader = new SettingsReader(environment, mistakes);
  const production = reader.oneOf('SPEAN_ENVIRONMENT', ['production', 'development'], 'production') === 'production';
  const securityServer = readMarks(reader);
  if (production && Object.keys(securityServer).length === 0) {
    mistakes.push(
      'Nothing tells the security server from anyone else: set SPEAN_SECURITY_SERVER_CERTIFICATES, ' +
        'SPEAN_SECURITY_SERVER_ADDRESSES, SPEAN_PATH_SECRET or, behind a TLS front of your own that demands exactly its ' +
        'certificate, SPEAN_TLS_FRONT=pinned (or SPEAN_ENVIRONMENT=development for a machine of your own)',
    );
  }
  const publicUrl = reader.url('SPEAN_PUBLIC_URL');
  const settings: Settings = {
    production,
    provider: reader.matching('SPEAN_PROVIDER', /^[^/\s]+(\/[^/\s]+){3}$/, 'INSTANCE/CLASS/MEMBER/SUBSYSTEM'),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    securityServer,
    operations: readOperations(reader),
    signing: readSigning(reader),
    sealing: {
      whenSignerFails: reader.oneOf('SPEAN_WHEN_SIGNER_FAILS', ['refuse', 'unsigned'], 'refuse'),
      requestTarget: reader.oneOf('SPEAN_REQUEST_TARGET', ['plain', 'digest'], 'plain'),
      stateUserId: reader.oneOf('SPEAN_STATE_USER_ID', ['no', 'yes'], 'no') === 'yes',
    },
    clientKeys: readClientKeys(reader),
    outgoingBindings: readOutgoingBindings(reader, environment),
    references: readReferences(reader, adapters),
  };
  if (mistakes.length > 0) throw new SettingsError(mistakes);
  return Object.freeze(settings);
}

function readMarks(reader: SettingsReader): SecurityServerMarks {
  const addresses = reader.list('SPEAN_SECURITY_SERVER_ADDRESSES', IP_ADDRESS, 'IP addresses');
  const certificates = reader.list(
    'SPEAN_SECURITY_SERVER_CERTIFICATES',
    /^[0-9a-f]{64}$/,
    'SHA-256 fingerprints, 64 lower-case hex digits each',
  );
  const pathSecret = reader.secretText('SPEAN_PATH_SECRET');
  const pinnedByFront = reader.oneOf('SPEAN_TLS_FRONT', ['none', 'pinned'], 'none') === 'pinned';
  return {
    ...(pinnedByFront && { pinnedByFront }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(certificates === undefined ? {} : { certificates }),
    ...(pathSecret === undefined ? {} : { pathSecret }),
  };
}

function readOperations(reader: SettingsReader): OperationsSettings {
  const token = reader.secretText('SPEAN_OPERATIONS_TOKEN');
  const addresses = reader.list('SPEAN_OPERATIONS_ADDRESSES', IP_ADDRESS, 'IP addresses');
  return { ...(token === undefined ? {} : { token }), ...(addresses === undefined ? {} : { addresses }) };
}

function readSigning(reader: SettingsReader): SigningSettings {
  const certificateChain = reader.optional('SPEAN_CERTIFICATE_CHAIN');
  const url = reader.url('SPEAN_REMOTE_SIGNER_URL');
  return {
    active: reader.json('SPEAN_SIGNING_KEY', 'a JWK'),
    next: reader.jsonList('SPEAN_NEXT_KEYS'),
    retired: reader.jsonList('SPEAN_RETIRED_KEYS'),
    ...(certificateChain === undefined ? {} : { certificateChain }),
    ...(url === undefined ? {} : { remote: { url, token: reader.required('SPEAN_REMOTE_SIGNER_TOKEN') } }),
  };
}

/** `{"CAMBODIA/COM/1/SUB": {"keys": […]}}`. Whether the keys are any good shows when one is used. */
function readClientKeys(reader: SettingsReader): ReadonlyMap<string, ClientKeys> {
  const name = 'SPEAN_CLIENT_KEYS';
  const clients = Object.entries(reader.optional(name) === undefined ? {} : reader.json(name, 'an object of JWK sets'));
  for (const [client, set] of clients) {
    if (!Array.isArray((set as { keys?: unknown } | null)?.keys))
      reader.mistake(`${name} has no JWK set for ${client}`);
  }
  return new Map(clients as unknown as [string, ClientKeys][]);
}

/** `{"https://registry.internal": "REGISTRY"}`, where REGISTRY is a binding with a `fetch` of its own. */
function readOutgoingBindings(reader: SettingsReader, environment: Environment): ReadonlyMap<string, string> {
  const name = 'SPEAN_OUTGOING_BINDINGS';
  const bindings = Object.entries(
    reader.optional(name) === undefined ? {} : reader.json(name, 'an object from origin to binding'),
  );
  for (const [origin, binding] of bindings) {
    if (URL.parse(origin)?.origin !== origin)
      reader.mistake(`${name} has ${origin}, which is no origin (https://host:port)`);
    if (typeof (environment[String(binding)] as { fetch?: unknown } | undefined)?.fetch !== 'function') {
      reader.mistake(`${name} names ${binding} for ${origin}, and there is no such binding to fetch from`);
    }
  }
  return new Map(bindings as [string, string][]);
}

function readReferences(reader: SettingsReader, adapters: readonly AdapterDefinition[]): ReadonlyMap<string, string> {
  const references = new Map<string, string>();
  for (const adapter of adapters) {
    for (const endpoint of Object.values(adapter.legacy)) {
      references.set(endpoint.endpoint.name, reader.requiredUrl(endpoint.endpoint.name));
      const { urls, values } = authReferences(endpoint.auth);
      for (const { name } of urls) references.set(name, reader.requiredUrl(name));
      for (const { name } of values) references.set(name, reader.required(name));
    }
  }
  return references;
}

/** Reads variables and collects what is wrong with them, by name. */
class SettingsReader {
  readonly #environment: Environment;
  readonly #mistakes: string[];

  constructor(environment: Environment, mistakes: string[]) {
    this.#environment = environment;
    this.#mistakes = mistakes;
  }

  /** The same variable may be read for several adapters; its mistake is told once. */
  mistake(text: string): void {
    if (!this.#mistakes.includes(text)) this.#mistakes.push(text);
  }

  optional(name: string): string | undefined {
    const value = this.#environment[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) this.mistake(`${name} is not set`);
    return value ?? '';
  }

  /** A secret that a person makes up: long enough, and of characters that need no escaping anywhere. */
  secretText(name: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && (value.length < SECRET_MIN_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(value))) {
      this.mistake(
        `${name} is not at least ${SECRET_MIN_CHARACTERS} characters of A-Z a-z 0-9 _ -: make one with "openssl rand -hex 16"`,
      );
    }
    return value;
  }

  oneOf<const V extends string>(name: string, values: readonly V[], fallback: V): V {
    const value = this.optional(name) ?? fallback;
    const known = values.find((candidate) => candidate === value);
    if (known === undefined) this.mistake(`${name} is none of ${values.join(', ')}`);
    return known ?? fallback;
  }

  matching(name: string, pattern: RegExp, expected: string): string {
    const value = this.required(name);
    if (value !== '' && !pattern.test(value)) this.mistake(`${name} is not of the form ${expected}`);
    return value;
  }

  list(name: string, pattern: RegExp, expected: string): readonly string[] | undefined {
    const items = this.optional(name)
      ?.split(',')
      .map((item) => item.trim());
    if (items?.some((item) => !pattern.test(item)))
      this.mistake(`${name} is not a comma-separated list of ${expected}`);
    return items;
  }

  url(name: string): string | undefined {
    return this.optional(name) === undefined ? undefined : this.requiredUrl(name);
  }

  requiredUrl(name: string): string {
    const value = this.required(name);
    const url = value === '' ? undefined : URL.parse(value);
    if (value !== '' && (url === null || !['http:', 'https:'].includes(url?.protocol ?? ''))) {
      this.mistake(`${name} is not an http or https URL`);
    }
    if (url?.username || url?.password) this.mistake(`${name} holds credentials: declare them as auth of the endpoint`);
    return value;
  }

  json(name: string, expected: string): JsonObject {
    const value = this.required(name);
    return value === '' ? {} : ((this.#parse(name, value, expected) as JsonObject | undefined) ?? {});
  }

  jsonList(name: string): readonly JsonObject[] {
    const value = this.optional(name);
    const parsed = value === undefined ? [] : this.#parse(name, value, 'a list of JWKs');
    if (Array.isArray(parsed)) return parsed as readonly JsonObject[];
    this.mistake(`${name} is not a list of JWKs`);
    return [];
  }

  /** JSON.parse's own message would quote the value, which may be a private key. */
  #parse(name: string, value: string, expected: string): object | undefined {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === 'object' && parsed !== null) return parsed;
    } catch {}
    this.mistake(`${name} is not ${expected} in JSON`);
    return undefined;
  }
}
