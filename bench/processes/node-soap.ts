/** A contender: express with node-soap, its client made once and its connections kept. Argument: the upstream's SOAP URL. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { createClientAsync } from 'soap';
import { companyJson, type LegacyCompany } from './company-json.ts';
import { listen } from './listen.ts';

type Found = { readonly Companies: { readonly Company: readonly (LegacyCompany & { attributes: { id: string } })[] } };

const [endpoint = ''] = process.argv.slice(2);
const wsdl = fileURLToPath(new URL('../fixtures/company-directory.wsdl', import.meta.url));
// forever: node-soap closes the connection after every call unless told so
const client = await createClientAsync(wsdl, { endpoint, forever: true } as Parameters<typeof createClientAsync>[1]);

const app = express();
app.get('/company-directory/companies', async (request, response) => {
  const [found] = (await client.FindCompaniesAsync({ Count: Number(request.query.count) })) as [Found];
  const companies = found.Companies.Company.map((company) => companyJson({ ...company, id: company.attributes.id }));
  response.json({ companies });
});
listen(createServer(app));
