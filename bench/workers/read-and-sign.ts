/**
 * A contender: the hops of the pass-through, the answer read and mapped by the adapter's own reader, two digests and a
 * signature, and nothing else. No mediation can cost less: what it takes beyond this is checks, statement, log and guards.
 */
import { companyDirectory } from '../adapters.ts';
import { soapRequest } from '../fixtures/company-documents.ts';
import { compileOperation } from '../harness/compile-operation.ts';
import { replyOf } from '../harness/replies.ts';

const { call, mapping } = compileOperation(companyDirectory, 'findCompanies');
/** As long as the signing input of a statement about a company list. */
const SIGNING_INPUT = new Uint8Array(900);
const ENVELOPE = 'x'.repeat(1_200);
let signingKey: Promise<CryptoKey> | undefined;

async function createKey(): Promise<CryptoKey> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  return privateKey;
}

export default {
  async fetch(request: Request, environment: { readonly UPSTREAM: string }): Promise<Response> {
    const count = new URL(request.url).searchParams.get('count');
    const answer = await fetch(`${environment.UPSTREAM}/soap`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: soapRequest(Number(count)),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const reply = replyOf(answer.headers.get('content-type') ?? '', bytes);
    const { body } = await mapping.mapOut(await call.decode(reply, []));
    signingKey ??= createKey();
    await crypto.subtle.digest('SHA-256', bytes);
    await crypto.subtle.digest('SHA-256', body);
    await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, await signingKey, SIGNING_INPUT);
    return new Response(body, { headers: { 'content-type': 'application/json', 'x-evidence-jws': ENVELOPE } });
  },
};
