/** What a security server makes of an OpenAPI document (contract 3.2). */
export interface ImportedService {
  readonly serviceUrl: string;
  /** Method and path, parameters as `*`. */
  readonly endpoints: readonly string[];
}

const DOCUMENT_CHARACTERS = 10 * 1024 * 1024;
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/**
 * A security server's import by the rules of contract 3.2, at its strictest release (7.2 takes 3.0 only). Throws what
 * it would refuse, warn about or need edited by hand afterwards.
 */
export function importIntoSecurityServer(text: string): ImportedService {
  if (text.length > DOCUMENT_CHARACTERS) throw new Error('The document is larger than 10 MiB');
  const document = JSON.parse(text);
  if (!String(document.openapi).startsWith('3.0')) throw new Error('unsupported_openapi_version');
  for (const reference of text.matchAll(/"\$ref":\s*"([^"]*)"/g)) {
    if (!reference[1]?.startsWith('#/')) throw new Error(`Reference out of the document: ${reference[1]}`);
  }
  const serviceUrl = document.servers?.[0]?.url;
  if (typeof serviceUrl !== 'string') throw new Error('No servers[0].url: the host alone would become the service URL');
  if (serviceUrl.includes('{')) throw new Error('A templated server URL is stored unresolved');
  if (serviceUrl.includes('?')) throw new Error('A path would be appended behind the query');
  const url = new URL(serviceUrl);
  if (!/^https?:$/.test(url.protocol) || serviceUrl.length > 255) throw new Error('invalid_service_url');
  return { serviceUrl, endpoints: endpointsOf(document.paths) };
}

function endpointsOf(paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string[] {
  const endpoints = Object.entries(paths).flatMap(([path, item]) => {
    for (const segment of path.split('/')) {
      if (segment.includes('{') && !/^\{[^{}]*\}$/.test(segment))
        throw new Error(`A parameter inside a segment: ${path}`);
    }
    const glob = path.replace(/\{[^/]*\}/g, '*');
    return METHODS.filter((method) => method in item).map((method) => `${method.toUpperCase()} ${glob}`);
  });
  const twice = endpoints.find((endpoint, index) => endpoints.indexOf(endpoint) !== index);
  if (twice !== undefined) throw new Error(`Two operations are the endpoint ${twice}`);
  return endpoints;
}
