import { CommandError } from '../../shell.ts';
import { type Notes, UnsupportedError } from './notes.ts';
import { childrenNamed, type SourceElement } from './source-element.ts';
import { WSDL } from './vocabulary.ts';
import { type SoapVersionName, soapExtension, type WsdlComponent, type WsdlIndex } from './wsdl-index.ts';

/** Where a SOAP service is offered, and how. */
export interface SoapPort {
  readonly service: string;
  readonly name: string;
  readonly version: SoapVersionName;
  readonly binding: WsdlComponent;
  /** The `soap:binding` extension. */
  readonly soapBinding: SourceElement;
  /** The URL that the WSDL gives, which may be the vendor's own. */
  readonly location: string | undefined;
}

export interface PortWish {
  readonly service?: string;
  readonly port?: string;
}

/**
 * Chooses the port to draft: the one wished for, else the first of SOAP 1.1, else the first of SOAP 1.2. What else
 * there is becomes a question. Throws CommandError where no SOAP port is there, or none of the names wished for.
 */
export function choosePort(index: WsdlIndex, wish: PortWish, notes: Notes): SoapPort {
  const { ports, others } = findPorts(index);
  const wished = ports.filter(
    ({ service, name }) => (wish.service ?? service) === service && (wish.port ?? name) === name,
  );
  const chosen = wished.find(({ version }) => version === '1.1') ?? wished[0];
  if (chosen === undefined) throw new CommandError(noPortMessage(ports, others, wish));
  askAboutPorts(
    ports.filter((other) => other !== chosen),
    chosen,
    notes,
  );
  return chosen;
}

function findPorts(index: WsdlIndex): { readonly ports: readonly SoapPort[]; readonly others: readonly string[] } {
  const ports: SoapPort[] = [];
  const others: string[] = [];
  for (const { element, name } of index.services) {
    for (const port of childrenNamed(element, WSDL, 'port')) {
      const found = soapPort(port, name.local, index);
      if (typeof found === 'string') others.push(found);
      else ports.push(found);
    }
  }
  if (index.services.length > 0) return { ports, others };
  // a WSDL made for generating servers ends at its bindings
  for (const binding of index.bindings) {
    const soap = soapExtension(binding.element, 'binding');
    const { local } = binding.name;
    if (soap !== undefined) {
      ports.push({ ...soap, soapBinding: soap.element, service: local, name: local, binding, location: undefined });
    }
  }
  return { ports, others };
}

/** A SOAP port over HTTP, or words for what it is instead. */
function soapPort(port: SourceElement, service: string, index: WsdlIndex): SoapPort | string {
  const name = port.attributes.get('name') ?? '';
  try {
    const binding = index.get('binding', port.names.get('binding')?.[0], port);
    const soap = soapExtension(binding.element, 'binding');
    if (soap === undefined) return `${port.place}: port ${name} is bound to something else than SOAP`;
    const transport = soap.element.attributes.get('transport')?.trim() ?? '';
    if (transport !== '' && !/\/http\/?$/i.test(transport)) {
      return `${port.place}: port ${name} has the transport ${transport}`;
    }
    const location = soapExtension(port, 'address')?.element.attributes.get('location')?.trim();
    return { service, name, version: soap.version, binding, soapBinding: soap.element, location };
  } catch (error) {
    if (error instanceof UnsupportedError) return error.message;
    throw error;
  }
}

function noPortMessage(ports: readonly SoapPort[], others: readonly string[], wish: PortWish): string {
  if (ports.length > 0) {
    const known = ports.map(({ service, name }) => `${service} ${name}`).join(', ');
    const wished = [wish.service && `service ${wish.service}`, wish.port && `port ${wish.port}`].filter(Boolean);
    return `The WSDL has no ${wished.join(' with ')}: expected one of ${known}`;
  }
  const found = others.length === 0 ? 'it has no port at all' : others.join('; ');
  return `The WSDL offers no port of SOAP over HTTP, which a draft needs: ${found}`;
}

/** Ports of the same operations are one question, whatever their number; each other port is one of its own. */
function askAboutPorts(others: readonly SoapPort[], chosen: SoapPort, notes: Notes): void {
  const [same, different] = [true, false].map((isSame) =>
    others.filter((other) => (portTypeOf(other) === portTypeOf(chosen)) === isSame),
  );
  const guess = `No: ${named(chosen)}`;
  if (same !== undefined && same.length > 0) {
    notes.ask(
      'legacy',
      `The same operations are offered by ${same.map(located).join('; ')}: is one of them the one to call?`,
      guess,
    );
  }
  for (const other of different ?? []) {
    const question = `There is also ${located(other)}, whose operations are not in this draft: is it wanted? Draft it by --port ${other.name}`;
    notes.ask('legacy', question, guess);
  }
}

function named({ service, name, version }: SoapPort): string {
  return `port ${name} of service ${service} (SOAP ${version})`;
}

function located(port: SoapPort): string {
  return port.location === undefined ? named(port) : `${named(port)} at ${port.location}`;
}

function portTypeOf({ binding }: SoapPort): string {
  const [name] = binding.element.names.get('type') ?? [];
  return `${name?.namespace} ${name?.local}`;
}
