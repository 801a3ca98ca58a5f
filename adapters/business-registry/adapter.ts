import {
  code,
  date,
  dateTime,
  decimal,
  defineAdapter,
  integer,
  list,
  nullable,
  operation,
  optional,
  record,
  secret,
  soap,
  text,
  usernameToken,
  variable,
} from '../../src/adapter.ts';

const registrationNumber = text('RegNo', { digits: 8, public: true, example: '00012345' });

const companyNotFound = {
  fault: 'CompanyNotFound',
  status: 404,
  title: 'No such company',
  fields: { registrationNumber },
} as const;

export const businessRegistry = defineAdapter({
  name: 'business-registry',
  title: 'Business registry',
  legacy: soap({
    endpoint: variable('BUSINESS_REGISTRY_URL'),
    namespace: 'http://registry.example.gov.kh/ws',
    auth: usernameToken(variable('BUSINESS_REGISTRY_USER'), secret('BUSINESS_REGISTRY_PASSWORD')),
  }),
  operations: {
    getCompany: operation({
      get: '/companies/{registrationNumber}',
      summary: 'One company by registration number',
      call: 'GetCompanyDetails',
      input: { registrationNumber },
      output: record('Company', {
        registrationNumber,
        nameKhmer: text('NameKh'),
        nameLatin: optional(text('NameEn')),
        status: code('Status', { A: 'active', D: 'dissolved' }),
        registeredOn: date('RegDate', { format: 'dd/MM/yyyy' }),
        capitalRiel: decimal('Capital'),
        directors: list('Directors/Director', { name: text('@name'), since: optional(date('Since')) }),
        remarks: optional(nullable(text('Remarks'))),
        phone: optional(text('Phone')),
      }),
      problems: [companyNotFound],
    }),

    findCompanies: operation({
      get: '/companies',
      summary: 'Companies whose name contains a text',
      call: 'FindCompanies',
      input: { name: text('Name', { minLength: 2, maxLength: 100, example: 'ABC' }) },
      output: record({
        companies: list('Companies/Company', {
          registrationNumber,
          nameKhmer: text('NameKh'),
          nameLatin: optional(text('NameEn')),
        }),
      }),
    }),

    submitFiling: operation({
      post: '/companies/{registrationNumber}/filings',
      summary: 'File an annual declaration',
      call: 'SubmitFiling',
      status: 201,
      input: {
        registrationNumber,
        year: integer('Year', { min: 1990, max: 2100 }),
        kind: code('Kind', { ANN: 'annual', AMD: 'amendment' }),
        turnoverRiel: decimal('Amount', { min: '0', fractionDigits: 2, example: '1250000.50' }),
        note: optional(text('Note', { maxLength: 500 })),
      },
      output: record({
        filingNumber: text('FilingNo', { public: true }),
        receivedAt: dateTime('ReceivedAt', { zone: 'Asia/Phnom_Penh' }),
      }),
      problems: [companyNotFound],
    }),
  },
});
