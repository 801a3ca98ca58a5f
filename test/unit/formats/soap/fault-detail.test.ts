import { describe, expect, it } from 'vitest';
import { integer, optional, record, soap, text, variable } from '../../../../src/adapter.ts';
import { soapFormat } from '../../../../src/formats/soap/format.ts';
import { compileMapping } from '../../../../src/mapping/compile.ts';
import type { ProblemRule } from '../../../../src/model/definition.ts';
import { LegacyFaultError, type SpeanError } from '../../../../src/model/errors.ts';
import { DEFAULT_LIMITS } from '../../../../src/model/limits.ts';

const refuse = (place: string, message: string): never => {
  throw new Error(`${place}: ${message}`);
};

const RULE = {
  fault: 'NotFound',
  status: 404,
  fields: { number: text('No'), since: optional(integer('@since')), hint: optional(text('More/Hint')) },
} as const;

/** The problem that a consumer gets for a SOAP answer. */
async function problemOf(
  envelope: string,
  status = 500,
  problems: readonly ProblemRule[] = [RULE],
): Promise<SpeanError> {
  const mapping = compileMapping(
    {
      input: {},
      output: record({ a: text('A') }),
      problems,
      pathParameters: [],
      inBody: false,
      rows: false,
      setAside: false,
      limits: DEFAULT_LIMITS,
    },
    refuse,
  );
  const { request, response, details } = mapping;
  const endpoint = soap({ endpoint: variable('URL'), namespace: 'urn:x' });
  const call = soapFormat.compile(
    { endpoint, call: { operation: 'Op' }, request, response, details, limits: DEFAULT_LIMITS },
    refuse,
  );
  const bytes = new TextEncoder().encode(envelope);
  const body = { bytes: async () => bytes, chunks: () => refuse('chunks', 'not read') };
  try {
    await call.decode({ status, contentType: 'text/xml', body }, []);
  } catch (error) {
    if (error instanceof LegacyFaultError) return mapping.explain(error) as SpeanError;
    throw error;
  }
  throw new Error('no fault was seen');
}

const soap11 = (detail: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>java at Sok Dara</faultstring><detail>${detail}</detail></s:Fault></s:Body></s:Envelope>`;
const soap12 = (detail: string) =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en">java</s:Text></s:Reason><s:Detail>${detail}</s:Detail></s:Fault></s:Body></s:Envelope>`;

const headed = (envelope: string) =>
  envelope.replace('<s:Body>', '<s:Header><details><NotFound><No>8</No></NotFound></details></s:Header><s:Body>');

describe('the detail of a fault', () => {
  const detail =
    '<x:NotFound xmlns:x="urn:x" since="1999"><x:No>007</x:No><x:More><x:Hint>h</x:Hint></x:More></x:NotFound>';

  it.each([
    ['SOAP 1.1', soap11(detail), 500],
    ['SOAP 1.2', soap12(detail), 500],
    ['SOAP 1.1 with status 200', soap11(detail), 200],
    ['before another of its name', soap11(`${detail}<NotFound><No>8</No></NotFound>`), 500],
    ['behind an element of its name elsewhere', headed(soap11(detail)), 500],
    ['behind another detail', soap11(`<Other><NotFound><No>1</No></NotFound></Other>${detail}`), 500],
  ])('of %s is told in typed form', async (_, envelope, status) => {
    const problem = await problemOf(envelope, status);
    expect(problem).toMatchObject({ status: 404, owner: 'caller', details: { number: '007', since: 1999, hint: 'h' } });
  });

  it.each([
    ['a required part is missing', '<NotFound since="1999"/>'],
    ['a value is not as declared', '<NotFound since="x"><No>1</No></NotFound>'],
    ['a part stands twice', '<NotFound><No>1</No><No>2</No></NotFound>'],
  ])('is left out where %s, and the problem stands', async (_, content) => {
    const problem = await problemOf(soap11(content));
    expect(problem).toMatchObject({ code: 'legacy-fault', status: 404 });
    expect(problem.details).toBeUndefined();
  });

  it('is left out where it is that of another rule than the one that holds', async () => {
    const rules = [
      { fault: 'Server', status: 503, fields: { id: text('Id') } },
      { fault: 'NotFound', status: 404, fields: { number: text('No') } },
    ] satisfies ProblemRule[];
    const problem = await problemOf(soap11('<NotFound><No>007</No></NotFound>'), 500, rules);
    expect(problem.status).toBe(503);
    expect(problem.details).toBeUndefined();
  });

  it('never brings the fault’s own words along', async () => {
    const problem = await problemOf(soap11(detail));
    expect(JSON.stringify([problem.message, problem.detail, problem.details, problem.issues])).not.toMatch(/java|Sok/);
  });
});
