import type { Report } from '../model/contracts.ts';
import type { HttpCall, SoapCall } from '../model/definition.ts';

/** The call of an endpoint that is called by path. Reports a SOAP operation, in whose place a call of nothing stands. */
export function httpCall(call: HttpCall | SoapCall, report: Report): HttpCall {
  if (!('operation' in call)) return call;
  report('call', 'The endpoint is called by path: expected "get" or "post", not a SOAP operation');
  return { get: '' };
}
