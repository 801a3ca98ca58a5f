/**
 * A double of a pair of X-Road security servers, the consumer's and the provider's, for REST: what goes in on the
 * consumer's side, what the provider sees, and what comes back, as `X-Road` releases 7.2.2 to 7.8.0 do it. Signatures,
 * message logs and global configuration are not doubled; their visible effects (ids, request hash, size limit, unknown
 * members and services) are.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessPath, type EndpointRight, isGranted } from './access-path.ts';
import { Failure, faultBody, faultCode, faultStatus } from './failure.ts';
import { fromConsumer, fromProvider, type HeaderList, headerList, headerValue } from './headers.ts';
import { decodeParts, encodeParts } from './identifier.ts';
import { getOpenApi, listMethods } from './metaservices.ts';
import { CookieJar, callProvider, type ProviderRequest, type ProviderResponse, USER_AGENT } from './provider-client.ts';
import { requestHash } from './request-hash.ts';
import { type ConsumerTarget, providerUrl, readConsumerTarget } from './target.ts';
import type { Version } from './version.ts';

export interface Service {
  /** `INSTANCE/CLASS/MEMBER/SUBSYSTEM/serviceCode`. */
  readonly id: string;
  readonly url: string;
  readonly descriptionUrl?: string;
  readonly disabled?: boolean;
  /** Clients that may call; everyone registered where it is left out. */
  readonly allowed?: readonly string[];
  /** Rights to endpoints instead of the whole service. */
  readonly endpoints?: readonly EndpointRight[];
  /** The service timeout, seconds: for silence on the socket; 0 is none (contract 1.6). */
  readonly timeoutSeconds?: number;
}

export interface SecurityServerOptions {
  readonly services: readonly Service[];
  /** Registered clients. */
  readonly clients: readonly string[];
  readonly version?: Version;
  /** Largest body of a request or response that the message log takes, bytes (contract 1.6). */
  readonly messageLogLimitBytes?: number;
  /** A free one where it is left out. */
  readonly port?: number;
}

/** One exchange: what the consumer asked, what the provider was sent and answered, what the consumer got. */
export interface ExchangeRecord {
  readonly asked: {
    readonly method: string;
    readonly target: string;
    readonly headers: HeaderList;
    readonly body: Buffer;
  };
  sent?: ProviderRequest;
  answered?: ProviderResponse;
  got?: ProviderResponse;
}

export interface SecurityServer {
  readonly url: string;
  /** Oldest first. */
  readonly log: readonly ExchangeRecord[];
  close(): Promise<void>;
}

const DEFAULT_VERSION: Version = '7.4.2';
const SERVICE_TIMEOUT_SECONDS = 60;
const MESSAGE_LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Starts the pair on this machine; consumers call `url` + `/r1/…`. */
export async function startSecurityServer(options: SecurityServerOptions): Promise<SecurityServer> {
  const log: ExchangeRecord[] = [];
  const pair = new ServerPair(options);
  const server = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const asked = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: headerList(request.rawHeaders),
      body: Buffer.concat(parts),
    };
    const record: ExchangeRecord = { asked };
    log.push(record);
    record.got = await pair.exchange(record);
    writeResponse(request, response, record.got);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function writeResponse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, reason, headers, body }: ProviderResponse,
): void {
  const bare = request.method === 'HEAD' || status === 204 || status === 304;
  const length = bare ? [] : (['Content-Length', String(body.length)] as const);
  response.writeHead(status, reason, [...headers.flat(), ...length]);
  response.end(bare ? undefined : body);
}

class ServerPair {
  readonly #options: SecurityServerOptions;
  readonly #version: Version;
  readonly #jar = new CookieJar();

  constructor(options: SecurityServerOptions) {
    this.#options = options;
    this.#version = options.version ?? DEFAULT_VERSION;
  }

