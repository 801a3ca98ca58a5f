/**
 * A double of the management REST API of a security server (port 4000), as far as services are registered through it:
 * API keys and roles, rate limit, clients, descriptions, services, endpoints, access rights, warnings and errors, built
 * from what `X-Road` 7.2.2 to 7.8.0 do. It fetches and reads descriptions as they do, so that an adapter has to be up.
 * Not doubled: WSDL descriptions, members, keys and certificates, and YAML.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Client, Configuration } from './management-api/configuration.ts';
import { wholeService } from './management-api/configuration.ts';
import { createRateLimiter, DEFAULT_RATE_LIMIT, type RateLimit } from './management-api/rate-limit.ts';
import { Refusal } from './management-api/refusal.ts';
import { type Call, type Reply, ROUTES, type Role, type Route } from './management-api/routes.ts';
import type { Service } from './security-server/server.ts';

export interface ManagementApiOptions {
  /** Clients of the security server, `INSTANCE/CLASS/MEMBER/SUBSYSTEM`, with the codes of their local groups. */
  readonly clients: readonly {
    readonly id: string;
    readonly status?: string;
    readonly localGroups?: readonly string[];
  }[];
  /** Subsystems and global groups (`INSTANCE/CODE`) that the instance knows besides. */
  readonly subsystems?: readonly string[];
  readonly globalGroups?: readonly string[];
  /** The user who may make API keys: a system administrator of the machine. */
  readonly administrator?: { readonly user: string; readonly password: string };
  readonly rateLimit?: RateLimit;
  /** Seconds that a 429 names in Retry-After; it has none where this is left out. */
  readonly retryAfterSeconds?: number;
  /** A free one where it is left out. */
  readonly port?: number;
  /** PEM: the management port speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface ManagementApiDouble {
  /** `http://127.0.0.1:…`, or https with `tls`. */
  readonly url: string;
  /** Oldest first. */
  readonly log: readonly RequestRecord[];
  /** The state itself, to look at and to disturb. */
  readonly configuration: Configuration;
  /** A new key with these roles. */
  createApiKey(...roles: Role[]): string;
  /** The enabled services, as the double of the proxies takes them (`security-server/server.ts`). */
  services(): Service[];
  close(): Promise<void>;
}

const BASE_PATH = '/api/v1';
/** Files have a limit of their own, 10 MB, which none of the calls here comes near. */
const MAX_BODY_BYTES = 50 * 1024;

/** Starts it on this machine. */
export async function startManagementApi(options: ManagementApiOptions): Promise<ManagementApiDouble> {
  const now = options.now ?? Date.now;
  const configuration = configurationOf(options);
  const apiKeys = new Map<string, readonly Role[]>();
  const mayPass = createRateLimiter(options.rateLimit ?? DEFAULT_RATE_LIMIT, now);
  const log: RequestRecord[] = [];

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    if (!mayPass()) throw new Refusal(429);
    const url = new URL(request.url ?? '', 'http://management.test');
    if (request.method === 'POST' && url.pathname === `${BASE_PATH}/api-keys`) {
      return createKey(request, await readBody(request), options.administrator, apiKeys);
    }
    const roles = rolesOf(request.headers.authorization, apiKeys);
    const { route, id } = findRoute(request.method ?? '', url.pathname);
    if (!route.roles.some((role) => roles.includes(role))) throw new Refusal(403);
    const body = await readBody(request);
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    return route.answer({ configuration, id, query: url.searchParams, body: body as Call['body'], bytes, now });
  };

  const listener: RequestListener = (request, response) => {
    const write = ({ status, body }: Reply) => {
      log.push({ method: request.method ?? '', path: decodeURIComponent(request.url ?? ''), status });
      const retry = status === 429 && options.retryAfterSeconds !== undefined;
      const headers = {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(retry && { 'Retry-After': String(options.retryAfterSeconds) }),
      };
      respond(response, status, headers, body);
    };
    answer(request).then(write, (error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      write({ status: error.status, body: error.body });
    });
  };

  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    log,
    configuration,
    createApiKey: (...roles) => addKey(apiKeys, roles),
    services: () => configuration.clients.flatMap(enabledServices),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function configurationOf({ clients, subsystems = [], globalGroups = [] }: ManagementApiOptions): Configuration {
  let last = 0;
  const nextId = () => {
    last += 1;
    return String(last);
  };
  return {
    nextId,
    clients: clients.map(({ id, status = 'REGISTERED', localGroups = [] }) => ({
      id: id.replaceAll('/', ':'),
      status,
      localGroups: localGroups.map((code) => ({ id: nextId(), code })),
      descriptions: [],
      endpoints: [],
      rights: [],
      tlsCertificates: [],
    })),
    subsystems: [...subsystems, ...clients.map(({ id }) => id)].map((id) => id.replaceAll('/', ':')),
    globalGroups: globalGroups.map((id) => id.replaceAll('/', ':')),
  };
}

