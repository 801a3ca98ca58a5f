import type { AdapterDefinition, OperationDefinition } from '../../model/definition.ts';
import type { Field } from '../../model/field.ts';
import { type AdapterLimits, DEFAULT_LIMITS } from '../../model/limits.ts';
import { parsePathTemplate } from '../../model/route.ts';
import type { Finding } from './finding.ts';

/** The X-Road lines that are told apart. */
export const RELEASES = ['7.2', '7.3', '7.4', '7.5', '7.6', '7.7', '7.8'] as const;
export type Release = (typeof RELEASES)[number];

/** What a security server's message log takes of one message, bytes (contract 1.6). */
const MESSAGE_LOG_BYTES = 10 * 1024 * 1024;
/** What it reads of a description, characters (contract 3.1). */
const DESCRIPTION_CHARACTERS = 10 * 1024 * 1024;
/** A service's timeout unless its registration sets another, milliseconds. */
const SERVICE_TIMEOUT_MS = 60_000;

/** Names that X-Road answers itself: a GET of such a service never reaches the provider, and 7.7 refuses to add it. */
const METASERVICES = [
  'listClients',
  'listMethods',
  'allowedMethods',
  'getWsdl',
  'getOpenAPI',
  'getSecurityServerMetrics',
  'getSecurityServerOperationalData',
  'getSecurityServerHealthData',
];

/** What a security server of a release would refuse or stumble over, in an adapter that compiles; `description` is its OpenAPI document. */
export function lintForRelease(adapter: AdapterDefinition, description: string, release: Release): Finding[] {
  return [
    ...lintServiceCode(adapter, release),
    ...lintDescription(description),
    ...lintLimitNames('limits', adapter.limits),
    ...Object.entries(adapter.operations).flatMap(([name, operation]) => [
      ...lintLimitNames(`operations.${name}.limits`, operation.limits),
      ...lintLimits(name, { ...DEFAULT_LIMITS, ...adapter.limits, ...operation.limits }),
      ...lintParameters(name, operation),
      ...lintStatus(name, operation),
      ...lintPath(name, operation, release),
    ]),
  ];
}

function lintServiceCode({ name, serviceCode = name }: AdapterDefinition, release: Release): Finding[] {
  if (!METASERVICES.some((reserved) => reserved.toLowerCase() === serviceCode.toLowerCase())) return [];
  const refused = isSince(release, '7.7') ? `, and ${release} refuses to add it` : '';
  return [mistake('serviceCode', `${serviceCode} is a name of X-Road's own: it never reaches the provider${refused}`)];
}

function lintDescription(description: string): Finding[] {
  if (description.length <= DESCRIPTION_CHARACTERS) return [];
  const size = `${description.length} characters, a security server reads ${DESCRIPTION_CHARACTERS}`;
  return [mistake('operations', `The OpenAPI description has ${size}: split the adapter`)];
}

/** The compiler refuses such a name; here it is refused to whoever does not run it, as the limit would not hold. */
function lintLimitNames(place: string, limits: object = {}): Finding[] {
  return Object.keys(limits)
    .filter((name) => !Object.hasOwn(DEFAULT_LIMITS, name))
    .map((name) => mistake(`${place}.${name}`, 'There is no limit of this name: src/model/limits.ts has them all'));
}

/** Likewise: the description would name a parameter that it does not describe, and nobody would read its value. */
function lintParameters(name: string, { path, input }: OperationDefinition): Finding[] {
  return parametersOf(path)
    .filter((parameter) => input[parameter] === undefined)
    .map((parameter) =>
      mistake(
        `operations.${name}.path`,
        `{${parameter}} is no input: a parameter of the path is one, by its public name`,
      ),
    );
}

/** The type says so too; with 204 an answer would be signed that is never sent. */
function lintStatus(name: string, { status = 200 }: OperationDefinition): Finding[] {
  if ([200, 201, 202, 203].includes(status)) return [];
  return [mistake(`operations.${name}.status`, 'An answer has a body, which the statuses 200 to 203 go with')];
}

function lintLimits(operation: string, { answerBytes, requestBytes, timeBudgetMs }: AdapterLimits): Finding[] {
  const place = `operations.${operation}.limits`;
  const findings: Finding[] = [];
  for (const [limit, bytes] of Object.entries({ answerBytes, requestBytes })) {
    if (bytes < MESSAGE_LOG_BYTES) continue;
    findings.push(
      mistake(`${place}.${limit}`, `The message log refuses messages of ${MESSAGE_LOG_BYTES} bytes and more`),
    );
  }
  if (timeBudgetMs >= SERVICE_TIMEOUT_MS) {
    const message = `The service's timeout is ${SERVICE_TIMEOUT_MS} ms unless its registration sets a longer one: with this budget the consumer gets the security server's error instead of a problem`;
    findings.push(warning(`${place}.timeBudgetMs`, message));
  }
  return findings;
}

/**
 * Free text in a path: an encoded slash, question mark or number sign changes what newer security servers authorise
 * (contract 1.1), and a person's name in a path stands in every log on the way.
 */
function lintPath(name: string, { path, input }: OperationDefinition, release: Release): Finding[] {
  return parametersOf(path).flatMap((parameter) => {
    const field = input[parameter];
    if (field === undefined || !isFreeText(field)) return [];
    const since = isSince(release, '7.6')
      ? `${release} decodes the path before it checks access rights, so that text with / ? # or % is refused or authorised as another path`
      : 'text with / ? # or % is read differently by different releases, 7.6 on refuses some';
    return [
      warning(
        `operations.${name}.input.${parameter}`,
        `Free text in the path: ${since}; declare digits, a pattern or oneOf, or take it as a query parameter`,
      ),
    ];
  });
}

function parametersOf(path: string): string[] {
  return parsePathTemplate(path).flatMap((part) => ('parameter' in part ? [part.parameter] : []));
}

/** A pattern that takes none of the characters that matter is no free text. */
function isFreeText(field: Field): boolean {
  if (field.type !== 'text' || field.digits !== undefined || field.oneOf !== undefined) return false;
  if (field.pattern === undefined) return true;
  const pattern = new RegExp(field.pattern, 'u');
  return ['/', '?', '#', '%', 'a/b', '1?1', '1#', 'a%2Fb'].some((text) => pattern.test(text));
}

function isSince(release: Release, since: Release): boolean {
  return RELEASES.indexOf(release) >= RELEASES.indexOf(since);
}

function mistake(place: string, message: string): Finding {
  return { severity: 'mistake', place, message };
}

function warning(place: string, message: string): Finding {
  return { severity: 'warning', place, message };
}
