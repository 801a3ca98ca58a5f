import type { CompiledCall, Report } from '../../model/contracts.ts';
import type { SoapCall, SoapEndpoint } from '../../model/definition.ts';
import type { LegacyMessage } from '../../model/legacy.ts';
import type { RecordPlan, SourceRecord } from '../../model/source.ts';
import { writeXml, type XmlNode } from '../../syntax/xml-writer.ts';
import { writeRequest } from '../refusal.ts';
import { compileRecordWriter, type NameStyle } from '../xml/compile-record-writer.ts';
import { declareNamespaces, type Namespaces, parseStep, qualified, type Step } from '../xml/position.ts';
import { type SoapVersion, soapVersion } from './soap-version.ts';
import { usernameTokenHeader } from './username-token.ts';

type ToNodes = (values: SourceRecord) => readonly XmlNode[];

/** How the endpoint's own names are written. */
interface Qualification {
  /** The namespace that unprefixed names have, or undefined where the wrapper and its kin carry `prefix`. */
  readonly byDefault: string | undefined;
  readonly prefixes: Namespaces;
  /** A body element or header block, which always has a namespace. */
  readonly top: (step: Step) => string;
  /** An element inside one. */
  readonly inner: NameStyle;
}

/**
 * Compiles the envelope of a SOAP request: document/literal, wrapped or bare, or rpc/literal. Positions are relative to
 * the body element; `^Path` is one in the SOAP header, whose first element is a header block.
 */
export function compileSoapRequest(
  call: SoapCall,
  plan: RecordPlan,
  endpoint: SoapEndpoint,
  report: Report,
): CompiledCall['encode'] {
  const version = soapVersion(endpoint.version);
  const qualification = qualify(call, endpoint);
  const headers = compileHeaderBlocks(plan, endpoint, qualification, report);
  const body = compileBodyElement(call, plan, endpoint, qualification, report);
  const httpHeaders = compileHttpHeaders(call.action, version, report);
  const message = (values: SourceRecord, security: readonly XmlNode[]): LegacyMessage => {
    const root = envelope(version, [...security, ...headers(values)], body(values));
    return { method: 'POST', path: '', query: [], headers: httpHeaders, body: writeRequest(() => writeXml(root)) };
  };
  const { auth } = endpoint;
  if (auth?.scheme !== 'usernameToken') return (values) => message(values, []);
  return async (values, context) => message(values, [await usernameTokenHeader(auth, version, context)]);
}

function envelope(version: SoapVersion, headers: readonly XmlNode[], body: readonly XmlNode[]): XmlNode {
  const content: XmlNode[] = [{ name: 'soap:Body', content: [...body] }];
  if (headers.length > 0) content.unshift({ name: 'soap:Header', content: [...headers] });
  return { name: 'soap:Envelope', attributes: [['xmlns:soap', version.namespace]], content };
}

/** SOAP 1.1, 6.1.1: SOAPAction is always there, quoted. SOAP 1.2 part 2, 6.5.3: `action` is a media type parameter. */
function compileHttpHeaders(
  action: string | undefined,
  version: SoapVersion,
  report: Report,
): LegacyMessage['headers'] {
  if (action !== undefined && !/^[\x21\x23-\x5b\x5d-\x7e]*$/.test(action)) {
    report('call.action', 'An action is a URI: expected printable ASCII without spaces, quotes and backslashes');
  }
  if (version.name === '1.1') {
    return [
      ['content-type', 'text/xml; charset=utf-8'],
      ['soapaction', `"${action ?? ''}"`],
    ];
  }
  const parameter = action === undefined ? '' : `; action="${action}"`;
  return [['content-type', `application/soap+xml; charset=utf-8${parameter}`]];
}

/**
 * Document/literal qualified: the default namespace does it all. Otherwise the wrapper has a prefix and what is inside
 * has none: all of it where the schema is unqualified, in rpc/literal at least the part accessors (WS-I BP 1.1, R2735).
 */
