import { X509Certificate } from 'node:crypto';
import { allow, allServiceClients, candidates, type ServiceClient, serviceClientsOf } from './access-rights.ts';
import {
  type Client,
  type Configuration,
  type Description,
  endpointsOfService,
  findClient,
  findDescription,
  findEndpoint,
  findService,
  wholeService,
} from './configuration.ts';
import { addDescription, refreshDescription } from './descriptions.ts';
import { probeTls } from './probe-tls.ts';
import { isValidUrl } from './read-open-api.ts';
import { badRequest, conflict, Refusal, unlessIgnored } from './refusal.ts';

export type Role =
  | 'XROAD_SERVICE_ADMINISTRATOR'
  | 'XROAD_REGISTRATION_OFFICER'
  | 'XROAD_SECURITY_OFFICER'
  | 'XROAD_SYSTEM_ADMINISTRATOR';

export interface Call {
  readonly configuration: Configuration;
  /** Path parameters, decoded. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** A body that is a file. */
  readonly bytes: Buffer;
  readonly now: () => number;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly method: string;
  /** `{id}` is one segment. */
  readonly path: string;
  readonly roles: readonly Role[];
  readonly answer: (call: Call) => Reply | Promise<Reply>;
}

const SERVICES: readonly Role[] = ['XROAD_SERVICE_ADMINISTRATOR'];
const CLIENTS: readonly Role[] = [...SERVICES, 'XROAD_REGISTRATION_OFFICER', 'XROAD_SECURITY_OFFICER'];
const METHODS = new Set(['*', 'GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE']);
const MAX_TIMEOUT_SECONDS = 1000;

/** The calls that register a service (contract 7). */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/clients', roles: CLIENTS, answer: findClients },
  { method: 'GET', path: '/clients/{id}', roles: CLIENTS, answer: getClient },
  { method: 'GET', path: '/clients/{id}/service-descriptions', roles: SERVICES, answer: listDescriptions },
  { method: 'POST', path: '/clients/{id}/service-descriptions', roles: SERVICES, answer: addServiceDescription },
  { method: 'GET', path: '/clients/{id}/service-clients', roles: SERVICES, answer: listClientsServiceClients },
  { method: 'GET', path: '/clients/{id}/service-client-candidates', roles: SERVICES, answer: listCandidates },
  { method: 'GET', path: '/clients/{id}/tls-certificates', roles: SERVICES, answer: listCertificates },
  { method: 'POST', path: '/clients/{id}/tls-certificates', roles: SERVICES, answer: addCertificate },
  { method: 'PATCH', path: '/service-descriptions/{id}', roles: SERVICES, answer: updateServiceDescription },
  { method: 'PUT', path: '/service-descriptions/{id}/refresh', roles: SERVICES, answer: refreshServiceDescription },
  { method: 'PUT', path: '/service-descriptions/{id}/enable', roles: SERVICES, answer: enableServiceDescription },
  { method: 'PUT', path: '/service-descriptions/{id}/disable', roles: SERVICES, answer: disableServiceDescription },
  { method: 'GET', path: '/services/{id}', roles: SERVICES, answer: getService },
  { method: 'PATCH', path: '/services/{id}', roles: SERVICES, answer: updateService },
  { method: 'POST', path: '/services/{id}/endpoints', roles: SERVICES, answer: addEndpoint },
  { method: 'GET', path: '/services/{id}/service-clients', roles: SERVICES, answer: listServiceClients },
  { method: 'POST', path: '/services/{id}/service-clients', roles: SERVICES, answer: allowOnService },
  { method: 'GET', path: '/endpoints/{id}/service-clients', roles: SERVICES, answer: listEndpointClients },
  { method: 'POST', path: '/endpoints/{id}/service-clients', roles: SERVICES, answer: allowOnEndpoint },
];

/** Every part is a search string: found anywhere, in any case. */
function findClients({ configuration, query }: Call): Reply {
  const names = ['instance', 'member_class', 'member_code', 'subsystem_code'];
  const found = configuration.clients.filter(({ id }) => {
    const parts = id.toLowerCase().split(':');
    return names.every((name, index) => (parts[index] ?? '').includes((query.get(name) ?? '').toLowerCase()));
  });
  return { status: 200, body: found.map(clientBody) };
}

