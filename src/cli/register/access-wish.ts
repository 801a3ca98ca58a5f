import type { AdapterDefinition } from '../../model/definition.ts';
import { parseIdentifier } from '../../model/identifiers.ts';
import { CommandError } from '../shell.ts';
import { endpointKey, operationEndpoint } from './endpoints.ts';
import type { ServiceClient, ServiceClientType } from './management-api.ts';

/** One who shall have access, and to what. */
export interface AccessWish {
  /** As it was written, without the operations. */
  readonly name: string;
  readonly type: ServiceClientType;
  /** The id of the management API: parts between colons; a local group's code, as its number is the API's own. */
  readonly id: string;
  /** Endpoints (`GET /companies/*`); undefined: the whole service. */
  readonly endpoints?: readonly string[];
}

const LOCAL_GROUP = 'local-group:';
const GLOBAL_GROUP = 'global-group:';
const METHOD_AND_PATH = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|\*) (\/\S*)$/;

/**
 * Reads `INSTANCE/CLASS/MEMBER/SUBSYSTEM`, `local-group:CODE` or `global-group:INSTANCE/CODE`, with `#` and operations
 * of the adapter, or `METHOD /path`, between commas where it is not the whole service. Throws CommandError.
 */
export function readAccessWish(text: string, adapter: AdapterDefinition): AccessWish {
  const [name = '', operations] = splitOnce(text, '#');
  return {
    name,
    ...readServiceClient(name),
    ...(operations !== undefined && {
      endpoints: operations.split(',').map((operation) => readEndpoint(operation.trim(), adapter)),
    }),
  };
}

function readServiceClient(name: string): { type: ServiceClientType; id: string } {
  if (name.startsWith(LOCAL_GROUP)) return { type: 'LOCALGROUP', id: name.slice(LOCAL_GROUP.length) };
  try {
    if (!name.startsWith(GLOBAL_GROUP)) {
      const parts = parseIdentifier('client', name);
      if (parts.length === 4) return { type: 'SUBSYSTEM', id: parts.join(':') };
      throw new TypeError('access is given to subsystems, not to members');
    }
    const parts = parseIdentifier('clientPattern', name.slice(GLOBAL_GROUP.length));
    if (parts.length === 2) return { type: 'GLOBALGROUP', id: parts.join(':') };
    throw new TypeError('a global group has an instance and a code');
  } catch (error) {
    throw new CommandError(
      `--access ${name}: ${(error as Error).message}; write INSTANCE/CLASS/MEMBER/SUBSYSTEM, local-group:CODE or global-group:INSTANCE/CODE`,
    );
  }
}

function readEndpoint(text: string, adapter: AdapterDefinition): string {
  const operation = Object.hasOwn(adapter.operations, text) ? adapter.operations[text] : undefined;
  if (operation !== undefined) return operationEndpoint(operation);
  const [, method, path] = METHOD_AND_PATH.exec(text) ?? [];
  if (method !== undefined && path !== undefined) return endpointKey(method, path);
  throw new CommandError(
    `--access …#${text}: ${adapter.name} has no such operation; it has ${Object.keys(adapter.operations).join(', ')}, and anything may be written as "GET /path"`,
  );
}

/** As it would be written for `--access`. */
export function nameServiceClient({ id, service_client_type, local_group_code }: ServiceClient): string {
  if (service_client_type === 'LOCALGROUP') return `local-group:${local_group_code ?? id}`;
  return `${service_client_type === 'GLOBALGROUP' ? 'global-group:' : ''}${id.replaceAll(':', '/')}`;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