function qualify(call: SoapCall, endpoint: SoapEndpoint): Qualification {
  const rpc = endpoint.style === 'rpc';
  const elements = endpoint.elements ?? (rpc ? 'unqualified' : 'qualified');
  const namespace = call.namespace ?? endpoint.namespace;
  // no prefix can stand for no namespace (Namespaces in XML 1.0, 2.2)
  if (namespace === '') return { byDefault: undefined, prefixes: {}, top: qualified, inner: qualified };
  if (!rpc && elements === 'qualified') {
    return { byDefault: namespace, prefixes: {}, top: qualified, inner: qualified };
  }
  const prefix = unusedPrefix(endpoint.namespaces ?? {});
  const own = (step: Step): string => (step.namespace === '' ? step.local : qualified({ prefix, ...step }));
  return {
    byDefault: undefined,
    prefixes: { [prefix]: namespace },
    top: own,
    inner: (step, depth) => (elements === 'qualified' && depth > 1 ? own(step) : qualified(step)),
  };
}

function unusedPrefix(namespaces: Namespaces): string {
  let prefix = 'op';
  while (Object.hasOwn(namespaces, prefix)) prefix += '_';
  return prefix;
}

function compileBodyElement(
  call: SoapCall,
  plan: RecordPlan,
  endpoint: SoapEndpoint,
  qualification: Qualification,
  report: Report,
): ToNodes {
  const namespaces = endpoint.namespaces ?? {};
  const step = bodyElement(call.request ?? call.operation, namespaces, 'call.request', report);
  const inBody = [...plan.slots.keys()].filter((index) => !isHeaderPosition(plan, index));
  const writer = compileRecordWriter(plan, inBody, namespaces, qualification.inner, report);
  const own = step.prefix === undefined || step.namespace === undefined ? {} : { [step.prefix]: step.namespace };
  const declarations = declareNamespaces(qualification.byDefault, {
    ...qualification.prefixes,
    ...writer.prefixes,
    ...own,
  });
  const name = qualification.top(step);
  return (values) => {
    const { attributes, content } = writer.write(values);
    return [{ name, attributes: [...declarations, ...attributes], content }];
  };
}

/** Reads the name of a body element that a definition gives. */
export function bodyElement(name: string, namespaces: Namespaces, place: string, report: Report): Step {
  try {
    return parseStep(name, namespaces);
  } catch (error) {
    report(place, (error as TypeError).message);
    return { local: name };
  }
}

function isHeaderPosition(plan: RecordPlan, index: number): boolean {
  return plan.slots[index]?.at[0]?.startsWith('^') ?? false;
}

function compileHeaderBlocks(
  plan: RecordPlan,
  endpoint: SoapEndpoint,
  qualification: Qualification,
  report: Report,
): ToNodes {
  const inHeader = [...plan.slots.keys()].filter((index) => isHeaderPosition(plan, index));
  const stripped: RecordPlan = {
    slots: plan.slots.map((slot) => ({ ...slot, at: slot.at.map((position) => position.replace(/^\^/, '')) })),
  };
  for (const index of inHeader) {
    if (/^(?:\.$|@)/.test(stripped.slots[index]?.at[0] ?? '')) {
      report(
        'input',
        `Position ${JSON.stringify(plan.slots[index]?.at[0])} names no header block: expected ^Block or ^Block/Field`,
      );
    }
  }
  if (inHeader.length === 0) return () => [];
  const nameOf: NameStyle = (step, depth) => (depth === 1 ? qualification.top(step) : qualification.inner(step, depth));
  const writer = compileRecordWriter(stripped, inHeader, endpoint.namespaces ?? {}, nameOf, report);
  const declarations = declareNamespaces(qualification.byDefault, { ...qualification.prefixes, ...writer.prefixes });
  return (values) => {
    const { content } = writer.write(values);
    if (typeof content === 'string') return [];
    return content.map((block) => ({ ...block, attributes: [...declarations, ...(block.attributes ?? [])] }));
  };
}