function getClient({ configuration, id }: Call): Reply {
  return { status: 200, body: clientBody(findClient(configuration, id)) };
}

function listDescriptions({ configuration, id }: Call): Reply {
  const client = findClient(configuration, id);
  return { status: 200, body: client.descriptions.map((description) => descriptionBody(client, description)) };
}

async function addServiceDescription(call: Call): Promise<Reply> {
  const { configuration, id, body, now } = call;
  const type = text(body, 'type');
  if (type !== 'OPENAPI3' && type !== 'REST') throw badRequest('wrong_servicedescription_type', type);
  if (typeof body.rest_service_code !== 'string') throw badRequest('missing_parameter', 'Missing ServiceCode');
  const client = findClient(configuration, id);
  const wanted = { url: text(body, 'url'), serviceCode: code(body), ignoreWarnings: flag(body) };
  const description = await addDescription(configuration, client, type, wanted, now);
  return { status: 201, body: descriptionBody(client, description) };
}

function listClientsServiceClients({ configuration, id }: Call): Reply {
  return { status: 200, body: allServiceClients(findClient(configuration, id)) };
}

function listCandidates({ configuration, id, query }: Call): Reply {
  const client = findClient(configuration, id);
  return { status: 200, body: candidates(configuration, client, query.get('service_client_type')) };
}

function listCertificates({ configuration, id }: Call): Reply {
  return { status: 200, body: findClient(configuration, id).tlsCertificates.map(certificateBody) };
}

function addCertificate({ configuration, id, bytes }: Call): Reply {
  const { tlsCertificates } = findClient(configuration, id);
  const certificate = parseCertificate(bytes);
  if (tlsCertificates.some((one) => one.equals(certificate))) throw conflict('certificate_already_exists');
  tlsCertificates.push(certificate);
  return { status: 201, body: certificateBody(certificate) };
}

async function updateServiceDescription({ configuration, id, body, now }: Call): Promise<Reply> {
  const { client, description } = findDescription(configuration, id);
  text(body, 'type');
  const newCode = body.new_rest_service_code ?? body.rest_service_code;
  const serviceCode = typeof newCode === 'string' ? newCode : description.service.service_code;
  const wanted = { url: text(body, 'url'), serviceCode, ignoreWarnings: flag(body) };
  await refreshDescription(configuration, client, description, wanted, now);
  return { status: 200, body: descriptionBody(client, description) };
}

async function refreshServiceDescription({ configuration, id, body, now }: Call): Promise<Reply> {
  const { client, description } = findDescription(configuration, id);
  const { url, service } = description;
  const wanted = { url, serviceCode: service.service_code, ignoreWarnings: flag(body) };
  await refreshDescription(configuration, client, description, wanted, now);
  return { status: 200, body: descriptionBody(client, description) };
}

function enableServiceDescription({ configuration, id }: Call): Reply {
  findDescription(configuration, id).description.disabled = false;
  return { status: 204 };
}

function disableServiceDescription({ configuration, id, body }: Call): Reply {
  const { description } = findDescription(configuration, id);
  description.disabled = true;
  description.disabled_notice = String(body.disabled_notice ?? '');
  return { status: 204 };
}

function getService({ configuration, id }: Call): Reply {
  const { client, description } = findService(configuration, id);
  return { status: 200, body: serviceBody(client, description) };
}

async function updateService({ configuration, id, body }: Call): Promise<Reply> {
  const { client, description } = findService(configuration, id);
  const { url, timeout, ssl_auth: sslAuth } = body;
  if (typeof timeout !== 'number' || timeout < 0 || timeout > MAX_TIMEOUT_SECONDS) throw invalid('timeout', 'Range');
  if (typeof sslAuth !== 'boolean') throw invalid('sslAuth', 'NotNull');
  if (!isValidUrl(url)) throw badRequest('malformed_url', String(url));
  const isHttps = url.startsWith('https:');
  if (sslAuth && !isHttps) throw badRequest('invalid_https_url', url);
  if (sslAuth && !flag(body)) unlessIgnored(false, await probeTls(url, client.tlsCertificates));
  const { service } = description;
  service.url = url;
  service.timeout = timeout;
  if (isHttps) service.ssl_auth = sslAuth;
  else delete service.ssl_auth;
  if (description.type === 'REST') description.url = url;
  return { status: 200, body: serviceBody(client, description) };
}

