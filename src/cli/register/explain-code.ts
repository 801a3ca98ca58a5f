/**
 * Errors of the management API, and of the way to it, in plain words: what it means, then what to do. The codes are
 * X-Road's own (contract 7), but for those of HTTP answers without a code and of answers that never came.
 */
const ERRORS: Readonly<Record<string, string>> = {
  not_reachable:
    'The security server cannot be reached: check the address and the port of its management API (4000 unless changed), and whether a firewall lets this machine in',
  tls_not_trusted:
    "The security server's TLS certificate is not trusted by this machine: copy /etc/xroad/ssl/proxy-ui-api.crt from the security server and give it with --ca, and reach the server by a name in that certificate",
  no_answer:
    'The security server has not answered in time: see its log proxy_ui_api.log, then run this again; what was done is seen and not done twice',
  too_many_requests:
    'The security server takes 20 requests a second and 600 a minute from one address, and has been busy too long: run this again later, what was done stays done',
  not_the_management_api:
    'What answers there is not the management API of a security server: check the address, with port 4000 unless changed',
  unauthorized:
    'The security server does not know the API key: it may be revoked, of another security server, or mistyped; make one as docs/register.md says',
  forbidden:
    'The API key may not do this: it needs the role XROAD_SERVICE_ADMINISTRATOR, and this machine an address that the security server lets use API keys',
  request_too_large: 'The security server takes no request over 50 KB: give fewer access rights at a time',
  internal_error:
    'The security server failed on its own: see its log proxy_ui_api.log, then run this again; what was done is seen and not done twice',

  client_not_found:
    'The security server has no such client: a registration officer adds the subsystem under Clients and registers it, then run this again',
  url_already_exists:
    'The client has a description with this address under another service code: delete that one in the security server, or give the adapter its service code',
  wsdl_exists:
    'The client has a WSDL description with this address: delete that one in the security server, or serve the adapter elsewhere',
  service_already_exists:
    'The client has a service of this code from another description: choose another serviceCode in the adapter, or delete that description',
  service_code_already_exists:
    'The client has a service of this code, upper and lower case taken as the same: choose another serviceCode in the adapter, or delete the other description',
  service_code_reserved:
    "The service code is a name of one of X-Road's own services: choose another serviceCode in the adapter",
  invalid_service_url:
    'The security server does not take the address of the service: it has to start with http:// or https://, name a host, and have 255 characters at the most',
  malformed_url:
    'The security server does not take the address: it has to start with http:// or https://, name a host, and have 255 characters at the most',
  invalid_https_url:
    'TLS verification needs an https:// address: give one with --url, or leave verification off with --no-verify-tls',
  openapi_parsing_error:
    "The security server could not fetch or read the OpenAPI description: it needs a GET of the description's address answered with 200 within 30 s, without a password, at most 10 MiB; try it with curl on the security server itself",
  openapi_file_not_found:
    "The security server found no OpenAPI description at the address: check --url, which names the adapter's own service URL",
  unsupported_openapi_version:
    'The security server takes OpenAPI 3.0, and 3.1.0 from X-Road 7.4 on: something else than Spean answers at the address',
  invalid_wsdl:
    'The security server took the description for a WSDL and could not read it: delete it there and run this again',
  wrong_servicedescription_type:
    'The description is of another type than OpenAPI 3: delete it in the security server and run this again',
  missing_parameter: 'The security server misses something in the request: its release may be older than 7.2',
  validation_failure:
    'The security server does not take a value: check the characters of the service code, the length of the address (255) and the timeout (0 to 1000 s)',
  service_not_found: 'The service has gone from the security server in the meantime: run this again',
  servicedescription_not_found: 'The description has gone from the security server in the meantime: run this again',
  endpoint_not_found: 'The endpoint has gone from the security server in the meantime: run this again',
  base_endpoint_not_found:
    'The service has lost the endpoint that stands for all of it: delete the description in the security server and run this again',
  endpoint_already_exists: 'The endpoint is there already: run this again, what is there is seen',
  duplicate_accessright:
    'The access right was given by someone else in the meantime: run this again, what is there is seen',
  service_client_not_found:
    'One who shall have access is not known to the security server: a subsystem has to be registered in the instance, a group has to exist',
  identifier_not_found: 'An identifier is not known to the security server: check spelling and case',
  local_group_not_found: 'The client has no such local group: make it in the security server under Local groups',
  global_conf_outdated:
    "The security server's global configuration is out of date: its administrator sees why under Diagnostics; run this again afterwards",
  invalid_cert: 'The security server does not take the certificate: give the one that the adapter shows, in PEM',
  certificate_already_exists:
    'The certificate was uploaded by someone else in the meantime: run this again, what is there is seen',
};

/** Warnings of the management API: what it means, what accepting it does. */
const WARNINGS: Readonly<Record<string, string>> = {
  openapi_validation_warnings:
    "The security server's parser finds the OpenAPI description not quite valid. Accepting imports it as it is; endpoints that the parser could not read are missing then. Descriptions by Spean cause none: see what serves the address",
  wsdl_validation_warnings:
    "The security server's validator finds the WSDL not quite valid. Accepting imports it as it is",
  adding_endpoints:
    'Endpoints come to the service, so that access can be given to each alone; clients with access to the whole service may call them anyway. Accepting adds them',
  deleting_endpoints:
    'Endpoints go from the service, and access rights that were given for them alone go too. Accepting does both; nothing brings the rights back',
  adding_services:
    'Services, or endpoints in releases that tell them so, come to the description; clients with access to the whole service may call new endpoints anyway. Accepting adds them',
  deleting_services:
    'Services, or endpoints in releases that tell them so, go from the description, and access rights to them go too. Accepting does both; nothing brings the rights back',
  internal_server_ssl_handshake_error:
    'With TLS verification on, the security server does not accept the certificate of the service: it has to be, byte for byte, one of those uploaded for the client under Internal servers, "Information system TLS certificate". Give it with --tls-certificate, or use --no-verify-tls. Accepting sets verification on all the same, and every call fails until the certificate is there',
  internal_server_ssl_error:
    'With TLS verification on, the security server could not try a TLS connection to the service at all: check that it reaches the host and port. Accepting sets verification on all the same',
};

/** An error in plain words. An unknown code is passed on: later releases have more. */
export function explainError(code: string): string {
  return ERRORS[code] ?? 'The security server refuses';
}

/** A warning in plain words. */
export function explainWarning(code: string): string {
  return WARNINGS[code] ?? 'The security server warns, in words of a later release';
}

/** Every code that has an explanation, for the tests and the documentation. */
export const EXPLAINED = { errors: Object.keys(ERRORS), warnings: Object.keys(WARNINGS) } as const;
