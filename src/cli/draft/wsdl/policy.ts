import type { Auth } from '../../../model/definition.ts';
import type { Field } from '../../../model/field.ts';
import type { Notes } from './notes.ts';
import type { QName, SourceElement } from './source-element.ts';
import type { StepNames } from './step-names.ts';
import type { WsdlOperation } from './wsdl-operations.ts';

/** What WS-Policy and other extensions of the WSDL demand of every request. */
export interface Demands {
  readonly auth: Auth | undefined;
  /** WS-Addressing 1.0 headers must be there. */
  readonly addressing: boolean;
}

const SECURITY_POLICY = /\/ws-securitypolicy\/|\/securitypolicy$/;
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
const ADDRESSING_WSDL: readonly string[] = [
  'http://www.w3.org/2006/05/addressing/wsdl',
  'http://www.w3.org/2006/02/addressing/wsdl',
  'http://www.w3.org/2007/05/addressing/metadata',
];
/** Assertions that want signatures or encryption inside the message (WS-SecurityPolicy 1.2, 7). */
const MESSAGE_SECURITY = [
  'AsymmetricBinding',
  'SymmetricBinding',
  'SignedParts',
  'EncryptedParts',
  'IssuedToken',
  'SamlToken',
  'KerberosToken',
];

/** Reads the demands of all policies that the documents hold. `prefix`: of the settings' names, `REGISTRY`. */
export function readDemands(definitions: readonly SourceElement[], prefix: string, notes: Notes): Demands {
  let auth: Auth | undefined;
  let addressing = false;
  const visit = (element: SourceElement, inPolicy: boolean): void => {
    if (SECURITY_POLICY.test(element.namespace)) auth = authOf(element, prefix, notes) ?? auth;
    addressing ||= wantsAddressing(element, inPolicy);
    for (const child of element.children) visit(child, inPolicy || element.local === 'Policy');
  };
  for (const root of definitions) visit(root, false);
  return { auth, addressing };
}

function authOf({ local, place }: SourceElement, prefix: string, notes: Notes): Auth | undefined {
  const user = { from: 'variable', name: `${prefix}_USER` } as const;
  const password = { from: 'secret', name: `${prefix}_PASSWORD` } as const;
  if (local === 'UsernameToken' || local === 'HttpBasicAuthentication') {
    const scheme = local === 'UsernameToken' ? 'usernameToken' : 'basic';
    notes.ask(
      'legacy.auth',
      `The policy demands ${local}: which user does the adapter have${scheme === 'usernameToken' ? ', and is the password sent as text or as digest' : ''}?`,
      `${scheme} from ${user.name} and ${password.name}${scheme === 'usernameToken' ? ', as text' : ''}`,
      `sp:${local} at ${place}`,
    );
    return { scheme, user, password };
  }
  if (MESSAGE_SECURITY.includes(local)) {
    notes.cannot(
      place,
      `sp:${local}`,
      'Requests are neither signed nor encrypted inside the message: the system may refuse them',
    );
  }
  return undefined;
}

/** In a policy the assertion is a demand unless it is optional; as an extension only where it is `required`. */
function wantsAddressing({ namespace, local, attributes }: SourceElement, inPolicy: boolean): boolean {
  if (!ADDRESSING_WSDL.includes(namespace) || !(local === 'UsingAddressing' || local === 'Addressing')) return false;
  const value = (name: string): string | undefined =>
    [...attributes].find(([key]) => key === name || key.endsWith(`}${name.toLowerCase()}`))?.[1];
  if (value('Optional') === 'true' || value('optional') === 'true') return false;
  return inPolicy || value('required') === 'true';
}

/** The WS-Addressing blocks that a request without reply endpoint needs (WS-Addressing 1.0 SOAP binding, 6). */
export function addressingFields(
  operation: WsdlOperation,
  location: string | undefined,
  steps: StepNames,
  notes: Notes,
): Readonly<Record<string, Field>> {
  notes.ask(
    'legacy',
    'The policy demands WS-Addressing: are Action and To enough? A MessageID, new for each call, cannot be written',
    'Yes: both are constants of each operation',
  );
  const block = (local: string): string => `^${steps.element({ namespace: ADDRESSING, local } satisfies QName)}`;
  return {
    wsaAction: { type: 'constant', at: block('Action'), value: actionOf(operation) },
    ...(location === undefined ? {} : { wsaTo: { type: 'constant', at: block('To'), value: location } }),
  };
}

function actionOf({ action, sources, name }: WsdlOperation): string {
  const input = sources.declared.children.find(({ local }) => local === 'input');
  for (const namespace of ADDRESSING_WSDL) {
    const declared = input?.attributes.get(`{${namespace}}Action`);
    if (declared !== undefined) return declared;
  }
  return action ?? name;
}