  /** The way of one call through both servers. What a server itself refuses carries `X-Road-Error` (contract 1.8). */
  async exchange(record: ExchangeRecord): Promise<ProviderResponse> {
    try {
      return await this.#pass(record);
    } catch (error) {
      const failure =
        error instanceof Failure ? error : new Failure('server.clientproxy', 'internal_error', String(error));
      const { contentType, body } = faultBody(
        failure,
        this.#version,
        randomUUID(),
        headerValue(record.asked.headers, 'accept'),
      );
      const headers = [
        ['Content-Type', contentType],
        ['X-Road-Error', faultCode(failure, this.#version)],
      ] as const;
      return { status: faultStatus(failure), reason: '', headers, body: Buffer.from(body) };
    }
  }

  async #pass(record: ExchangeRecord): Promise<ProviderResponse> {
    const { method, target: url, headers, body } = record.asked;
    if (!METHODS.has(method)) throw new Failure('client', 'invalid_http_method', `Method ${method} is not supported`);
    const client = this.#client(headers);
    const target = readConsumerTarget(url);
    const forwarded = this.#forwarded(headers, client);
    const hash = requestHash(method, url, forwarded, body);
    this.#logged(body);
    const answered = (await this.#metaservice(method, target)) ?? (await this.#call(record, target, forwarded, client));
    this.#logged(answered.body);
    return {
      ...answered,
      headers: [...fromProvider(answered.headers), ...this.#added(forwarded, client, target, hash)],
    };
  }

  /** The client must be named, well-formed and registered (contract 1.3, 6). */
  #client(headers: HeaderList): string {
    const client = headerValue(headers, 'x-road-client');
    if (client === undefined) throw new Failure('client', 'missing_header', 'Required header X-Road-Client is missing');
    const parts = decodeParts(client);
    if (parts.length < 3 || parts.length > 4)
      throw new Failure('client', 'invalid_client_identifier', 'Malformed client identifier');
    const known = this.#options.clients.some((candidate) => decodeParts(candidate).join('\n') === parts.join('\n'));
    if (!known) throw new Failure('server.clientproxy', 'unknown_member', `Client '${client}' not found`);
    return client;
  }

  /** What both servers pass on: the consumer's headers but a few, with ids (contract 1.3). */
  #forwarded(headers: HeaderList, client: string): HeaderList {
    const kept = fromConsumer(headers);
    const [instance = ''] = decodeParts(client);
    const id =
      headerValue(kept, 'x-road-id') === undefined ? [['x-road-id', `${instance}-${randomUUID()}`] as const] : [];
    return [...kept, ...id, ['x-road-request-id', randomUUID()]];
  }

  #added(forwarded: HeaderList, client: string, { service }: ConsumerTarget, hash: string): HeaderList {
    return [
      ['x-road-id', headerValue(forwarded, 'x-road-id') ?? ''],
      ['x-road-client', encodeParts(decodeParts(client))],
      ['x-road-service', encodeParts(decodeParts(service))],
      ['x-road-request-id', headerValue(forwarded, 'x-road-request-id') ?? ''],
      ['x-road-request-hash', hash],
    ];
  }

  /** Intercepted for GET only; a service of such a code would be shadowed (contract 3.4). */
  async #metaservice(method: string, { service, path, query }: ConsumerTarget): Promise<ProviderResponse | undefined> {
    if (method !== 'GET' || path !== '') return undefined;
    const parts = decodeParts(service);
    const subsystem = parts.slice(0, 4).join('/');
    if (parts[4] === 'listMethods') return listMethods(this.#options.services, subsystem);
    if (parts[4] === 'getOpenAPI') return getOpenApi(this.#options.services, subsystem, query);
    return undefined;
  }

  async #call(
    record: ExchangeRecord,
    target: ConsumerTarget,
    forwarded: HeaderList,
    client: string,
  ): Promise<ProviderResponse> {
    const { method, body } = record.asked;
    const service = this.#service(target, client, method);
    const url = providerUrl(service.url, target);
    record.sent = {
      method,
      url,
      headers: this.#providerHeaders(url, forwarded, method, body),
      body: WITH_BODY.has(method) ? body : undefined,
    };
    record.answered = await callProvider(record.sent, (service.timeoutSeconds ?? SERVICE_TIMEOUT_SECONDS) * 1000);
    this.#jar.store(url, record.answered.headers);
    return record.answered;
  }

  #service({ service: id, path }: ConsumerTarget, client: string, method: string): Service {
    const wanted = decodeParts(id).join('/');
    const service = this.#options.services.find((candidate) => candidate.id === wanted);
    if (service === undefined) throw new Failure('server.serverproxy', 'unknown_service', `Unknown service: ${wanted}`);
    if (service.allowed !== undefined && !service.allowed.includes(client)) {
      throw new Failure('server.serverproxy', 'access_denied', `Request is not allowed: ${wanted}`);
    }
    const checked = accessPath(path, this.#version);
    if (service.endpoints !== undefined && !isGranted(service.endpoints, method, checked)) {
      throw new Failure('server.serverproxy', 'access_denied', `Request is not allowed: ${wanted}`);
    }
    if (service.disabled === true)
      throw new Failure('server.serverproxy', 'service_disabled', `Service ${wanted} is disabled: Out of order`);
    return service;
  }

  /** Added by the HTTP client (contract 1.3): bodies have a length even when they are empty; others have none. */
  #providerHeaders(url: string, forwarded: HeaderList, method: string, body: Buffer): HeaderList {
    const cookie = this.#jar.header(url);
    return [
      ...forwarded,
      ...(WITH_BODY.has(method) ? [['Content-Length', String(body.length)] as const] : []),
      ['Host', new URL(url).host],
      ['Connection', 'Keep-Alive'],
      ['User-Agent', USER_AGENT],
      ...(cookie === undefined ? [] : [['Cookie', cookie] as const]),
      ...(headerValue(forwarded, 'accept-encoding') === undefined
        ? [['Accept-Encoding', 'gzip,deflate'] as const]
        : []),
    ];
  }

  /** The message log refuses what is too large for it, on both ways, also after the provider has answered (contract 1.6). */
  #logged(body: Buffer): void {
    if (body.length > (this.#options.messageLogLimitBytes ?? MESSAGE_LOG_LIMIT_BYTES)) {
      throw new Failure('server.serverproxy', 'logging_failed', 'Message size exceeds maximum loggable size');
    }
  }
}