function addEndpoint({ configuration, id, body }: Call): Reply {
  const { client, description } = findService(configuration, id);
  if (body.id !== undefined) throw new Refusal(400);
  const method = text(body, 'method');
  const path = text(body, 'path');
  if (!METHODS.has(method)) throw invalid('method', 'Enum');
  const present = endpointsOfService(client, description.service);
  if (present.some((one) => one.method === method && one.path === path)) throw conflict('endpoint_already_exists');
  const { service_code } = description.service;
  const endpoint = { id: configuration.nextId(), service_code, method, path, generated: false };
  client.endpoints.push(endpoint);
  return { status: 201, body: endpoint };
}

function listServiceClients({ configuration, id }: Call): Reply {
  const { client, description } = findService(configuration, id);
  return { status: 200, body: serviceClientsOf(client, wholeService(client, description.service).id) };
}

function allowOnService({ configuration, id, body, now }: Call): Reply {
  const { client, description } = findService(configuration, id);
  const endpoint = wholeService(client, description.service);
  allow(configuration, client, endpoint.id, items(body), now);
  return { status: 200, body: serviceClientsOf(client, endpoint.id) };
}

function listEndpointClients({ configuration, id }: Call): Reply {
  const { client, endpoint } = findEndpoint(configuration, id);
  return { status: 200, body: serviceClientsOf(client, endpoint.id) };
}

function allowOnEndpoint({ configuration, id, body, now }: Call): Reply {
  const { client, endpoint } = findEndpoint(configuration, id);
  allow(configuration, client, endpoint.id, items(body), now);
  return { status: 200, body: serviceClientsOf(client, endpoint.id) };
}

function clientBody({ id, status }: Client): object {
  const [instance_id, member_class, member_code, subsystem_code] = id.split(':');
  return { id, instance_id, member_class, member_code, subsystem_code, status, connection_type: 'HTTPS' };
}

function descriptionBody(client: Client, description: Description): object {
  const { service: _, ...own } = description;
  return { ...own, services: [serviceBody(client, description)], client_id: client.id };
}

function serviceBody(client: Client, { service }: Description): object {
  const id = `${client.id}:${service.service_code}`;
  const subjects_count = new Set(client.rights.map(({ serviceClientId }) => serviceClientId)).size;
  const endpoints = endpointsOfService(client, service);
  return { ...service, id, full_service_code: service.service_code, subjects_count, endpoints };
}

function certificateBody(certificate: Buffer): object {
  const { subject, fingerprint256 } = new X509Certificate(certificate);
  return { subject_distinguished_name: subject, hash: fingerprint256.replaceAll(':', '') };
}

function parseCertificate(bytes: Buffer): Buffer {
  try {
    return new X509Certificate(bytes).raw;
  } catch {
    throw badRequest('invalid_cert');
  }
}

function text(body: Call['body'], name: string): string {
  const value = body[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(name, 'NotNull');
}

function code(body: Call['body']): string {
  const value = text(body, 'rest_service_code');
  // Strict identifier checks, on in installations since 7.3.0 (contract 5)
  if (/^[A-Za-z0-9'()+,\-.=?]+$/.test(value)) return value;
  throw invalid('serviceDescriptionAdd.restServiceCode', 'IdentifierChars');
}

function flag(body: Call['body']): boolean {
  return body.ignore_warnings === true;
}

function items(body: Call['body']): ServiceClient[] {
  return Array.isArray(body.items) ? body.items : [];
}

function invalid(field: string, rule: string): Refusal {
  return new Refusal(400, { error: { code: 'validation_failure', validation_errors: { [field]: [rule] } } });
}
