import type { Group } from '../group.ts';
import { guardsGroup } from './guards.ts';
import { soapGroup } from './soap.ts';

/** Every group by its name on the command line, in the order of the run. */
export const groups: Readonly<Record<string, Group>> = { soap: soapGroup, guards: guardsGroup };