/** HTTP Basic of a system administrator, from this machine; the key is shown this once (contract 7). */
function createKey(
  request: IncomingMessage,
  roles: unknown,
  administrator: ManagementApiOptions['administrator'],
  apiKeys: Map<string, readonly Role[]>,
): Reply {
  const basic = administrator && btoa(`${administrator.user}:${administrator.password}`);
  if (basic === undefined || request.headers.authorization !== `Basic ${basic}`) throw new Refusal(401);
  if (!Array.isArray(roles) || roles.length === 0) throw new Refusal(400);
  return { status: 200, body: { id: apiKeys.size + 1, roles, key: addKey(apiKeys, roles) } };
}

function addKey(apiKeys: Map<string, readonly Role[]>, roles: readonly Role[]): string {
  const key = randomUUID();
  apiKeys.set(key, roles);
  return key;
}

function rolesOf(authorization: string | undefined, apiKeys: ReadonlyMap<string, readonly Role[]>): readonly Role[] {
  const [, key = ''] = /^X-Road-ApiKey token=(\S+)$/i.exec(authorization ?? '') ?? [];
  const roles = apiKeys.get(key);
  if (roles === undefined) throw new Refusal(401);
  return roles;
}

function findRoute(method: string, pathname: string): { route: Route; id: string } {
  for (const route of ROUTES) {
    const pattern = new RegExp(`^${BASE_PATH}${route.path.replace('{id}', '([^/]+)')}$`);
    const [, id = ''] = pattern.exec(pathname) ?? [];
    if (route.method === method && pattern.test(pathname)) return { route, id: decodeURIComponent(id) };
  }
  throw new Refusal(404);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  if (bytes.length > MAX_BODY_BYTES) throw new Refusal(413);
  if (bytes.length === 0) return {};
  if (request.headers['content-type'] === 'application/octet-stream') return bytes;
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Refusal(415);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Refusal(400);
  }
}

function respond(response: ServerResponse, status: number, headers: Record<string, string>, body: unknown): void {
  response.writeHead(status, headers).end(body === undefined ? undefined : JSON.stringify(body));
}

/** Rights for single endpoints and for groups are not what the double of the proxies knows: such clients are left out. */
function enabledServices(client: Client): Service[] {
  return client.descriptions
    .filter(({ disabled }) => !disabled)
    .map(({ url, service, type }) => ({
      id: `${client.id}:${service.service_code}`.replaceAll(':', '/'),
      url: service.url,
      ...(type === 'OPENAPI3' && { descriptionUrl: url }),
      timeoutSeconds: service.timeout,
      allowed: client.rights
        .filter((right) => right.type === 'SUBSYSTEM' && right.endpointId === wholeService(client, service).id)
        .map(({ serviceClientId }) => serviceClientId.replaceAll(':', '/')),
    }));
}
