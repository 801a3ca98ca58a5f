import {
  csv,
  defineAdapter,
  fixedWidth,
  list,
  operation,
  record,
  rows,
  soap,
  text,
  variable,
  xml,
} from '../../src/adapter.ts';
import type { AdapterDefinition, Auth, CacheRule, OpeningHours } from '../../src/model/definition.ts';
import type { AdapterLimits } from '../../src/model/limits.ts';

/** The formats that guards are tested with: an endpoint of each, with a read and a write that answer the same. */
export const FORMATS = ['soap', 'xml', 'csv', 'fixedWidth'] as const;
export type TestedFormat = (typeof FORMATS)[number];

export const FOUR_FORMATS_ENVIRONMENT = {
  FOUR_FORMATS_URL: 'http://legacy.test/base',
  FOUR_FORMATS_LOGIN_URL: 'http://login.test/login',
  FOUR_FORMATS_USER: 'spean&co',
  FOUR_FORMATS_PASSWORD: 'pass wörd%',
};

/** What every operation answers where the legacy system answers well. */
export const GOOD_ANSWER = { people: [{ name: 'Sok' }] };

export interface GuardOptions {
  readonly limits?: Partial<AdapterLimits>;
  readonly auth?: Auth;
  readonly hours?: OpeningHours;
  readonly cache?: CacheRule;
}

/** `GET /<format>/{id}` reads, `POST /<format>` writes and takes each `Idempotency-Key` once. */
export function fourFormats({ limits, cache, ...guards }: GuardOptions = {}): AdapterDefinition {
  const endpoint = { endpoint: variable('FOUR_FORMATS_URL'), ...guards };
  const people = { name: text('Name', { rules: ['trim'] }) };
  const listed = record({ people: list('Person', people) });
  const cached = cache === undefined ? {} : { cache };
  const write = { summary: 'Write', status: 201, idempotencyKey: 'Idempotency-Key' } as const;
  return defineAdapter({
    name: 'four-formats',
    title: 'Four formats',
    ...(limits && { limits }),
    legacy: {
      soap: soap({ ...endpoint, namespace: 'urn:four' }),
      xml: xml(endpoint),
      csv: csv(endpoint),
      fixedWidth: fixedWidth({ ...endpoint, columns: { Name: [1, 10] }, length: 10 }),
    },
    operations: {
      readSoap: operation({
        get: '/soap/{id}',
        summary: 'Read',
        via: 'soap',
        call: { operation: 'Read', response: 'Reply' },
        input: { id: text('Id') },
        output: listed,
        ...cached,
      }),
      writeSoap: operation({
        ...write,
        post: '/soap',
        via: 'soap',
        call: { operation: 'Write', response: 'Reply' },
        input: { id: text('Id') },
        output: listed,
      }),
      readXml: operation({
        get: '/xml/{id}',
        summary: 'Read',
        via: 'xml',
        call: { get: 'people/{id}', answers: 'Reply' },
        input: { id: text('{id}') },
        output: listed,
        ...cached,
      }),
      writeXml: operation({
        ...write,
        post: '/xml',
        via: 'xml',
        call: { post: 'people', root: 'Write', answers: 'Reply' },
        input: { id: text('Id') },
        output: listed,
      }),
      readCsv: operation({
        get: '/csv/{id}',
        summary: 'Read',
        via: 'csv',
        call: { get: 'people-{id}.csv' },
        input: { id: text('{id}') },
        output: rows('people', people),
        ...cached,
      }),
      writeCsv: operation({
        ...write,
        post: '/csv',
        via: 'csv',
        call: { post: 'import' },
        input: { id: text('?id') },
        output: rows('people', people),
      }),
      readFixedWidth: operation({
        get: '/fixedWidth/{id}',
        summary: 'Read',
        via: 'fixedWidth',
        call: { get: 'people-{id}.txt' },
        input: { id: text('{id}') },
        output: rows('people', people),
        ...cached,
      }),
      writeFixedWidth: operation({
        ...write,
        post: '/fixedWidth',
        via: 'fixedWidth',
        call: { post: 'import' },
        input: { id: text('?id') },
        output: rows('people', people),
      }),
    },
  });
}

const OPENING: Record<TestedFormat, string> = {
  soap: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Reply xmlns="urn:four">',
  xml: '<Reply>',
  csv: 'Name\r\n',
  fixedWidth: '',
};
const PERSON: Record<TestedFormat, string> = {
  soap: '<Person><Name>Sok</Name></Person>',
  xml: '<Person><Name>Sok</Name></Person>',
  csv: 'Sok\r\n',
  fixedWidth: 'Sok       \r\n',
};
const CLOSING: Record<TestedFormat, string> = {
  soap: '</Reply></s:Body></s:Envelope>',
  xml: '</Reply>',
  csv: '',
  fixedWidth: '',
};
const CONTENT_TYPE: Record<TestedFormat, string> = {
  soap: 'text/xml',
  xml: 'text/xml',
  csv: 'text/csv',
  fixedWidth: 'text/plain',
};

/** The legacy documents of a format: what a good one is made of. */
export const documentOf = (format: TestedFormat) => ({
  opening: OPENING[format],
  person: PERSON[format],
  good: OPENING[format] + PERSON[format] + CLOSING[format],
  contentType: CONTENT_TYPE[format],
});

export function goodReply(format: TestedFormat): Response {
  const { good, contentType } = documentOf(format);
  return new Response(good, { headers: { 'content-type': contentType } });
}
