import type { FormatName } from '../model/definition.ts';
import { callGuarded } from './http/guarded-call.ts';

/** How each format's endpoint is called. */
export const connectors = {
  soap: callGuarded,
  xml: callGuarded,
  csv: callGuarded,
  fixedWidth: callGuarded,
} as const satisfies Record<FormatName, typeof callGuarded>;
