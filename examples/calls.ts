import type { JsonObject } from '../src/model/json.ts';

/** One call of the demonstration, and what must come of it. */
export interface DemoCall {
  readonly title: string;
  readonly adapter: 'business-registry' | 'tax-payments';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept?: string;
  readonly body?: JsonObject;
  readonly status: number;
  /** Looks at the answer's data; a text says what is not as it should be. */
  readonly check?: (data: JsonObject) => string | undefined;
}

const expect = (holds: boolean, otherwise: string): string | undefined => (holds ? undefined : otherwise);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : -1);

export const DEMO_CALLS: readonly DemoCall[] = [
  {
    title: 'A company: leading zeros, Khmer from character references, an exact capital, a date, an empty remark',
    adapter: 'business-registry',
    method: 'GET',
    path: '/companies/00012345',
    status: 200,
    check: ({ registrationNumber, capitalRiel, registeredOn, remarks }) =>
      expect(
        registrationNumber === '00012345' &&
          capitalRiel === '12345678901234567.10' &&
          registeredOn === '2009-03-01' &&
          remarks === '',
        'a value is not exact',
      ),
  },
  {
    title: 'The same, as a signed document that can be archived as it is',
    adapter: 'business-registry',
    method: 'GET',
    path: '/companies/00000007',
    accept: 'application/jose+json',
    status: 200,
    check: ({ remarks, directors }) =>
      expect(remarks === null && lengthOf(directors) === 0, 'nil or the empty list is lost'),
  },
  {
    title: 'A search that finds several companies',
    adapter: 'business-registry',
    method: 'GET',
    path: '/companies?name=Khmer',
    status: 200,
    check: ({ companies }) => expect(lengthOf(companies) === 3, 'not three companies'),
  },
  {
    title: 'A search that finds one: still a list',
    adapter: 'business-registry',
    method: 'GET',
    path: `/companies?name=${encodeURIComponent('ហាង')}`,
    status: 200,
    check: ({ companies }) => expect(lengthOf(companies) === 1, 'not a list of one'),
  },
  {
    title: 'A search that finds none: an empty list',
    adapter: 'business-registry',
    method: 'GET',
    path: '/companies?name=zz',
    status: 200,
    check: ({ companies }) => expect(lengthOf(companies) === 0, 'not an empty list'),
  },
  {
    title: 'A filing: JSON in any order becomes XML in the declared one',
    adapter: 'business-registry',
    method: 'POST',
    path: '/companies/00012345/filings',
    body: { note: 'ទីមួយ <first>', turnoverRiel: '1250000.50', kind: 'annual', year: 2024 },
    status: 201,
    check: ({ receivedAt }) => expect(receivedAt === '2025-01-31T16:59:59+07:00', 'the zone is not as declared'),
  },
  {
    title: 'An unknown company: a SOAP fault with a stack trace becomes a signed 404 without one',
    adapter: 'business-registry',
    method: 'GET',
    path: '/companies/99999999',
    status: 404,
    check: (problem) => expect(!JSON.stringify(problem).includes('java'), 'the stack trace leaked'),
  },
  {
    title: 'A required element is missing in the legacy answer: refused with field and place, never guessed',
    adapter: 'business-registry',
    method: 'GET',
    path: '/companies/90000004',
    status: 502,
    check: ({ issues }) => expect(lengthOf(issues) === 1, 'the missing field is not named'),
  },
  {
    title: 'Payments of one taxpayer out of a CSV export, in a period',
    adapter: 'tax-payments',
    method: 'GET',
    path: '/taxpayers/001234567/payments?year=2024&from=2024-01-01&to=2024-12-31',
    status: 200,
    check: ({ payments }) => expect(lengthOf(payments) === 2, 'not two payments'),
  },
  {
    title: 'One payment by number, as a compact JWS',
    adapter: 'tax-payments',
    method: 'GET',
    path: '/payments/P-000002?year=2024',
    accept: 'application/jose',
    status: 200,
    check: ({ tin, amountRiel }) => expect(tin === '009999999' && amountRiel === '10.00', 'a value is not exact'),
  },
  {
    title: 'A new payment, sent to another endpoint and in another format of the same office',
    adapter: 'tax-payments',
    method: 'POST',
    path: '/taxpayers/001234567/payments',
    body: { paidOn: '2024-12-31', amountRiel: '1500.00' },
    status: 201,
  },
  {
    title: 'A business error inside a normal answer',
    adapter: 'tax-payments',
    method: 'POST',
    path: '/taxpayers/000000000/payments',
    body: { paidOn: '2024-12-31', amountRiel: '1500.00' },
    status: 404,
  },
  {
    title: 'Bad input: every bad field is named at once, and the old system is not called',
    adapter: 'tax-payments',
    method: 'POST',
    path: '/taxpayers/12/payments',
    body: { paidOn: '31/12/2024', amountRiel: 1500, extra: true },
    status: 400,
    check: ({ issues }) => expect(lengthOf(issues) === 4, 'not all four bad fields are named'),
  },
];
