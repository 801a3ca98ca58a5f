import type { FormatName } from '../model/definition.ts';
import { callHttp } from './http/call.ts';

/** How each format's endpoint is called. */
export const connectors = {
  soap: callHttp,
  xml: callHttp,
  csv: callHttp,
  fixedWidth: callHttp,
} as const satisfies Record<FormatName, typeof callHttp>;
