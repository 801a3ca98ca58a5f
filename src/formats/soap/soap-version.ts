/** What differs between SOAP 1.1 (W3C Note, 2000) and SOAP 1.2 (W3C Recommendation, 2007) on the wire. */
export interface SoapVersion {
  readonly name: '1.1' | '1.2';
  readonly namespace: string;
  /** The form of `true` that each version's own `mustUnderstand` examples use; 1.1 knows no other. */
  readonly mustUnderstand: '1' | 'true';
}

export const SOAP_VERSIONS: readonly [SoapVersion, SoapVersion] = [
  { name: '1.1', namespace: 'http://schemas.xmlsoap.org/soap/envelope/', mustUnderstand: '1' },
  { name: '1.2', namespace: 'http://www.w3.org/2003/05/soap-envelope', mustUnderstand: 'true' },
];

export function soapVersion(name: '1.1' | '1.2' = '1.1'): SoapVersion {
  return name === '1.2' ? SOAP_VERSIONS[1] : SOAP_VERSIONS[0];
}
