import type { Field } from '../../../model/field.ts';
import type { Notes } from './notes.ts';
import type { QName, SourceElement } from './source-element.ts';
import type { StepNames } from './step-names.ts';

/** Namespaces of the X-Road SOAP headers: message protocol 4.0, and the older Estonian ones. */
const MESSAGE_4 = 'http://x-road.eu/xsd/xroad.xsd';
const IDENTIFIERS = 'http://x-road.eu/xsd/identifiers';
const NAMESPACES: ReadonlySet<string> = new Set([
  MESSAGE_4,
  'http://x-road.eu/xsd/representation.xsd',
  'http://x-road.ee/xsd/x-road.xsd',
  'http://x-rd.net/xsd/xroad.xsd',
  'http://x-tee.riik.ee/xsd/xtee.xsd',
]);

export function isXroadHeader({ namespace }: QName): boolean {
  return NAMESPACES.has(namespace);
}

/** What only the deployment knows stands as these words until someone writes the values. */
const MEMBER_PARTS: readonly (readonly [element: string, value: string])[] = [
  ['xRoadInstance', 'INSTANCE'],
  ['memberClass', 'CLASS'],
  ['memberCode', 'MEMBER'],
  ['subsystemCode', 'SUBSYSTEM'],
];

/** Headers that a call may do without (X-Road Message Protocol 4.0, 2.2). */
const OPTIONAL: ReadonlySet<string> = new Set([
  'issue',
  'centralService',
  'securityServer',
  'requestHash',
  'representedParty',
  'userId',
]);

/**
 * One header of the X-Road message protocol as constants: a system that was written for X-Road wants them even where
 * the adapter calls it directly. Undefined members are those that a call may do without.
 */
export function xroadHeader(
  header: QName,
  operation: SourceElement,
  steps: StepNames,
  notes: Notes,
): Readonly<Record<string, Field>> {
  notes.ask(
    'operations',
    'The system expects the SOAP headers of X-Road: which values shall it see for client, service, id and the others?',
    'Constants with words such as MEMBER, to be replaced; the optional headers are left out',
    `soap:header ${header.local} in the binding`,
  );
  if (OPTIONAL.has(header.local)) return {};
  const block = `^${steps.element(header)}`;
  const name = `xroad${header.local.charAt(0).toUpperCase()}${header.local.slice(1)}`;
  if (header.namespace !== MESSAGE_4 || !(header.local === 'client' || header.local === 'service')) {
    return {
      [name]: {
        type: 'constant',
        at: block,
        value: header.local === 'protocolVersion' ? '4.0' : plainValue(header, operation),
      },
    };
  }
  return identifier(header.local, block, name, operation, steps);
}

function plainValue({ local }: QName, operation: SourceElement): string {
  if (local === 'service' || local === 'nimi') return operation.attributes.get('name') ?? '';
  return local === 'id' ? 'spean' : local.toUpperCase();
}

function identifier(
  kind: 'client' | 'service',
  block: string,
  name: string,
  operation: SourceElement,
  steps: StepNames,
): Readonly<Record<string, Field>> {
  const version = operation.children.find(({ namespace, local }) => NAMESPACES.has(namespace) && local === 'version');
  const own: (readonly [string, string])[] = [
    ['serviceCode', operation.attributes.get('name') ?? ''],
    ...(version === undefined ? [] : [['serviceVersion', version.text.trim()] as const]),
  ];
  const inside = (local: string): string => steps.element({ namespace: IDENTIFIERS, local });
  const objectType = steps.attribute({ namespace: IDENTIFIERS, local: 'objectType' });
  return Object.fromEntries([
    [`${name}Type`, constant(`${block}/${objectType}`, kind === 'client' ? 'SUBSYSTEM' : 'SERVICE')],
    ...[...MEMBER_PARTS, ...(kind === 'service' ? own : [])].map(([local, value]) => [
      `${name}${local.charAt(0).toUpperCase()}${local.slice(1)}`,
      constant(`${block}/${inside(local)}`, value),
    ]),
  ]);
}

function constant(at: string, value: string): Field {
  return { type: 'constant', at, value };
}
