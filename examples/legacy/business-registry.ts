/**
 * A stand-in for an old business registry: SOAP 1.1, document/literal, WS-Security UsernameToken, faults with HTTP 500
 * and a Java stack trace, strict about the order of elements. Registration numbers that make it misbehave:
 *
 * | number | what it does |
 * |---|---|
 * | 90000001 | answers after five seconds |
 * | 90000002 | answers an HTML page with HTTP 200 |
 * | 90000003 | answers XML that is cut off |
 * | 90000004 | leaves out a required element |
 * | 90000005 | answers HTTP 503 with an HTML page |
 */
import { readFileSync } from 'node:fs';
import { COMPANIES, type Company } from './companies.ts';
import { HTML_PAGE, type LegacyAnswer, type LegacyServer, serveLegacy } from './server.ts';

export interface BusinessRegistryOptions {
  readonly user: string;
  readonly password: string;
  /** A free one where it is left out. */
  readonly port?: number;
}

const NAMESPACE = 'http://registry.example.gov.kh/ws';
const SLOW_MS = 5_000;
const WSDL = readFileSync(new URL('business-registry.wsdl', import.meta.url), 'utf8');

/** Elements of each request, in the only order that the old system takes. */
const REQUESTS: Readonly<Record<string, readonly string[]>> = {
  GetCompanyDetails: ['RegNo'],
  FindCompanies: ['Name'],
  SubmitFiling: ['RegNo', 'Year', 'Kind', 'Amount', 'Note'],
};

/** Starts the stand-in; its endpoint is `url`. */
export async function startBusinessRegistry({ user, password, port }: BusinessRegistryOptions): Promise<LegacyServer> {
  let filings = 0;
  const server = await serveLegacy(({ method, path, body }) => {
    if (method === 'GET' && path.endsWith('?wsdl')) return { status: 200, contentType: 'text/xml', body: WSDL };
    if (textOf(body, 'Username') !== user || textOf(body, 'Password') !== password) {
      return fault('wsse:FailedAuthentication', 'The security token could not be authenticated', '');
    }
    const [operation, fields] = Object.entries(REQUESTS).find(([name]) => body.includes(`<${name} `)) ?? [];
    if (operation === undefined || fields === undefined) return fault('soapenv:Client', 'Unknown operation', '');
    if (!inOrder(body, fields)) return fault('soapenv:Client', 'cvc-complex-type.2.4.a: Invalid content was found', '');
    if (operation === 'FindCompanies') return find(textOf(body, 'Name') ?? '');
    const number = textOf(body, 'RegNo') ?? '';
    const company = COMPANIES.find((candidate) => candidate.number === number);
    if (operation === 'GetCompanyDetails')
      return misbehaviour(number) ?? (company === undefined ? notFound(number) : details(company));
    if (company === undefined) return notFound(number);
    filings++;
    return answer(
      'SubmitFiling',
      `<ws:FilingNo>F-${textOf(body, 'Year')}-${String(filings).padStart(4, '0')}</ws:FilingNo><ws:ReceivedAt>2025-01-31T16:59:59</ws:ReceivedAt>`,
    );
  }, port);
  return { ...server, url: `${server.url}/ws` };
}

/** Reads as carelessly as old systems do: by the element's name, whatever its prefix. */
function textOf(body: string, name: string): string | undefined {
  const text = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]*)?>([^<]*)</`).exec(body)?.[1];
  return text?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

function inOrder(body: string, fields: readonly string[]): boolean {
  const found = [...body.slice(body.indexOf('Body>')).matchAll(/<(?:\w+:)?(\w+)>/g)].map(([, name = '']) =>
    fields.indexOf(name),
  );
  return found.every((index, position) => index >= 0 && (position === 0 || index > (found[position - 1] ?? -1)));
}

function details(company: Company): LegacyAnswer {
  const { number, nameKh, nameEn, status, registered, capital, directors, remarks, phone } = company;
  const rows = directors.map(({ name, since }) =>
    since === undefined
      ? `<ws:Director name="${name}"/>`
      : `<ws:Director name="${name}"><ws:Since>${since}</ws:Since></ws:Director>`,
  );
  return answer(
    'GetCompanyDetails',
    `<ws:Company><ws:RegNo>${number}</ws:RegNo><ws:NameKh>${nameKh}</ws:NameKh>${element('NameEn', nameEn)}` +
      `<ws:Status>${status}</ws:Status><ws:RegDate>${registered}</ws:RegDate><ws:Capital>${capital}</ws:Capital>` +
      `<ws:Directors>${rows.join('')}</ws:Directors>${element('Remarks', remarks)}${element('Phone', phone)}</ws:Company>`,
  );
}

function find(text: string): LegacyAnswer {
  const found = COMPANIES.filter(({ nameEn, nameKh }) => nameEn?.includes(text) || nameKh.includes(text));
  const rows = found.map(
    ({ number, nameKh, nameEn }) =>
      `<ws:Company><ws:RegNo>${number}</ws:RegNo><ws:NameKh>${nameKh}</ws:NameKh>${element('NameEn', nameEn)}</ws:Company>`,
  );
  return answer('FindCompanies', `<ws:Companies>${rows.join('')}</ws:Companies>`);
}

function element(name: string, text: string | null | undefined): string {
  if (text === undefined) return '';
  return text === null ? `<ws:${name} xsi:nil="true"/>` : `<ws:${name}>${text}</ws:${name}>`;
}

function answer(operation: string, content: string): LegacyAnswer {
  return {
    status: 200,
    contentType: 'text/xml; charset=utf-8',
    body: envelope(`<ws:${operation}Response>${content}</ws:${operation}Response>`),
  };
}

function envelope(body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    `xmlns:ws="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>\n`
  );
}

function notFound(number: string): LegacyAnswer {
  return fault(
    'soapenv:Server',
    'kh.gov.registry.CompanyNotFoundException: no row\n\tat kh.gov.registry.CompanyDao.find(CompanyDao.java:112)',
    `<ws:CompanyNotFound><ws:RegNo>${number}</ws:RegNo></ws:CompanyNotFound>`,
  );
}

function fault(code: string, text: string, detail: string): LegacyAnswer {
  const namespaces = 'xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"';
  const body = `<soapenv:Fault ${namespaces}><faultcode>${code}</faultcode><faultstring>${text}</faultstring><detail>${detail}</detail></soapenv:Fault>`;
  return { status: 500, contentType: 'text/xml; charset=utf-8', body: envelope(body) };
}

function misbehaviour(number: string): LegacyAnswer | undefined {
  const normal = COMPANIES[0] === undefined ? undefined : details(COMPANIES[0]);
  if (normal === undefined) return undefined;
  switch (number) {
    case '90000001':
      return { ...normal, afterMs: SLOW_MS };
    case '90000002':
      return { status: 200, contentType: 'text/html', body: HTML_PAGE };
    case '90000003':
      return { ...normal, body: normal.body.slice(0, normal.body.length / 2) };
    case '90000004':
      return { ...normal, body: normal.body.replace(/<ws:RegDate>.*<\/ws:RegDate>/, '') };
    case '90000005':
      return { status: 503, contentType: 'text/html', body: HTML_PAGE };
    default:
      return undefined;
  }
}
