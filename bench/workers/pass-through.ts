import { soapRequest } from '../fixtures/company-documents.ts';

/** A contender: what workerd takes for the same hops and nothing else. A SOAP answer is held whole and sent again; a table is passed on as a stream. */
export default {
  async fetch(request: Request, environment: { readonly UPSTREAM: string }): Promise<Response> {
    const url = new URL(request.url);
    const count = url.searchParams.get('count');
    if (count === null) return fetch(`${environment.UPSTREAM}${url.pathname}${url.search}`);
    const answer = await fetch(`${environment.UPSTREAM}/soap`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: soapRequest(Number(count)),
    });
    return new Response(await answer.arrayBuffer(), { headers: { 'content-type': 'text/xml; charset=utf-8' } });
  },
};
