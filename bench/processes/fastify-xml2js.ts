/** A contender: fastify, undici and xml2js. Argument: the upstream's SOAP URL. */
import fastify from 'fastify';
import { request } from 'undici';
import { parseStringPromise, processors } from 'xml2js';
import { soapRequest } from '../fixtures/company-documents.ts';
import { companyJson, type LegacyCompany } from './company-json.ts';
import { listen } from './listen.ts';

type Company = LegacyCompany & { readonly $: { readonly id: string } };
interface FoundDocument {
  readonly Envelope: {
    readonly Body: { readonly FindCompaniesResponse: { readonly Companies: { readonly Company: readonly Company[] } } };
  };
}

const [endpoint = ''] = process.argv.slice(2);
const options = { explicitArray: false, tagNameProcessors: [processors.stripPrefix] };

const app = fastify();
app.get<{ Querystring: { count: string } }>('/company-directory/companies', async ({ query }) => {
  const { body } = await request(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
    body: soapRequest(Number(query.count)),
  });
  const { Envelope } = await parseStringPromise<FoundDocument>(await body.text(), options);
  const companies = Envelope.Body.FindCompaniesResponse.Companies.Company;
  return { companies: companies.map((company) => companyJson({ ...company, id: company.$.id })) };
});
await app.ready();
listen(app.server);
